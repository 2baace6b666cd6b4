/* SPDX-License-Identifier: MIT */
#include "engine/reasons.h"

#include <math.h>

#include "stats/source.h"

/* Elements of which nothing but the count is worth telling. */
#define FEW 32

/* A mean of so many standard deviations is a shift. */
#define SHIFT 2.0

/* The factor above Gaussian draws at which the median channel has heavy tails (1.2 dB), and at
 * which an element stands out (3.5 dB). */
#define TAILS     1.15
#define STAND_OUT 1.5

/* Elements that reach this share of the largest one are its like; of a lone outlier there are at
 * most so many. */
#define ALIKE      0.6
#define ALIKE_MOST 2

/* What a row or column must hold of the largest elements to be the cause, at least. */
#define LINE_SHARE 0.4
#define LINE_LEAST 3

/* Loss below which a channel is as Gaussian ones are, in decibels. */
#define LOSS_LEAST 1.0

static void add(struct reasons *reasons, struct reason reason)
{
    if (reasons->count < REASONS_MOST)
        reasons->list[reasons->count++] = reason;
}

static double expected_of_all(const struct survey_record *record)
{
    return source_gaussian_maximum_median((double)record->weights.elements);
}

static double amplitude_decibels(double ratio)
{
    return 20 * log10(ratio);
}

static double find_loss(const struct survey_record *record)
{
    const struct record_weights *weights = &record->weights;
    double worst = amplitude_decibels(weights->abs_max_over_std / expected_of_all(record));
    double median = amplitude_decibels(weights->abs_max_over_std_median / weights->abs_max_expected);
    return fmax(worst, median);
}

static void find_not_finite(struct reasons *reasons, const struct survey_record *record)
{
    const struct record_audit *audit = &record->audit;
    uint64_t count = record->weights.nonfinite;
    if (count == 0)
        return;
    struct reason reason = {.code = REASON_NOT_FINITE, .count = count, .of = 0};
    for (size_t kind = 0; kind < 3; kind++) {
        const struct record_elements *elements = &audit->elements[kind];
        if (elements->listed == 0 || reason.of > 0)
            continue;
        reason.channel = elements->place[0].channel;
        reason.column = elements->place[0].column;
        reason.of = kind + 1; /* NaN, +inf, -inf */
    }
    add(reasons, reason);
}

/* What 15 steps from the smallest to the largest, with 0, gain over 7 on each side. */
static double asymmetric_gain(const struct record_weights *weights)
{
    double symmetric = weights->abs_max / 7;
    double asymmetric = (fmax(weights->max, 0) - fmin(weights->min, 0)) / 15;
    return amplitude_decibels(symmetric / asymmetric);
}

static bool is_shifted(const struct record_weights *weights)
{
    return fabs(weights->mean) > SHIFT * weights->std && weights->std > 0;
}

static void find_shift(struct reasons *reasons, const struct record_weights *weights)
{
    if (is_shifted(weights))
        add(reasons, (struct reason){.code = REASON_SHIFTED,
                                     .value = weights->mean,
                                     .reference = weights->std,
                                     .gain_db = asymmetric_gain(weights)});
}

/* Of the listed elements, how many stand out. */
static uint32_t standing_out(const struct survey_record *record)
{
    const struct record_outliers *outliers = &record->outliers;
    double least = expected_of_all(record);
    uint32_t n = 0;
    while (n < outliers->listed && outliers->worst[n].sigmas > least)
        n++;
    return n;
}

static bool find_lone(struct reasons *reasons, const struct survey_record *record, uint32_t n)
{
    const struct record_outlier *worst = record->outliers.worst;
    if (n == 0 || worst[0].sigmas < STAND_OUT * expected_of_all(record))
        return false;
    uint32_t alike = 1;
    while (alike < n && worst[alike].sigmas > ALIKE * worst[0].sigmas)
        alike++;
    if (alike > ALIKE_MOST)
        return false;
    add(reasons, (struct reason){.code = REASON_LONE_OUTLIER,
                                 .channel = worst[0].channel,
                                 .column = worst[0].column,
                                 .count = alike,
                                 .value = worst[0].value,
                                 .sigmas = worst[0].sigmas});
    return true;
}

