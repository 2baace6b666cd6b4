/* SPDX-License-Identifier: MIT */
#include "stats/moments.h"

#include <float.h>
#include <math.h>
#include <stdbool.h>

/* Elements that are summed at a time: they stay in the first-level cache for the second look. */
#define CHUNK 1024

/* Independent partial sums, so that additions need not wait for each other. */
#define LANES 4

struct extent {
    double sum[LANES], sum_abs[LANES], min[LANES], max[LANES];
};

struct powers {
    double p1[LANES], p2[LANES], p3[LANES], p4[LANES];
};

static inline void extent_add(struct extent *extent, size_t lane, double x)
{
    extent->sum[lane] += x;
    extent->sum_abs[lane] += fabs(x);
    extent->min[lane] = x < extent->min[lane] ? x : extent->min[lane];
    extent->max[lane] = x > extent->max[lane] ? x : extent->max[lane];
}

static inline void powers_add(struct powers *powers, size_t lane, double d)
{
    double square = d * d;
    powers->p1[lane] += d;
    powers->p2[lane] += square;
    powers->p3[lane] += square * d;
    powers->p4[lane] += square * square;
}

static double sum_lanes(const double lane[LANES])
{
    return (lane[0] + lane[1]) + (lane[2] + lane[3]);
}

/* Count, sum_abs, extremes and mean of n >= 1 values; the mean is NaN or infinite unless all are
 * finite and their sum is. */
static struct moments first_look(const double x[], size_t n)
{
    struct extent extent = {.sum = {0}};
    for (size_t lane = 0; lane < LANES; lane++)
        extent.min[lane] = extent.max[lane] = x[0];
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++)
            extent_add(&extent, lane, x[i + lane]);
    for (; i < n; i++)
        extent_add(&extent, 0, x[i]);
    struct moments block = {
        .count = n,
        .mean = sum_lanes(extent.sum) / (double)n,
        .sum_abs = sum_lanes(extent.sum_abs),
        .min = extent.min[0],
        .max = extent.max[0],
    };
    for (size_t lane = 1; lane < LANES; lane++) {
        block.min = fmin(block.min, extent.min[lane]);
        block.max = fmax(block.max, extent.max[lane]);
    }
    return block;
}

/* The sums of powers about the block's mean, which was rounded: r, the mean of what is left, moves
 * it, and the sums with it, to the true one. */
static void second_look(struct moments *block, const double x[], size_t n)
{
    struct powers powers = {.p1 = {0}};
    size_t i = 0;
    for (; i + LANES <= n; i += LANES)
        for (size_t lane = 0; lane < LANES; lane++)
            powers_add(&powers, lane, x[i + lane] - block->mean);
    for (; i < n; i++)
        powers_add(&powers, 0, x[i] - block->mean);
    double p2 = sum_lanes(powers.p2), p3 = sum_lanes(powers.p3), p4 = sum_lanes(powers.p4);
    double r = sum_lanes(powers.p1) / (double)n;
    if (!isfinite(r)) /* differences near the largest double */
        r = 0;
    block->mean += r;
    block->m2 = isfinite(p2) ? fmax(p2 - r * r * (double)n, 0) : p2;
    block->m3 = p3 - r * (3 * p2 - 2 * r * r * (double)n);
    block->m4 = p4 - r * (4 * p3 - r * (6 * p2 - 3 * r * r * (double)n));
}

/* The mean of finite values whose sum overflowed. */
static double mean_of_huge(const double x[], size_t n)
{
    double mean = 0;
    for (size_t i = 0; i < n; i++)
        mean += x[i] / (double)n;
    return mean;
}

static size_t copy_finite(const double x[], size_t n, double out[])
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]))
            out[kept++] = x[i];
    return kept;
}

static struct moments chunk_moments(const double x[], size_t n)
{
    double finite[CHUNK];
    uint64_t nonfinite = 0;
    struct moments block = first_look(x, n);
    if (!isfinite(block.mean)) {
        size_t kept = copy_finite(x, n, finite);
        nonfinite = n - kept;
        if (kept == 0)
            return (struct moments){.nonfinite = nonfinite};
        block = first_look(finite, kept);
        if (!isfinite(block.mean))
            block.mean = mean_of_huge(finite, kept);
        x = finite;
        n = kept;
    }
    second_look(&block, x, n);
    block.nonfinite = nonfinite;
    return block;
}

void moments_add(struct moments *moments, const double x[], size_t n)
{
    for (size_t i = 0; i < n; i += CHUNK) {
        struct moments chunk = chunk_moments(x + i, n - i < CHUNK ? n - i : CHUNK);
        moments_merge(moments, &chunk);
    }
}

/* Moves the sums of powers to the mean of both samples (Pébay, SAND2008-6212, eq. 3.1); delta is
 * how far b's mean lies above a's. */
static void merge_powers(struct moments *a, const struct moments *b, double delta)
{
    double na = (double)a->count, nb = (double)b->count, n = na + nb;
    double da = -delta * (nb / n), db = delta * (na / n); /* means against the common one */
    double m2 = a->m2 + b->m2 + na * da * da + nb * db * db;
    double m3 =
        a->m3 + b->m3 + 3 * (da * a->m2 + db * b->m2) + na * da * da * da + nb * db * db * db;
    double m4 = a->m4 + b->m4 + 4 * (da * a->m3 + db * b->m3) +
                6 * (da * da * a->m2 + db * db * b->m2) + na * da * da * da * da +
                nb * db * db * db * db;
    a->m2 = m2;
    a->m3 = m3;
    a->m4 = m4;
}

void moments_merge(struct moments *moments, const struct moments *other)
{
    uint64_t nonfinite = moments->nonfinite + other->nonfinite;
    if (moments->count == 0)
        *moments = *other;
    else if (other->count > 0) {
        double n = (double)moments->count + (double)other->count;
        double share = (double)other->count / n, delta = other->mean - moments->mean;
        merge_powers(moments, other, delta);
        moments->mean = isfinite(delta) ? moments->mean + delta * share
                                        : moments->mean * (1 - share) + other->mean * share;
        moments->min = fmin(moments->min, other->min);
        moments->max = fmax(moments->max, other->max);
        moments->sum_abs += other->sum_abs;
        moments->count += other->count;
    }
    moments->nonfinite = nonfinite;
}

static bool is_constant(const struct moments *moments)
{
    return moments->min == moments->max;
}

double moments_mean(const struct moments *moments)
{
    return moments->count ? moments->mean : (double)NAN;
}

double moments_std(const struct moments *moments)
{
    if (moments->count == 0)
        return NAN;
    return is_constant(moments) ? 0 : sqrt(moments->m2 / (double)moments->count);
}

/* m / scale, where both are powers of the spread: NaN where one left the range of double, because
 * the quotient would then mean nothing. */
static double standardised(const struct moments *moments, double m, double scale)
{
    if (moments->count == 0 || is_constant(moments) || !isfinite(m) || !isfinite(scale) ||
        scale < DBL_MIN)
        return NAN;
    return m / (double)moments->count / scale;
}

double moments_skewness(const struct moments *moments)
{
    double variance = moments->m2 / (double)moments->count;
    return standardised(moments, moments->m3, variance * sqrt(variance));
}

double moments_excess_kurtosis(const struct moments *moments)
{
    double variance = moments->m2 / (double)moments->count;
    return standardised(moments, moments->m4, variance * variance) - 3;
}

double moments_abs_max(const struct moments *moments)
{
    return fmax(-moments->min, moments->max);
}
