/* SPDX-License-Identifier: MIT */
#include "quant/clip_curve.h"

#include <assert.h>
#include <math.h>

#include "quant/clip_sample.h"
#include "quant/quantizer.h"

/* With more levels than this every factor would cost as many look-ups, and what they add to the
 * error of a smooth density is noise. */
#define LEVELS_MOST 256

/* ---- of weights ---- */

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

static struct clip_error error_of_sums(const struct clip_ladder *ladder,
                                       const struct clip_sample *sample, double factor)
{
    const size_t n = ladder->n;
    const struct limits limits = limits_of(ladder, factor);
    const struct clip_sums total = clip_sample_total(sample);
    const struct clip_sums below = clip_sample_below(sample, limits.low);
    const struct clip_sums within = clip_sample_below(sample, limits.high);
    const struct clip_sums above = {total.count - within.count, total.sum - within.sum,
                                    total.square - within.square};
    const double overload =
        squared(&below, factor * ladder->level[0]) + squared(&above, factor * ladder->level[n - 1]);
    if (n > LEVELS_MOST) {
        const double step = factor * (ladder->level[n - 1] - ladder->level[0]) / (double)(n - 1);
        return (struct clip_error){.granular = (within.count - below.count) * step * step / 12,
                                   .overload = overload};
    }
    const struct clip_fit fit = clip_ladder_fit(ladder, sample, factor);
    const double all = total.square - factor * (2 * fit.product - factor * fit.square);
    return (struct clip_error){.granular = fmax(all - overload, 0), .overload = overload};
}

/* Means in the weights' own unit. */
static struct clip_error mean_error(const struct clip_sample *sample, struct clip_error sum)
{
    struct clip_error error = {
        /* In this order: the square of the unit alone may overflow. */
        .granular = sum.granular / (double)sample->count * sample->unit * sample->unit,
        .overload = sum.overload / (double)sample->count * sample->unit * sample->unit,
    };
    error.mse = error.granular + error.overload;
    return error;
}

struct clip_error clip_sample_error(const struct clip_sample *sample,
                                    const struct clip_grids *grids, double factor)
{
    struct clip_ladder ladder;
    clip_ladder_make(&ladder, sample, grids);
    const struct clip_error sum = sample->values > 0 ? error_of_values(&ladder, sample, factor)
                                                     : error_of_sums(&ladder, sample, factor);
    clip_ladder_done(&ladder);
    return mean_error(sample, sum);
}

void clip_curve_measure(const struct clip_sample *sample, const struct clip_grids *grids,
                        const double factor[], size_t n, struct clip_error error[])
{
    struct clip_ladder ladder;
    clip_ladder_make(&ladder, sample, grids);
    for (size_t i = 0; i < n; i++)
        error[i] = mean_error(sample, error_of_sums(&ladder, sample, factor[i]));
    clip_ladder_done(&ladder);
}

/* ---- of a source ---- */

static struct quantizer shrink(const struct quantizer *widest, double factor)
{
    struct quantizer shrunk = *widest;
    shrunk.grid.clip *= factor;
    shrunk.grid.step *= factor;
    shrunk.scale *= factor;
    shrunk.step *= factor;
    shrunk.reach *= factor;
    shrunk.centre *= factor;
    shrunk.extremes = theory_extremes_none(); /* the widest range's, where nothing is clipped */
    return shrunk;
}

void clip_curve_predict(const struct source *source, const struct quantizer *widest,
                        const double factor[], size_t n, struct clip_error error[])
{
    assert(widest->kind == LEVELS_UNIFORM || widest->location == 0);
    for (size_t i = 0; i < n; i++) {
        const struct quantizer quantizer = shrink(widest, factor[i]);
        const struct prediction prediction = quantizer_predict(&quantizer, source, false);
        error[i] = (struct clip_error){prediction.mse, prediction.granular, prediction.overload};
    }
}

/* ---- of either ---- */

struct clip_best clip_curve_best(const double factor[], const struct clip_error error[], size_t n)
{
    size_t least = 0;
    for (size_t i = 1; i < n; i++)
        if (error[i].mse < error[least].mse)
            least = i;
    struct clip_best best = {factor[least], error[least].mse};
    if (least == 0 || least + 1 == n || !(best.mse > 0))
        return best;
    const double before = log(error[least - 1].mse / best.mse);
    const double after = log(error[least + 1].mse / best.mse);
    const double place = before + after > 0 ? (before - after) / (2 * (before + after)) : 0;
    best.factor *= pow(factor[least + 1] / factor[least], place);
    best.mse *= exp((after - before) * place / 4);
    return best;
}