/* The column, or the channel, that holds most of the first n elements, and how many. */
static uint64_t most_common(const struct record_outliers *outliers, uint32_t n, bool column,
                            uint64_t *count)
{
    uint64_t common = 0;
    *count = 0;
    for (uint32_t i = 0; i < n; i++) {
        uint64_t line = column ? outliers->worst[i].column : outliers->worst[i].channel, same = 0;
        for (uint32_t j = 0; j < n; j++)
            same += line == (column ? outliers->worst[j].column : outliers->worst[j].channel);
        if (same > *count) {
            *count = same;
            common = line;
        }
    }
    return common;
}

/* Rows or columns must be many more than the elements that are looked at, or one will hold several
 * by chance. */
static bool find_line(struct reasons *reasons, const struct survey_record *record, uint32_t n,
                      bool column)
{
    const struct record_weights *weights = &record->weights;
    uint64_t lines = column ? weights->elements / weights->channels : weights->channels;
    uint64_t count, line = most_common(&record->outliers, n, column, &count);
    if (count < LINE_LEAST || (double)count < LINE_SHARE * n || lines < 8)
        return false;
    add(reasons, (struct reason){.code = column ? REASON_OUTLIER_COLUMN : REASON_OUTLIER_ROW,
                                 .channel = column ? 0 : line,
                                 .column = column ? line : 0,
                                 .count = count,
                                 .of = n,
                                 .sigmas = record->outliers.worst[0].sigmas});
    return true;
}

static bool find_tails(struct reasons *reasons, const struct survey_record *record)
{
    const struct record_weights *weights = &record->weights;
    if (!(weights->abs_max_over_std_median > TAILS * weights->abs_max_expected))
        return false;
    add(reasons,
        (struct reason){.code = record->normality.laplace ? REASON_LAPLACE : REASON_HEAVY_TAILS,
                        .value = weights->abs_max_over_std_median,
                        .reference = weights->abs_max_expected});
    return true;
}

/* Where large weights come from.  A row of large weights has a grid of its own, and no loss by that
 * alone. */
static void find_outliers(struct reasons *reasons, const struct survey_record *record)
{
    const struct record_weights *weights = &record->weights;
    uint32_t n = standing_out(record);
    bool told = find_lone(reasons, record, n);
    if (!told && !record->vector)
        told = find_line(reasons, record, n, true) ||
               (reasons->loss_db > LOSS_LEAST && find_line(reasons, record, n, false));
    bool column = told && reasons->list[reasons->count - 1].code == REASON_OUTLIER_COLUMN;
    if (!column && find_tails(reasons, record))
        told = true;
    if (!told && reasons->loss_db > LOSS_LEAST)
        add(reasons, (struct reason){.code = REASON_WORST_CHANNEL,
                                     .channel = weights->worst_channel,
                                     .value = weights->abs_max_over_std,
                                     .reference = expected_of_all(record)});
}

static void find_lines(struct reasons *reasons, enum reason_code code,
                       const struct record_lines *lines)
{
    if (lines->count > 0)
        add(reasons, (struct reason){.code = code,
                                     .count = lines->count,
                                     .channel = lines->channel[0],
                                     .same_as = lines->same_as[0]});
}

struct reasons reasons_find(const struct survey_record *record)
{
    const struct record_weights *weights = &record->weights;
    const struct record_audit *audit = &record->audit;
    struct reasons reasons = {.loss_db = NAN};
    if (!(record->parts & RECORD_FAST) || weights->channels == 0)
        return reasons;
    find_not_finite(&reasons, record);
    if (audit->dead) {
        add(&reasons, (struct reason){.code = REASON_DEAD, .value = audit->dead_value});
    } else if (weights->elements < FEW) {
        add(&reasons, (struct reason){.code = REASON_FEW, .count = weights->elements});
    } else {
        reasons.loss_db = find_loss(record);
        find_shift(&reasons, weights);
        if (!is_shifted(weights))
            find_outliers(&reasons, record);
    }
    find_lines(&reasons, REASON_ZERO_CHANNELS, &audit->zero);
    find_lines(&reasons, REASON_CONSTANT_CHANNELS, &audit->constant);
    find_lines(&reasons, REASON_DUPLICATE_CHANNELS, &audit->duplicate);
    return reasons;
}

/* Elements that are not finite weigh more than any loss, channels that do nothing a little. */
static double weight_of(const struct reasons *reasons)
{
    if (reasons->count == 0)
        return -INFINITY;
    if (reasons->list[0].code == REASON_NOT_FINITE)
        return INFINITY;
    return isnan(reasons->loss_db) ? 0 : reasons->loss_db;
}

int reasons_compare(const struct reasons *a, const struct reasons *b)
{
    double first = weight_of(a), second = weight_of(b);
    return (first < second) - (first > second);
}
