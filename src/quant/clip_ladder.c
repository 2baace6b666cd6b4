/* SPDX-License-Identifier: MIT */
#include "quant/clip_sample.h"

#include <assert.h>
#include <math.h>

#include "base/mem.h"

void clip_ladder_make(struct clip_ladder *ladder, const struct clip_sample *sample,
                      const struct clip_grids *grids)
{
    const size_t n = grids->n;
    assert(n >= 1);
    ladder->n = n;
    ladder->level = mem_alloc(2 * n, sizeof *ladder->level);
    ladder->threshold = ladder->level + n;
    ladder->reach = 1;
    grids->levels(grids->context, 1, ladder->level);
    for (size_t i = 0; i < n; i++)
        ladder->level[i] /= sample->unit;
    for (size_t i = 0; i + 1 < n; i++) {
        const double low = ladder->level[i], high = ladder->level[i + 1];
        ladder->threshold[i] = low + (high - low) / 2;
        if (fabs(ladder->threshold[i]) > ladder->reach * (high - low) && high > low)
            ladder->reach = fabs(ladder->threshold[i]) / (high - low);
    }
    ladder->reach = fmin(ladder->reach, (double)n);
}

void clip_ladder_done(struct clip_ladder *ladder)
{
    mem_free(ladder->level);
}

/* As if all values were at the level of 0, and then away from it by a level for each threshold that
 * they are beyond: one look-up a threshold, and no sums larger than the result. */
struct clip_fit clip_ladder_fit(const struct clip_ladder *ladder, const struct clip_sample *sample,
                                double factor)
{
    const double *level = ladder->level, *threshold = ladder->threshold;
    const struct clip_sums total = clip_sample_total(sample);
    double product = 0, square = 0, center = level[0];
    for (size_t i = 0; i + 1 < ladder->n; i++) {
        const struct clip_sums below = clip_sample_below(sample, factor * threshold[i]);
        const double step = level[i + 1] - level[i], squares = step * (level[i + 1] + level[i]);
        if (threshold[i] > 0) {
            product += step * (total.sum - below.sum);
            square += squares * (total.count - below.count);
        } else {
            product -= step * below.sum;
            square -= squares * below.count;
            center = level[i + 1];
        }
    }
    return (struct clip_fit){product + center * total.sum, square + center * center * total.count};
}

/* Between these, half the last cell beyond the outermost levels, is no overload. */
struct limits {
    double low, high;
};

static struct limits limits_of(const struct clip_ladder *ladder, double factor)
{
    const double *level = ladder->level;
    const size_t n = ladder->n;
    if (n == 1)
        return (struct limits){factor * level[0], factor * level[0]};
    return (struct limits){factor * (level[0] - (level[1] - level[0]) / 2),
                           factor * (level[n - 1] + (level[n - 1] - level[n - 2]) / 2)};
}

static struct clip_error error_of_values(const struct clip_ladder *ladder,
                                         const struct clip_sample *sample, double factor)
{
    const struct limits limits = limits_of(ladder, factor);
    struct clip_error sum = {0};
    for (size_t i = 0, level = 0; i < sample->values; i++) {
        const double value = sample->value[i];
        while (level + 1 < ladder->n && value > factor * ladder->threshold[level])
            level++;
        const double e = value - factor * ladder->level[level];
        *(value < limits.low || value > limits.high ? &sum.overload : &sum.granular) += e * e;
    }
    return sum;
}

/* Sum of (v - level)^2. */
static double squared(const struct clip_sums *sums, double level)
{
    return fmax(sums->square - level * (2 * sums->sum - level * sums->count), 0);
}

static struct clip_error error_of_bins(const struct clip_ladder *ladder,
                                       const struct clip_sample *sample, double factor)
{
    const struct limits limits = limits_of(ladder, factor);
    const struct clip_fit fit = clip_ladder_fit(ladder, sample, factor);
    const struct clip_sums total = clip_sample_total(sample);
    const struct clip_sums below = clip_sample_below(sample, limits.low);
    const struct clip_sums within = clip_sample_below(sample, limits.high);
    const struct clip_sums above = {total.count - within.count, total.sum - within.sum,
                                    total.square - within.square};
    const double all = total.square - factor * (2 * fit.product - factor * fit.square);
    const double overload = squared(&below, factor * ladder->level[0]) +
                            squared(&above, factor * ladder->level[ladder->n - 1]);
    return (struct clip_error){.granular = fmax(all - overload, 0), .overload = overload};
}

struct clip_error clip_sample_error(const struct clip_sample *sample,
                                    const struct clip_grids *grids, double factor)
{
    struct clip_ladder ladder;
    clip_ladder_make(&ladder, sample, grids);
    struct clip_error error = sample->values > 0 ? error_of_values(&ladder, sample, factor)
                                                 : error_of_bins(&ladder, sample, factor);
    clip_ladder_done(&ladder);
    /* In this order: the square of the unit alone may overflow. */
    error.granular = error.granular / (double)sample->count * sample->unit * sample->unit;
    error.overload = error.overload / (double)sample->count * sample->unit * sample->unit;
    error.mse = error.granular + error.overload;
    return error;
}
