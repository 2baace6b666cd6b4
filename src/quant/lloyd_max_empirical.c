/* SPDX-License-Identifier: MIT
 *
 * Lloyd's alternation on values instead of a source.
 */
#include <assert.h>
#include <math.h>
#include <stdbool.h>

#include "base/mem.h"
#include "quant/lloyd_max.h"

#define LEVELS_MOST (1 << LLOYD_MAX_BITS_MOST)

/* The start looks at values so far apart in rank that there are about so many for each level; and
 * towards the ends, where the density falls steeply, at more of them: from one to the next by this
 * share of the rank. */
#define VALUES_A_LEVEL 64
#define RANK_SHARE     8

/* Of the values' standard deviation. */
#define SETTLED 1e-10

/* The values are divided by the power of two of the largest one, so that neither squares overflow
 * nor denormals lose digits, and moved to mean 0, so that sums lose none. */
struct values {
    const double *sorted;
    size_t n;
    int exponent;
    double scale, shift;
    double *sum; /* n + 1: of the first i values */
    double std;
};

/* The levels, and the cells between their midpoints: those from end[i] up to end[i + 1]. */
struct cells {
    size_t count;
    double level[LEVELS_MOST];
    size_t end[LEVELS_MOST + 1];
};

static double value(const struct values *values, size_t i)
{
    return values->sorted[i] * values->scale - values->shift;
}

/* Beyond 2^1000 the scale itself would overflow. */
static int exponent_of(const double sorted[], size_t n)
{
    int exponent;
    frexp(fmax(fabs(sorted[0]), fabs(sorted[n - 1])), &exponent);
    return exponent < -1000 ? -1000 : exponent;
}

static struct values values_make(const double sorted[], size_t n)
{
    struct values values = {.sorted = sorted, .n = n, .exponent = exponent_of(sorted, n)};
    double mean = 0, squares = 0;
    values.scale = ldexp(1, -values.exponent);
    for (size_t i = 0; i < n; i++)
        mean += value(&values, i);
    values.shift = mean / (double)n;
    values.sum = mem_alloc(n + 1, sizeof *values.sum);
    values.sum[0] = 0;
    for (size_t i = 0; i < n; i++) {
        const double x = value(&values, i);
        values.sum[i + 1] = values.sum[i] + x;
        squares += x * x;
    }
    values.std = sqrt(squares / (double)n);
    return values;
}

static size_t next_rank(const struct values *values, size_t rank, size_t levels)
{
    const size_t rest = values->n - 1 - rank, nearer = rank < rest ? rank : rest;
    const size_t step = 1 + nearer / RANK_SHARE, most = 1 + values->n / (VALUES_A_LEVEL * levels);
    return rank + (step < most ? step : most);
}

/* What goes with the number of levels between two ranks, if there are many levels: the integral of
 * the cube root of the density (FORMULAS §2.2), which is mass / width there. */
static double share_of_levels(const struct values *values, size_t from, size_t to)
{
    const double width = value(values, to) - value(values, from);
    return cbrt((double)(to - from) * width * width);
}

/* Levels where the theory of many levels has them. */
static void start(const struct values *values, struct cells *cells, size_t levels)
{
    double whole = 0, before = 0, within = 0;
    size_t from = 0, to = 0;
    for (size_t i = 0; i < values->n - 1; i = to) {
        to = next_rank(values, i, levels);
        whole += share_of_levels(values, i, to);
    }
    assert(whole > 0);
    to = 0;
    for (size_t i = 0; i < levels; i++) {
        const double wanted = ((double)i + 0.5) / (double)levels * whole;
        while (before + within <= wanted) {
            before += within;
            from = to;
            to = next_rank(values, from, levels);
            within = share_of_levels(values, from, to);
        }
        const double low = value(values, from), high = value(values, to);
        cells->level[i] = low + (wanted - before) / within * (high - low);
    }
    cells->count = levels;
}

