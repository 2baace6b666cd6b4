/* SPDX-License-Identifier: MIT */
#include "engine/record_layout.h"

#include <string.h>

/* clang-format off */
#define AT(type, member) offsetof(struct type, member)
#define LEAF(type, kind_, name_, member) \
    { .name = name_, .kind = LAYOUT_##kind_, .offset = AT(type, member) }
#define PART(kind_, name_, member, part_)                                        \
    { .name = name_, .kind = LAYOUT_##kind_, .offset = AT(survey_record, member), \
      .part = RECORD_##part_ }
#define FAST(kind, name, member)   PART(kind, name, member, FAST)
#define SLOW(kind, name, member)   PART(kind, name, member, SLOW)
#define SCHEME(kind, name, member) PART(kind, name, member, SCHEME)
#define END { .name = NULL }

static const struct layout number[] = { { .name = "", .kind = LAYOUT_NUMBER }, END };
static const struct layout count[] = { { .name = "", .kind = LAYOUT_COUNT }, END };
static const struct layout count32[] = { { .name = "", .kind = LAYOUT_COUNT32 }, END };

static const struct layout fit[] = {
    LEAF(regression, COUNT, "n", n),
    LEAF(regression, NUMBER, "mean_x", mean_x),
    LEAF(regression, NUMBER, "mean_y", mean_y),
    LEAF(regression, NUMBER, "xx", xx),
    LEAF(regression, NUMBER, "yy", yy),
    LEAF(regression, NUMBER, "xy", xy),
    LEAF(regression, NUMBER, "residual", residual),
    END
};

#define FIT(name_, member) \
    { .name = name_, .kind = LAYOUT_OBJECT, .offset = AT(record_error, member), .members = fit }

static const struct layout width[] = {
    LEAF(record_error, NUMBER, "error_mean", mean),
    LEAF(record_error, NUMBER, "error_std", std),
    LEAF(record_error, NUMBER, "error_mse", mse),
    LEAF(record_error, NUMBER, "error_abs_max", abs_max),
    LEAF(record_error, NUMBER, "theory_error_mean", theory_mean),
    LEAF(record_error, NUMBER, "theory_error_std", theory_std),
    LEAF(record_error, NUMBER, "pqn_error_std", pqn_std),
    LEAF(record_error, NUMBER, "sqnr_db", sqnr_db),
    LEAF(record_error, NUMBER, "theory_sqnr_db", theory_sqnr_db),
    LEAF(record_error, COUNT, "wide_channels", wide_channels),
    FIT("std_fit", std_fit[RECORD_ALL]),
    FIT("std_fit_normal", std_fit[RECORD_NORMAL]),
    FIT("mean_fit", mean_fit[RECORD_ALL]),
    FIT("mean_fit_normal", mean_fit[RECORD_NORMAL]),
    END
};
static const struct layout widths[] = {
    { .name = "", .kind = LAYOUT_OBJECT, .members = width }, END
};

static const struct layout line[] = {
    LEAF(record_line, COUNT, "hit", hit),
    LEAF(record_line, COUNT, "index", index),
    LEAF(record_line, COUNT, "count", count),
    END
};
static const struct layout outlier[] = {
    LEAF(record_outlier, COUNT, "channel", channel),
    LEAF(record_outlier, COUNT, "column", column),
    LEAF(record_outlier, NUMBER, "value", value),
    LEAF(record_outlier, NUMBER, "sigmas", sigmas),
    LEAF(record_outlier, NUMBER, "channel_sigmas", channel_sigmas),
    END
};
static const struct layout outlier_rows[] = {
    { .name = "", .kind = LAYOUT_OBJECT, .members = outlier }, END
};
static const struct layout outliers[] = {
    { .name = "limit", .kind = LAYOUT_LIST, .offset = AT(record_outliers, limit),
      .members = number, .most = RECORD_OUTLIER_RULES, .stride = sizeof(double) },
    { .name = "count", .kind = LAYOUT_LIST, .offset = AT(record_outliers, count),
      .members = count, .most = RECORD_OUTLIER_RULES, .stride = sizeof(uint64_t) },
    { .name = "row", .kind = LAYOUT_OBJECT, .offset = AT(record_outliers, row), .members = line },
    { .name = "column", .kind = LAYOUT_OBJECT, .offset = AT(record_outliers, column),
      .members = line },
    { .name = "worst", .kind = LAYOUT_LIST, .offset = AT(record_outliers, worst),
      .members = outlier_rows, .most = RECORD_WORST, .stride = sizeof(struct record_outlier),
      .counted = true, .counter = AT(record_outliers, listed) },
    END
};

static const struct layout place[] = {
    { .name = "channel", .kind = LAYOUT_COUNT },
    { .name = "column", .kind = LAYOUT_COUNT,
      .offset = AT(record_elements, place[0].column) - AT(record_elements, place[0]) },
    END
};
static const struct layout places[] = {
    { .name = "", .kind = LAYOUT_OBJECT, .members = place }, END
};
static const struct layout elements[] = {
    LEAF(record_elements, COUNT, "count", count),
    { .name = "first", .kind = LAYOUT_LIST, .offset = AT(record_elements, place), .members = places,
      .most = RECORD_PLACES,
      .stride = sizeof ((struct record_elements *)0)->place[0],
      .counted = true, .counter = AT(record_elements, listed) },
    END
};
static const struct layout lines[] = {
    LEAF(record_lines, COUNT, "count", count),
    { .name = "first", .kind = LAYOUT_LIST, .offset = AT(record_lines, channel), .members = count,
      .most = RECORD_PLACES, .stride = sizeof(uint64_t),
      .counted = true, .counter = AT(record_lines, listed) },
    END
};
static const struct layout twins[] = {
    LEAF(record_lines, COUNT, "count", count),
    { .name = "first", .kind = LAYOUT_LIST, .offset = AT(record_lines, channel), .members = count,
      .most = RECORD_PLACES, .stride = sizeof(uint64_t),
      .counted = true, .counter = AT(record_lines, listed) },
    { .name = "same_as", .kind = LAYOUT_LIST, .offset = AT(record_lines, same_as),
      .members = count, .most = RECORD_PLACES, .stride = sizeof(uint64_t),
      .counted = true, .counter = AT(record_lines, listed) },
    END
};

#define AUDIT(name_, member, table) \
    { .name = name_, .kind = LAYOUT_OBJECT, .offset = AT(record_audit, member), .members = table }

static const struct layout audit[] = {
    AUDIT("nan", elements[0], elements),
    AUDIT("plus_inf", elements[1], elements),
    AUDIT("minus_inf", elements[2], elements),
    AUDIT("denormal", elements[3], elements),
    AUDIT("zero", zero, lines),
    AUDIT("constant", constant, lines),
    AUDIT("duplicate", duplicate, twins),
    LEAF(record_audit, TRUTH, "dead", dead),
    LEAF(record_audit, NUMBER, "dead_value", dead_value),
    END
};

#define FLAG(name_, flag_)                                                             \
    { .name = name_, .kind = LAYOUT_FLAG, .offset = AT(survey_record, parts), .flag = flag_ }

const struct layout record_layout[] = {
    FLAG("fast_pass", RECORD_FAST),
    FLAG("slow_pass", RECORD_SLOW),
    FLAG("scheme_pass", RECORD_SCHEME),
    { .name = "failure", .kind = LAYOUT_TEXT, .offset = AT(survey_record, failure),
      .most = sizeof ((struct survey_record *)0)->failure },
    LEAF(survey_record, TRUTH, "vector", vector),
    FAST(COUNT, "channels", weights.channels),
    FAST(COUNT, "elements", weights.elements),
    FAST(COUNT, "nonfinite", weights.nonfinite),
    FAST(NUMBER, "mean", weights.mean),
    FAST(NUMBER, "std", weights.std),
    FAST(NUMBER, "skewness", weights.skewness),
    FAST(NUMBER, "excess_kurtosis", weights.excess_kurtosis),
    FAST(NUMBER, "min", weights.min),
    FAST(NUMBER, "max", weights.max),
    FAST(NUMBER, "abs_max", weights.abs_max),
    FAST(NUMBER, "abs_max_over_std_median", weights.abs_max_over_std_median),
    FAST(NUMBER, "abs_max_over_std", weights.abs_max_over_std),
    FAST(NUMBER, "abs_max_expected", weights.abs_max_expected),
    FAST(COUNT, "worst_channel", weights.worst_channel),
    SLOW(COUNT, "tested_channels", normality.tested),
    SLOW(COUNT, "normal_channels", normality.normal),
    SLOW(NUMBER, "ks_gaussian", normality.ks_gaussian),
    SLOW(NUMBER, "ks_laplace", normality.ks_laplace),
    SLOW(TRUTH, "laplace", normality.laplace),
    SCHEME(NUMBER, "error_mean", scheme.error_mean),
    SCHEME(NUMBER, "error_std", scheme.error_std),
    SCHEME(NUMBER, "error_mse", scheme.error_mse),
    SCHEME(NUMBER, "error_abs_max", scheme.error_abs_max),
    SCHEME(NUMBER, "clipped_share", scheme.clipped_share),
    SCHEME(NUMBER, "theory_error_mean", scheme.theory_error_mean),
    SCHEME(NUMBER, "theory_error_std", scheme.theory_error_std),
    SCHEME(NUMBER, "pqn_error_std", scheme.pqn_error_std),
    SCHEME(NUMBER, "sqnr_db", scheme.sqnr_db),
    SCHEME(NUMBER, "theory_sqnr_db", scheme.theory_sqnr_db),
    SCHEME(NUMBER, "step_over_std_median", scheme.step_over_std_median),
    SCHEME(NUMBER, "step_over_std_max", scheme.step_over_std_max),
    SCHEME(NUMBER, "bits_per_weight", scheme.bits_per_weight),
    { .name = "outliers", .kind = LAYOUT_OBJECT, .offset = AT(survey_record, outliers),
      .members = outliers, .part = RECORD_SLOW },
    { .name = "audit", .kind = LAYOUT_OBJECT, .offset = AT(survey_record, audit),
      .members = audit, .part = RECORD_SLOW },
    /* From RECORD_BITS_LEAST bits on. */
    { .name = "bits", .kind = LAYOUT_LIST, .offset = AT(survey_record, error), .members = widths,
      .most = RECORD_WIDTHS, .stride = sizeof(struct record_error), .part = RECORD_FAST },
    { .name = "ratio", .kind = LAYOUT_LIST, .offset = AT(survey_record, weights.ratio),
      .members = count32, .most = RECORD_RATIOS, .stride = sizeof(uint32_t),
      .part = RECORD_FAST },
    END
};
/* clang-format on */

/* Sums that are empty are zero, not undefined. */
void record_clear(struct survey_record *record)
{
    layout_clear(record_layout, record, sizeof *record);
    for (size_t i = 0; i < RECORD_WIDTHS; i++) {
        memset(record->error[i].std_fit, 0, sizeof record->error[i].std_fit);
        memset(record->error[i].mean_fit, 0, sizeof record->error[i].mean_fit);
    }
}
