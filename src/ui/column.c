/* SPDX-License-Identifier: MIT */
#include "ui/column.h"

#include <math.h>
#include <string.h>

#include "engine/outlier_limits.h"
#include "quant/theory.h"
#include "stats/source.h"

static double report_sqnr(const struct report *report)
{
    return report->figures.sqnr_db;
}

static double report_theory(const struct report *report)
{
    return report->figures.theory_sqnr_db;
}

static double report_gap(const struct report *report)
{
    return report->figures.theory_sqnr_db - report->figures.sqnr_db;
}

static double report_ratio(const struct report *report)
{
    return report->figures.step_over_std_max;
}

static double report_ratio_median(const struct report *report)
{
    return report->figures.step_over_std_median;
}

static double report_error(const struct report *report)
{
    return report->figures.error_std / report->figures.theory_error_std;
}

static double report_kurtosis(const struct report *report)
{
    return report->figures.excess_kurtosis;
}

static double report_peak(const struct report *report)
{
    return report->figures.abs_max_over_std;
}

static double report_excess(const struct report *report)
{
    return report->figures.abs_max_over_std / report->figures.abs_max_expected;
}

static double report_normal(const struct report *report)
{
    return report->normality ? 100 * report->normality->share : (double)NAN;
}

static double report_family(const struct report *report)
{
    const struct family *family = report->family;
    return family && !isnan(family->ks_gaussian) ? (double)family->laplace : (double)NAN;
}

static double report_outliers(const struct report *report)
{
    return report->spread ? (double)report->spread->outliers : (double)NAN;
}

static double report_nonfinite(const struct report *report)
{
    return (double)report->figures.nonfinite;
}

/* What a part of a record that is not there would say. */
static double if_part(const struct survey_record *record, unsigned part, double value)
{
    return record->parts & part ? value : (double)NAN;
}

static double record_sqnr(const struct survey_record *record)
{
    return if_part(record, RECORD_SCHEME, record->scheme.sqnr_db);
}

static double record_theory(const struct survey_record *record)
{
    return if_part(record, RECORD_SCHEME, record->scheme.theory_sqnr_db);
}

static double record_gap(const struct survey_record *record)
{
    return if_part(record, RECORD_SCHEME, record_gap_db(record));
}

static double record_ratio(const struct survey_record *record)
{
    return if_part(record, RECORD_SCHEME, record->scheme.step_over_std_max);
}

static double record_ratio_median(const struct survey_record *record)
{
    return if_part(record, RECORD_SCHEME, record->scheme.step_over_std_median);
}

static double record_error_ratio(const struct survey_record *record)
{
    return if_part(record, RECORD_SCHEME,
                   record->scheme.error_std / record->scheme.theory_error_std);
}

static double record_kurtosis(const struct survey_record *record)
{
    return if_part(record, RECORD_FAST, record->weights.excess_kurtosis);
}

static double record_peak(const struct survey_record *record)
{
    return if_part(record, RECORD_FAST, record->weights.abs_max_over_std);
}

static double record_excess(const struct survey_record *record)
{
    const struct record_weights *weights = &record->weights;
    return if_part(record, RECORD_FAST, weights->abs_max_over_std / weights->abs_max_expected);
}

static double record_normal(const struct survey_record *record)
{
    return if_part(record, RECORD_SLOW, 100 * record_normal_share(record));
}

static double record_family(const struct survey_record *record)
{
    const struct record_normality *normality = &record->normality;
    return isnan(normality->ks_gaussian) ? (double)NAN
                                         : if_part(record, RECORD_SLOW, normality->laplace);
}

static double record_outliers(const struct survey_record *record)
{
    return if_part(record, RECORD_SLOW, (double)record->outliers.count[OUTLIER_SIGMA]);
}

static double record_nonfinite(const struct survey_record *record)
{
    return if_part(record, RECORD_FAST, (double)record->weights.nonfinite);
}

/* A whole decibel is a fifth of a bit. */
static bool is_short(double decibels)
{
    return decibels > 1;
}

static bool strains_pqn(double ratio)
{
    const struct source unit = {.type = &source_gaussian, .std = 1};
    return ratio > 0 && theory_pqn_verdict(theory_pqn_deviation(&unit, ratio)) != PQN_HOLDS;
}

/* The error is a tenth off what theory says. */
static bool disagrees(double quotient)
{
    return fabs(quotient - 1) > 0.1;
}

/* Tails heavier than those of a Laplace density. */
static bool has_tails(double kurtosis)
{
    return kurtosis > 3;
}

/* A step twice as coarse as Gaussian weights would need: one bit. */
static bool costs_a_bit(double quotient)
{
    return quotient > 2;
}

static bool is_any(double count)
{
    return count > 0;
}

