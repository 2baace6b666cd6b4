/* SPDX-License-Identifier: MIT */
#include "quant/grid.h"

#include <float.h>
#include <math.h>

/* Adding and taking this away rounds a double of less than 2^51 to the nearest integer, ties to
 * even: the sum has no bits left for a fraction.  Inline, unlike rint, on any x86-64. */
#define ROUNDER 0x1.8p52

/* Clips above this have their quotients formed from scaled numbers, or w N would overflow. */
#define HUGE_CLIP 1e300

/* The largest clip: the rounded product of step and N must not overflow. */
#define MOST_CLIP (DBL_MAX * (1 - 0x1p-50))

static double choose_clip(const struct clip *clip, const struct moments *moments, double threshold)
{
    switch (clip->rule) {
    case CLIP_SIGMA:
        return clip->parameter * moments_std(moments);
    case CLIP_PERCENTILE:
    case CLIP_ACIQ:
    case CLIP_MSE:
    case CLIP_LP:
        return threshold;
    case CLIP_VALUE:
        return clip->parameter;
    case CLIP_MAX:
    case CLIP_STEP:
    case CLIP_RULES:
        break;
    }
    return moments_abs_max(moments);
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
    return (struct grid){each_side * step, step, (int)each_side};
}

struct grid grid_make(const struct scheme *scheme, const struct moments *moments, double threshold)
{
    int each_side = (1 << (scheme->bits - 1)) - 1;
    if (moments->count == 0 || moments_abs_max(moments) == 0)
        return (struct grid){.levels_each_side = each_side};
    if (scheme->clip.rule == CLIP_STEP)
        return endless_grid(scheme->clip.parameter, moments);
    if (each_side == 0)
        return one_bit_grid(moments);
    double clip = fmin(choose_clip(&scheme->clip, moments, threshold), MOST_CLIP);
    return (struct grid){clip, clip / each_side, each_side};
}

/* What rounding to many levels needs of a grid, prepared once for a row. */
struct rounding {
    double numerator, denominator, limit, step;
};

static struct rounding prepare(const struct grid *grid)
{
    /* A power of two, so the quotient is the same to the last bit. */
    double scale = grid->clip > HUGE_CLIP ? 0x1p-40 : 1;
    return (struct rounding){
        .numerator = grid->levels_each_side * scale,
        .denominator = grid->clip * scale,
        .limit = grid->levels_each_side,
        .step = grid->step,
    };
}

/* The level's number; NaN for NaN, the outermost one for infinities. */
static inline double round_level(const struct rounding *rounding, double w)
{
    double quotient = w * rounding->numerator / rounding->denominator;
    quotient = quotient > rounding->limit ? rounding->limit : quotient;
    quotient = quotient < -rounding->limit ? -rounding->limit : quotient;
    return (quotient + ROUNDER) - ROUNDER;
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
        e[i] = rounding.step * round_level(&rounding, w[i]) - w[i] + taint(w[i]);
    for (size_t i = 0; code && i < n; i++)
        code[i] = isfinite(w[i]) ? (int32_t)round_level(&rounding, w[i]) : 0;
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
    else if (grid->levels_each_side == 0)
        round_signs(grid, w, n, e, code);
    else
        round_uniform(grid, w, n, e, code);
}

uint64_t grid_clipped(const struct grid *grid, const double w[], size_t n)
{
    if (grid->levels_each_side == 0)
        return 0;
    const double limit = grid->clip + grid->step / 2;
    uint64_t clipped = 0;
    for (size_t i = 0; i < n; i++)
        clipped += (fabs(w[i]) > limit) & (fabs(w[i]) <= DBL_MAX);
    return clipped;
}
