/* SPDX-License-Identifier: MIT */
#include "quant/grid.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* Adding and taking this away rounds a double of less than 2^51 to the nearest integer, ties to
 * even: the sum has no bits left for a fraction.  Inline, unlike rint, on any x86-64. */
#define ROUNDER 0x1.8p52

/* Clips above this have their quotients formed from scaled numbers, or w N would overflow. */
#define HUGE_CLIP 1e300

/* The largest clip: the rounded product of step and N must not overflow. */
#define MOST_CLIP (DBL_MAX * (1 - 0x1p-50))

static double threshold_of(const struct clip *clip, const struct moments *moments,
                           const struct clip_range *found)
{
    switch (clip->rule) {
    case CLIP_SIGMA:
        return clip->parameter * moments_std(moments);
    case CLIP_PERCENTILE:
    case CLIP_ACIQ:
    case CLIP_MSE:
    case CLIP_LP:
        return found->high;
    case CLIP_VALUE:
        return clip->parameter;
    case CLIP_MAX:
    case CLIP_STEP:
    case CLIP_RULES:
        break;
    }
    return moments_abs_max(moments);
}

double clip_threshold(const struct clip *clip, const struct moments *moments,
                      const struct clip_range *found)
{
    if (moments->count == 0 || moments_abs_max(moments) == 0)
        return 0;
    return fmin(threshold_of(clip, moments, found), MOST_CLIP);
}

/* The range of an asymmetric grid, cut to that of the elements, and with 0 in it. */
static struct clip_range choose_range(const struct clip *clip, const struct moments *moments,
                                      const struct clip_range *found)
{
    const double mean = moments_mean(moments), spread = clip->parameter * moments_std(moments);
    struct clip_range range = {moments->min, moments->max};
    switch (clip->rule) {
    case CLIP_SIGMA:
        range = (struct clip_range){mean - spread, mean + spread};
        break;
    case CLIP_PERCENTILE:
    case CLIP_ACIQ:
    case CLIP_MSE:
    case CLIP_LP:
        range = *found;
        break;
    case CLIP_VALUE:
        range = (struct clip_range){-clip->parameter, clip->parameter};
        break;
    case CLIP_MAX:
    case CLIP_STEP:
    case CLIP_RULES:
        break;
    }
    return (struct clip_range){fmin(fmax(range.low, moments->min), 0),
                               fmax(fmin(range.high, moments->max), 0)};
}

/* Two levels, a mean |w| either side of 0.  The mean is at most max |w|, even where its sum has
 * overflowed, and so small that the distance of the levels stays finite. */
static struct grid one_bit_grid(const struct moments *moments)
{
    double mean = fmin(moments->sum_abs / (double)moments->count, moments_abs_max(moments));
    double clip = fmin(mean, MOST_CLIP / 2);
    return (struct grid){.clip = clip, .step = 2 * clip};
}

/* A step and as many levels as the unit reaches: never more than whole numbers in a double and
 * codes in 32 bits can count. */
static struct grid endless_grid(double step, const struct moments *moments)
{
    double each_side = ceil(moments_abs_max(moments) / step - 0.5);
    each_side = fmin(fmax(each_side, 1), 1 << 30);
    return (struct grid){.clip = each_side * step,
                         .step = step,
                         .lowest = -(int)each_side,
                         .highest = (int)each_side};
}

/* What rounding to many levels needs of a grid, prepared once for a row. */
struct rounding {
    double numerator, denominator, lowest, highest, step;
};

static struct rounding prepare(const struct grid *grid)
{
    /* A power of two, so the quotient is the same to the last bit. */
    const double scale = grid->clip > HUGE_CLIP ? 0x1p-40 : 1;
    return (struct rounding){
        .numerator = ((double)grid->highest - grid->lowest) / 2 * scale,
        .denominator = grid->clip * scale,
        .lowest = grid->lowest,
        .highest = grid->highest,
        .step = grid->step,
    };
}

/* The level's code; NaN for NaN, the outermost one for infinities. */
static inline double round_code(const struct rounding *rounding, double w)
{
    double quotient = w * rounding->numerator / rounding->denominator;
    quotient = quotient > rounding->highest ? rounding->highest : quotient;
    quotient = quotient < rounding->lowest ? rounding->lowest : quotient;
    return (quotient + ROUNDER) - ROUNDER;
}

