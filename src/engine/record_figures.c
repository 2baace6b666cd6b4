/* SPDX-License-Identifier: MIT */
#include "engine/record_figures.h"

#include <math.h>
#include <string.h>

#include "stats/source.h"

/* What a condition is asked about. */
struct subject {
    const struct tensor *tensor;
    const struct survey_record *record;
    int bits; /* of the ladder; 0: the scheme */
};

static double bits_of(const struct subject *subject)
{
    return subject->bits;
}

/* Of the ladder's widths or of the scheme. */
static double gap_db(const struct subject *subject)
{
    if (subject->bits == 0)
        return record_gap_db(subject->record);
    const struct record_error *error = record_error(subject->record, subject->bits);
    return error->theory_sqnr_db - error->sqnr_db;
}

static double step_over_std_median(const struct subject *subject)
{
    return subject->bits ? record_step_over_std_median(subject->record, subject->bits)
                         : subject->record->scheme.step_over_std_median;
}

static double step_over_std_max(const struct subject *subject)
{
    return subject->bits ? record_step_over_std_max(subject->record, subject->bits)
                         : subject->record->scheme.step_over_std_max;
}

static double normal_share(const struct subject *subject)
{
    return record_normal_share(subject->record);
}

static double infinite(const struct subject *subject)
{
    const struct record_audit *audit = &subject->record->audit;
    return (double)(audit->elements[1].count + audit->elements[2].count);
}

static double failed(const struct subject *subject)
{
    return subject->record->failure[0] != '\0';
}

static double rank(const struct subject *subject)
{
    return subject->tensor->rank;
}

enum figure_type { NUMBER, COUNT, TRUTH, COMPUTED, NAME, DTYPE, FAMILY };

#define NO_WIDTH SIZE_MAX

struct figure {
    const char *name, *short_name;
    enum figure_type type;
    unsigned part; /* without it the figure is not defined */
    size_t offset; /* in the record */
    size_t width;  /* in the ladder's record of a width, or NO_WIDTH: the same at all of them */
    double (*compute)(const struct subject *subject);
};

/* clang-format off */
#define OF(name, short_name, type, part, member) \
    { name, short_name, type, RECORD_##part, offsetof(struct survey_record, member), NO_WIDTH, \
      NULL }
#define BOTH(name, short_name, member, width) \
    { name, short_name, NUMBER, 0, offsetof(struct survey_record, scheme.member), \
      offsetof(struct record_error, width), NULL }
#define SCHEME(name, member) OF(name, NULL, NUMBER, SCHEME, scheme.member)
#define BY(name, short_name, part, compute) \
    { name, short_name, COMPUTED, part, 0, NO_WIDTH, compute }