/* clang-format off */
const struct column_type column_types[COLUMN_COUNT] = {
    [COLUMN_NAME] = { "name", "", NULL, "the tree", 0, FORMAT_COUNT, false, BASIS_FILE, GATHER_SUM,
                      NULL, NULL, NULL },
    [COLUMN_SIZE] = { "size", "size", NULL, "elements", 9, FORMAT_COUNT, false, BASIS_FILE,
                      GATHER_SUM, NULL, NULL, NULL },
    [COLUMN_SQNR] = { "sqnr", "SQNR", NULL, "measured, in decibels", 7, FORMAT_TENTHS, true,
                      BASIS_SCHEME, GATHER_WORST, report_sqnr, record_sqnr, NULL },
    [COLUMN_THEORY] = { "theory", "theory", NULL, "the SQNR that theory expects", 8,
                        FORMAT_TENTHS, true, BASIS_BELIEF, GATHER_WORST, report_theory,
                        record_theory, NULL },
    [COLUMN_GAP] = { "gap", "gap", NULL, "decibels below what theory expects", 7,
                     FORMAT_HUNDREDTHS, false, BASIS_BELIEF, GATHER_WORST, report_gap, record_gap,
                     is_short },
    [COLUMN_RATIO] = { "ratio", "q/σ", "q/std", "q over std of the worst channel", 7,
                       FORMAT_HUNDREDTHS, false, BASIS_SCHEME, GATHER_WORST, report_ratio,
                       record_ratio, strains_pqn },
    [COLUMN_RATIO_MEDIAN] = { "median-ratio", "med q/σ", "med q/s", "q over std, the median", 9,
                              FORMAT_HUNDREDTHS, false, BASIS_SCHEME, GATHER_WORST,
                              report_ratio_median, record_ratio_median, strains_pqn },
    [COLUMN_ERROR] = { "error", "e/theo", NULL, "std of the error over what theory expects", 8,
                       FORMAT_HUNDREDTHS, false, BASIS_BELIEF, GATHER_WORST, report_error,
                       record_error_ratio, disagrees },
    [COLUMN_KURTOSIS] = { "kurtosis", "kurt", NULL, "excess kurtosis, 0 for a Gaussian", 7,
                          FORMAT_TENTHS, false, BASIS_WEIGHTS, GATHER_WORST, report_kurtosis,
                          record_kurtosis, has_tails },
    [COLUMN_PEAK] = { "peak", "max/σ", "max/s", "max |w| over the channel's std", 7,
                      FORMAT_TENTHS, false, BASIS_WEIGHTS, GATHER_WORST, report_peak, record_peak,
                      NULL },
    [COLUMN_EXCESS] = { "excess", "x exp", NULL, "that peak over a Gaussian channel's", 7,
                        FORMAT_HUNDREDTHS, false, BASIS_WEIGHTS, GATHER_WORST, report_excess,
                        record_excess, costs_a_bit },
    [COLUMN_NORMAL] = { "normal", "norm%", NULL, "percentage of normal channels", 7, FORMAT_WHOLE,
                        true, BASIS_WEIGHTS, GATHER_MEAN, report_normal, record_normal, NULL },
    [COLUMN_FAMILY] = { "family", "family", NULL, "Gaussian 0, Laplace 1", 9, FORMAT_FAMILY,
                        false, BASIS_WEIGHTS, GATHER_MEAN, report_family, record_family, NULL },
    [COLUMN_OUTLIERS] = { "outliers", ">6σ", ">6 s", "elements beyond 6 std", 9, FORMAT_COUNT,
                          false, BASIS_WEIGHTS, GATHER_SUM, report_outliers, record_outliers,
                          NULL },
    [COLUMN_NONFINITE] = { "nonfinite", "NaN", NULL, "elements that are NaN or infinite", 8,
                           FORMAT_COUNT, false, BASIS_WEIGHTS, GATHER_SUM, report_nonfinite,
                           record_nonfinite, is_any },
};
/* clang-format on */

bool column_parse(const char *name, size_t length, enum column *column, struct error *error)
{
    int found = 0;
    for (int i = 0; i < COLUMN_COUNT; i++) {
        if (length == 0 || strncmp(column_types[i].name, name, length) != 0)
            continue;
        *column = (enum column)i;
        if (strlen(column_types[i].name) == length)
            return true;
        found++;
    }
    if (found == 1)
        return true;
    struct text names = {0};
    for (int i = 0; i < COLUMN_COUNT; i++)
        text_printf(&names, "%s%s", i ? ", " : "", column_types[i].name);
    error_set(error, ERROR_USAGE, "columns are %s", names.data);
    text_done(&names);
    return false;
}

static void print_family(struct text *out, double laplace)
{
    text_puts(out, laplace == 0 ? "Gauss" : laplace == 1 ? "Laplace" : "mixed");
}

/* Without a minus before a zero. */
static void print_fixed(struct text *out, double value, int decimals)
{
    const double half = decimals == 1 ? 0.05 : 0.005;
    text_printf(out, "%.*f", decimals, fabs(value) < half ? 0 : value);
}

void column_print(struct text *out, enum column column, double value)
{
    char count[TEXT_NUMBER];
    const enum column_format format = column_types[column].format;
    if (isnan(value))
        return;
    if (format == FORMAT_COUNT)
        text_puts(out, text_count(count, (uint64_t)value));
    else if (format == FORMAT_FAMILY)
        print_family(out, value);
    else if (format == FORMAT_WHOLE)
        text_printf(out, "%.0f", value);
    else if (fabs(value) < 999.5)
        print_fixed(out, value, format == FORMAT_TENTHS || fabs(value) >= 99.5 ? 1 : 2);
    else
        text_printf(out, "%.0e", value);
}