/* How many values are not above x, if at least `low` of them are not. */
static size_t count_upto(const struct values *values, size_t low, double x)
{
    size_t high = values->n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if (value(values, middle) <= x)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Finds the cells and drops levels without values. */
static void divide(const struct values *values, struct cells *cells)
{
    size_t kept = 0, end = 0;
    cells->end[0] = 0;
    for (size_t i = 0; i < cells->count; i++) {
        const double level = cells->level[i];
        const size_t begin = end;
        end = i + 1 < cells->count ? count_upto(values, begin, 0.5 * (level + cells->level[i + 1]))
                                   : values->n;
        if (end == begin)
            continue;
        cells->level[kept++] = level;
        cells->end[kept] = end;
    }
    cells->count = kept;
}

/* Adds the value of the largest error, which is the first or the last one of a cell, as a level.
 * False if there is no error: values that differ by less than an ulp of the largest are the same
 * here. */
static bool add_worst(const struct values *values, struct cells *cells)
{
    double worst = 0, x = 0;
    for (size_t i = 0; i < 2 * cells->count; i++) {
        const double end = value(values, i % 2 ? cells->end[i / 2 + 1] - 1 : cells->end[i / 2]);
        const double error = fabs(end - cells->level[i / 2]);
        if (error > worst) {
            worst = error;
            x = end;
        }
    }
    if (!(worst > 0))
        return false;
    size_t i = cells->count++;
    for (; i > 0 && cells->level[i - 1] > x; i--)
        cells->level[i] = cells->level[i - 1];
    cells->level[i] = x;
    return true;
}

/* One sweep; returns the largest change of a level. */
static double sweep(const struct values *values, struct cells *cells, size_t levels)
{
    double moved = 0;
    divide(values, cells);
    while (cells->count < levels && add_worst(values, cells))
        divide(values, cells);
    for (size_t i = 0; i < cells->count; i++) {
        const size_t begin = cells->end[i], end = cells->end[i + 1];
        const double mean = (values->sum[end] - values->sum[begin]) / (double)(end - begin);
        moved = fmax(moved, fabs(mean - cells->level[i]));
        cells->level[i] = mean;
    }
    return moved;
}

static double mean_square(const struct values *values, struct cells *cells)
{
    double sum = 0;
    divide(values, cells);
    for (size_t i = 0; i < cells->count; i++)
        for (size_t k = cells->end[i]; k < cells->end[i + 1]; k++) {
            const double e = value(values, k) - cells->level[i];
            sum += e * e;
        }
    return ldexp(sum / (double)values->n, 2 * values->exponent);
}

static struct codebook *codebook_of(const struct values *values, struct cells *cells)
{
    const double mse = mean_square(values, cells);
    double level[LEVELS_MOST];
    size_t count = 0;
    for (size_t i = 0; i < cells->count; i++) {
        const double x = ldexp(cells->level[i] + values->shift, values->exponent);
        if (count == 0 || x > level[count - 1]) /* neighbours may be less than an ulp apart */
            level[count++] = x;
    }
    struct codebook *codebook = codebook_of_levels(level, count, NULL);
    codebook->mse = mse;
    return codebook;
}

/* The different values, if there are at most so many, else one more than that. */
static size_t list_different(const double sorted[], size_t n, size_t most, double out[])
{
    size_t count = 0;
    for (size_t i = 0; i < n && count <= most; i++)
        if (i == 0 || sorted[i] > sorted[i - 1]) {
            if (count < most)
                out[count] = sorted[i];
            count++;
        }
    return count;
}

struct codebook *lloyd_max_empirical(const double sorted[], size_t n, int bits)
{
    assert(n > 0 && bits >= 1 && bits <= LLOYD_MAX_BITS_MOST);
    const size_t most = (size_t)1 << bits;
    struct cells cells;
    double level[LEVELS_MOST];
    const size_t different = list_different(sorted, n, most, level);
    if (different <= most) {
        struct codebook *exact = codebook_of_levels(level, different, NULL);
        exact->mse = 0;
        return exact;
    }
    struct values values = values_make(sorted, n);
    unsigned sweeps = 1;
    start(&values, &cells, most);
    while (sweep(&values, &cells, most) > SETTLED * values.std && sweeps < LLOYD_MAX_SWEEPS_MOST)
        sweeps++;
    struct codebook *codebook = codebook_of(&values, &cells);
    codebook->iterations = sweeps;
    mem_free(values.sum);
    return codebook;
}