static const struct figure figures[] = {
    { "name", NULL, NAME, 0, 0, NO_WIDTH, NULL },
    { "dtype", "type", DTYPE, 0, 0, NO_WIDTH, NULL },
    { "family", NULL, FAMILY, RECORD_SLOW, 0, NO_WIDTH, NULL },
    BY("bits", NULL, 0, bits_of),
    BY("rank", NULL, 0, rank),
    { "vector", NULL, TRUTH, 0, offsetof(struct survey_record, vector), NO_WIDTH, NULL },
    BY("failed", NULL, 0, failed),
    OF("channels", NULL, COUNT, FAST, weights.channels),
    OF("elements", NULL, COUNT, FAST, weights.elements),
    OF("nonfinite", NULL, COUNT, FAST, weights.nonfinite),
    OF("mean", NULL, NUMBER, FAST, weights.mean),
    OF("std", NULL, NUMBER, FAST, weights.std),
    OF("skewness", "skew", NUMBER, FAST, weights.skewness),
    OF("excess_kurtosis", "kurt", NUMBER, FAST, weights.excess_kurtosis),
    OF("min", NULL, NUMBER, FAST, weights.min),
    OF("max", NULL, NUMBER, FAST, weights.max),
    OF("abs_max", NULL, NUMBER, FAST, weights.abs_max),
    OF("abs_max_over_std", "tails", NUMBER, FAST, weights.abs_max_over_std),
    OF("abs_max_over_std_median", NULL, NUMBER, FAST, weights.abs_max_over_std_median),
    OF("abs_max_expected", NULL, NUMBER, FAST, weights.abs_max_expected),
    BY("normal_share", "normal", RECORD_SLOW, normal_share),
    OF("ks_gaussian", NULL, NUMBER, SLOW, normality.ks_gaussian),
    OF("ks_laplace", NULL, NUMBER, SLOW, normality.ks_laplace),
    OF("outliers_6sigma", "outliers", COUNT, SLOW, outliers.count[0]),
    OF("nan", NULL, COUNT, SLOW, audit.elements[0].count),
    BY("inf", NULL, RECORD_SLOW, infinite),
    OF("denormal", NULL, COUNT, SLOW, audit.elements[3].count),
    OF("zero_channels", NULL, COUNT, SLOW, audit.zero.count),
    OF("constant_channels", NULL, COUNT, SLOW, audit.constant.count),
    OF("duplicate_channels", NULL, COUNT, SLOW, audit.duplicate.count),
    OF("dead", NULL, TRUTH, SLOW, audit.dead),
    BOTH("sqnr_db", "sqnr", sqnr_db, sqnr_db),
    BOTH("theory_sqnr_db", "theory_sqnr", theory_sqnr_db, theory_sqnr_db),
    BY("gap_db", "gap", 0, gap_db),
    BY("step_over_std_median", NULL, 0, step_over_std_median),
    BY("step_over_std_max", "q_over_std", 0, step_over_std_max),
    BOTH("error_mean", NULL, error_mean, mean),
    BOTH("error_std", NULL, error_std, std),
    BOTH("error_mse", "mse", error_mse, mse),
    BOTH("error_abs_max", NULL, error_abs_max, abs_max),
    BOTH("theory_error_mean", NULL, theory_error_mean, theory_mean),
    BOTH("theory_error_std", NULL, theory_error_std, theory_std),
    BOTH("pqn_error_std", NULL, pqn_error_std, pqn_std),
    SCHEME("clipped_share", clipped_share),
    SCHEME("bits_per_weight", bits_per_weight),
};
/* clang-format on */

#define FIGURES (sizeof figures / sizeof *figures)

static bool is_called(const char *figure, const char *name, size_t length)
{
    return figure && strlen(figure) == length && memcmp(figure, name, length) == 0;
}

static int find(const char *name, size_t length, bool *string)
{
    for (size_t i = 0; i < FIGURES; i++) {
        if (!is_called(figures[i].name, name, length) &&
            !is_called(figures[i].short_name, name, length))
            continue;
        *string = figures[i].type >= NAME;
        return (int)i;
    }
    return -1;
}

const struct expression_names record_figure_names = {find};

const char *record_figure_name(size_t index, const char **short_name)
{
    if (index >= FIGURES)
        return NULL;
    *short_name = figures[index].short_name;
    return figures[index].name;
}

static double number_of(void *user, int index)
{
    const struct subject *subject = user;
    const struct figure *figure = &figures[index];
    const char *record = (const char *)subject->record;
    const void *at = record + figure->offset;
    if ((subject->record->parts & figure->part) != figure->part)
        return NAN;
    if (figure->width != NO_WIDTH && subject->bits)
        at = (const char *)record_error(subject->record, subject->bits) + figure->width;
    switch (figure->type) {
    case NUMBER:
        return *(const double *)at;
    case COUNT:
        return (double)*(const uint64_t *)at;
    case TRUTH:
        return *(const bool *)at;
    default:
        return figure->compute(subject);
    }
}

static const char *string_of(void *user, int index)
{
    const struct subject *subject = user;
    const struct record_normality *normality = &subject->record->normality;
    switch (figures[index].type) {
    case NAME:
        return subject->tensor->label;
    case DTYPE:
        return subject->tensor->dtype_name;
    default:
        if (!(subject->record->parts & RECORD_SLOW) || isnan(normality->ks_gaussian))
            return NULL;
        return normality->laplace ? source_laplace.name : source_gaussian.name;
    }
}

bool record_meets(const struct expression *condition, const struct tensor *tensor,
                  const struct survey_record *record, int *bits)
{
    bool string;
    struct subject subject = {tensor, record, 0};
    const struct expression_figures lookup = {&subject, number_of, string_of};
    *bits = 0;
    if (!expression_mentions(condition, find("bits", 4, &string)))
        return expression_holds(condition, &lookup);
    /* No width holds anything without the fast pass. */
    for (int width = RECORD_BITS_LEAST; width <= RECORD_BITS_MOST; width++) {
        subject.bits = *bits = width;
        if ((record->parts & RECORD_FAST) && expression_holds(condition, &lookup))
            return true;
    }
    return false;
}