/* A grid of so many codes; clip 0 makes no step. */
static struct grid grid_of_codes(double clip, int lowest, int highest)
{
    return (struct grid){.clip = clip,
                         .step = clip / ((highest - lowest) / 2.0),
                         .lowest = lowest,
                         .highest = highest};
}

/* The zero point is rounded like a weight, so the outermost levels may be up to half a step beside
 * the range's ends. */
static struct grid asymmetric_grid(int bits, const struct clip_range *range)
{
    const int steps = (1 << bits) - 1;
    /* Halves, since the whole may overflow. */
    struct grid grid = grid_of_codes(fmin(range->high / 2 - range->low / 2, MOST_CLIP), -steps, 0);
    if (grid.clip > 0) {
        const struct rounding rounding = prepare(&grid);
        grid.lowest = (int)round_code(&rounding, range->low);
    }
    return grid_of_codes(grid.clip, grid.lowest, grid.lowest + steps);
}

struct grid grid_cover(const struct scheme *scheme, const struct moments *moments,
                       const struct clip_range *found)
{
    const bool empty = moments->count == 0 || moments_abs_max(moments) == 0;
    const int half = 1 << (scheme->bits - 1);
    if (scheme->asymmetric) {
        const struct clip_range none = {0, 0};
        const struct clip_range range = empty ? none : choose_range(&scheme->clip, moments, found);
        return asymmetric_grid(scheme->bits, &range);
    }
    if (scheme->clip.rule == CLIP_STEP && !empty)
        return endless_grid(scheme->clip.parameter, moments);
    if (half == 1)
        return empty ? (struct grid){0} : one_bit_grid(moments);
    return grid_of_codes(clip_threshold(&scheme->clip, moments, found),
                         scheme->full_range ? -half : 1 - half, half - 1);
}

static inline double sign_of(double w)
{
    return (double)((w > 0) - (w < 0));
}

/* 0 for a finite weight, NaN for the others: added to an error it makes it NaN with its weight. */
static inline double taint(double w)
{
    return w - w;
}

static void round_uniform(const struct grid *grid, const double *restrict w, size_t n,
                          double *restrict e, int32_t *restrict code)
{
    const struct rounding rounding = prepare(grid);
    for (size_t i = 0; i < n; i++)
        e[i] = rounding.step * round_code(&rounding, w[i]) - w[i] + taint(w[i]);
    for (size_t i = 0; code && i < n; i++)
        code[i] = isfinite(w[i]) ? (int32_t)round_code(&rounding, w[i]) : 0;
}

static void round_signs(const struct grid *grid, const double *restrict w, size_t n,
                        double *restrict e, int32_t *restrict code)
{
    for (size_t i = 0; i < n; i++)
        e[i] = grid->clip * sign_of(w[i]) - w[i] + taint(w[i]);
    for (size_t i = 0; code && i < n; i++)
        code[i] = isfinite(w[i]) ? (int32_t)sign_of(w[i]) : 0;
}

static void round_to_zero(const double *restrict w, size_t n, double *restrict e,
                          int32_t *restrict code)
{
    for (size_t i = 0; i < n; i++)
        e[i] = 0 - w[i] + taint(w[i]);
    for (size_t i = 0; code && i < n; i++)
        code[i] = 0;
}

void grid_round(const struct grid *grid, const double w[], size_t n, double e[], int32_t code[])
{
    if (!(grid->clip > 0))
        round_to_zero(w, n, e, code);
    else if (grid_is_sign(grid))
        round_signs(grid, w, n, e, code);
    else
        round_uniform(grid, w, n, e, code);
}

bool grid_is_sign(const struct grid *grid)
{
    return grid->lowest == grid->highest;
}

double grid_centre(const struct grid *grid)
{
    return (grid->lowest + grid->highest) / 2.0 * grid->step;
}

uint64_t grid_clipped(const struct grid *grid, const double w[], size_t n)
{
    if (grid_is_sign(grid))
        return 0;
    const double centre = grid_centre(grid), limit = grid->clip + grid->step / 2;
    uint64_t clipped = 0;
    for (size_t i = 0; i < n; i++)
        clipped += (fabs(w[i] - centre) > limit) & (fabs(w[i]) <= DBL_MAX);
    return clipped;
}
