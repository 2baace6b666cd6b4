/* SPDX-License-Identifier: MIT */
#include "direct.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "quant/theory.h"
#include "weights.h"

struct sums {
    size_t n;
    long double mean, m2, m3, m4;
    double min, max;
};

static struct sums sums_of(const double x[], size_t n)
{
    struct sums sums = { .min = NAN, .max = NAN };
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(x[i]))
            continue;
        sums.n++;
        sums.mean += x[i];
        sums.min = fmin(sums.min, x[i]);
        sums.max = fmax(sums.max, x[i]);
    }
    sums.mean /= sums.n;
    for (size_t i = 0; i < n; i++) {
        long double d = x[i] - sums.mean;
        if (!isfinite(x[i]))
            continue;
        sums.m2 += d * d / sums.n;
        sums.m3 += d * d * d / sums.n;
        sums.m4 += d * d * d * d / sums.n;
    }
    return sums;
}

static double std_of(const struct sums *sums)
{
    if (sums->n == 0)
        return NAN;
    return sums->min == sums->max ? 0 : (double)sqrtl(sums->m2);
}

static double abs_max_of(const struct sums *sums)
{
    return fmax(fabs(sums->min), fabs(sums->max));
}

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double percentile(const double w[], size_t n, double p)
{
    double *sorted = weights_memory(n);
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(w[i]))
            sorted[kept++] = fabs(w[i]);
    qsort(sorted, kept, sizeof *sorted, compare);
    double at = p / 100 * (double)(kept - 1), share = at - floor(at);
    double low = sorted[(size_t)at], high = sorted[(size_t)ceil(at)];
    free(sorted);
    return low * (1 - share) + high * share;
}

static double mean_magnitude(const double w[], size_t n)
{
    long double sum = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(w[i]))
            sum += fabs(w[i]), count++;
    return (double)(sum / count);
}

static double clip_of(const double w[], size_t n, const struct sums *sums,
                      const struct scheme *scheme)
{
    if (sums->n == 0 || abs_max_of(sums) == 0)
        return 0;
    if (scheme->bits == 1)
        return mean_magnitude(w, n);
    switch (scheme->clip.rule) {
    case CLIP_SIGMA:
        return scheme->clip.parameter * std_of(sums);
    case CLIP_PERCENTILE:
        return percentile(w, n, scheme->clip.parameter);
    case CLIP_VALUE:
        return scheme->clip.parameter;
    default:
        return abs_max_of(sums);
    }
}

struct grid direct_errors(const double w[], size_t n, const struct scheme *scheme, double e[])
{
    struct sums sums = sums_of(w, n);
    int each_side = (1 << (scheme->bits - 1)) - 1;
    double c = clip_of(w, n, &sums, scheme);
    struct grid grid = { .clip = c, .step = each_side ? c / each_side : 2 * c,
                         .lowest = -each_side, .highest = each_side };
    for (size_t i = 0; i < n; i++) {
        double rounded = 0;
        if (c > 0 && each_side == 0)
            rounded = w[i] > 0 ? c : w[i] < 0 ? -c : 0;
        else if (c > 0)
            rounded = grid.step * fmax(fmin(rint(w[i] * each_side / c), each_side), -each_side);
        e[i] = isfinite(w[i]) ? rounded - w[i] : (double)NAN;
    }
    return grid;
}

/* What is summed up over the channels. */
struct pool_sums {
    long double elements, clipped, power;
    long double known;                  /* noise of channels without a density */
    long double dense, mean, mse, pqn;  /* elements of the others, and sums over them */
    double largest_ratio, largest_step, largest_std, abs_max_over_std;
    size_t steps, ratios;
    double *step, *ratio, *clip_ratio;
    double bins, weight, *below, *theory; /* of the Kolmogorov distance */
};

static void pool_curve(struct pool_sums *pool, const double e[], size_t n, double finite,
                       const struct grid *grid, const struct source *source,
                       const struct theory_grid *theory, double mean)
{
    pool->weight += finite;
    for (size_t k = 0; k <= (size_t)pool->bins; k++) {
        double edge = ((double)k - pool->bins / 2) / PICTURES_PER_STEP;
        pool->theory[k] += finite * (source ? theory_cdf(source, theory, edge * grid->step)
                                             : edge >= mean / grid->step);
    }
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(e[i]))
            continue;
        double bin = (e[i] / grid->step + pool->bins / 2 / PICTURES_PER_STEP) * PICTURES_PER_STEP;
        size_t first = bin < 0 ? 0 : bin >= pool->bins ? (size_t)pool->bins + 1 : (size_t)bin + 1;
        if (first <= (size_t)pool->bins)
            pool->below[first]++;
    }
}

static void pool_theory(struct pool_sums *pool, const struct sums *w, const double e[],
                        const struct sums *error, size_t length, const struct grid *grid,
                        const struct scheme *scheme)
{
    struct source source = {
        .type = &source_gaussian, .mean = (double)w->mean, .std = std_of(w)
    };
    bool endless = scheme->clip.rule == CLIP_MAX && scheme->bits > 1;
    struct theory_grid theory =
        theory_grid_symmetric(grid->step, endless ? THEORY_INFINITE : grid->highest);
    bool density = source.std > 0 && grid->step > 0;
    if (density) {
        struct prediction prediction = theory_predict(&source, &theory);
        pool->mean += w->n * (long double)prediction.mean;
        pool->mse += w->n * (long double)prediction.mse;
        pool->pqn += w->n * (long double)grid->step * grid->step / 12;
        pool->dense += w->n;
    } else {
        pool->known += w->n * (error->m2 + error->mean * error->mean);
    }
    if (grid->step > 0)
        pool_curve(pool, e, length, (double)w->n, grid, density ? &source : NULL, &theory,
                   (double)error->mean);
}

static void pool_channel(struct pool_sums *pool, const double x[], const double e[], size_t n,
                         const struct grid *grid, const struct scheme *scheme)
{
    struct sums w = sums_of(x, n), error = sums_of(e, n);
    if (w.n == 0)
        return;
    double std = std_of(&w);
    pool->elements += w.n;
    pool->step[pool->steps++] = grid->step;
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i])) {
            pool->power += (long double)x[i] * x[i];
            pool->clipped += scheme->bits > 1 && fabs(x[i]) > grid->clip + grid->step / 2;
        }
    pool_theory(pool, &w, e, &error, n, grid, scheme);
    if (!(std > 0))
        return;
    double ratio = grid->step / std;
    pool->clip_ratio[pool->ratios] = grid->clip / std;
    pool->ratio[pool->ratios++] = ratio;
    pool->abs_max_over_std = fmax(pool->abs_max_over_std, abs_max_of(&w) / std);
    if (!(ratio <= pool->largest_ratio)) {
        pool->largest_ratio = ratio;
        pool->largest_step = grid->step;
        pool->largest_std = std;
    }
}

static double median(double x[], size_t n)
{
    qsort(x, n, sizeof *x, compare);
    return n ? (x[(n - 1) / 2] + x[n / 2]) / 2 : (double)NAN;
}

static double kolmogorov(const struct pool_sums *pool, double finite)
{
    double below = 0, distance = 0;
    for (size_t k = 0; k <= (size_t)pool->bins; k++) {
        below += pool->below[k];
        distance = fmax(distance, fabs(below / finite - pool->theory[k] / pool->weight));
    }
    return pool->dense > 0 ? distance : (double)NAN;
}

static void finish(struct figures *figures, struct pool_sums *pool, double noise)
{
    long double n = pool->elements, mean = pool->mean / pool->dense, mse = pool->mse / pool->dense;
    figures->step_median = median(pool->step, pool->steps);
    figures->step_over_std_median = median(pool->ratio, pool->ratios);
    figures->clip_over_std_median = median(pool->clip_ratio, pool->ratios);
    figures->step_over_std_max = pool->largest_ratio;
    figures->abs_max_over_std = pool->abs_max_over_std;
    figures->clipped_share = (double)(pool->clipped / n);
    figures->theory_error_mean = (double)mean;
    figures->theory_error_std = (double)sqrtl(mse - mean * mean);
    figures->pqn_error_std = (double)sqrtl(pool->pqn / pool->dense);
    figures->error_ks = kolmogorov(pool, pool->weight);
    figures->sqnr_db = noise > 0 ? (double)(10 * log10l(pool->power / n / noise)) : (double)NAN;
    figures->theory_sqnr_db =
        mse > 0 ? (double)(10 * log10l(pool->power / (pool->mse + pool->known))) : (double)NAN;
    struct source source = { .type = &source_gaussian, .std = pool->largest_std };
    figures->pqn_deviation =
        pool->largest_step > 0 ? theory_pqn_deviation(&source, pool->largest_step) : (double)NAN;
}

static struct pool_sums pool_begin(size_t channels, const struct scheme *scheme)
{
    struct pool_sums pool = {
        .largest_ratio = NAN, .abs_max_over_std = NAN,
        .step = weights_memory(channels), .ratio = weights_memory(channels),
        .clip_ratio = weights_memory(channels),
        .bins = scheme->clip.rule == CLIP_MAX && scheme->bits > 1 ? PICTURES_PER_STEP + 2
                                                                  : 5 * PICTURES_PER_STEP + 2,
    };
    pool.below = calloc((size_t)pool.bins + 1, sizeof *pool.below);
    pool.theory = calloc((size_t)pool.bins + 1, sizeof *pool.theory);
    return pool;
}

struct figures direct_figures(const double x[], size_t channels, size_t length,
                              const struct scheme *scheme)
{
    size_t n = channels * length;
    double *e = weights_memory(n);
    struct pool_sums pool = pool_begin(channels, scheme);
    for (size_t i = 0; i < channels; i++) {
        const double *row = x + i * length;
        struct grid grid = direct_errors(row, length, scheme, e + i * length);
        pool_channel(&pool, row, e + i * length, length, &grid, scheme);
    }
    struct sums w = sums_of(x, n), error = sums_of(e, n);
    bool spread = w.n > 0 && w.min < w.max;
    double mse = (double)(error.m2 + error.mean * error.mean);
    struct figures figures = {
        .channels = channels, .elements = n, .nonfinite = n - w.n,
        .mean = (double)w.mean, .std = std_of(&w),
        .skewness = spread ? (double)(w.m3 / w.m2 / sqrtl(w.m2)) : (double)NAN,
        .excess_kurtosis = spread ? (double)(w.m4 / w.m2 / w.m2 - 3) : (double)NAN,
        .min = w.min, .max = w.max, .abs_max = abs_max_of(&w),
        .error_mean = (double)error.mean, .error_std = std_of(&error), .error_mse = mse,
        .error_abs_max = abs_max_of(&error),
        .abs_max_expected = gsl_cdf_ugaussian_Pinv((1 + pow(2, -1 / (double)length)) / 2),
    };
    finish(&figures, &pool, mse);
    free(pool.step);
    free(pool.ratio);
    free(pool.clip_ratio);
    free(pool.below);
    free(pool.theory);
    free(e);
    return figures;
}

/* How near the figures must be: relative, and relative to this size where smaller.  The pooled
 * curve promises 1e-7. */
#define FIGURES(X) \
    X(mean, 1e-12, e->std) X(std, 1e-12, 0) X(skewness, 1e-9, 1) X(excess_kurtosis, 1e-9, 1) \
    X(min, 0, 0) X(max, 0, 0) X(abs_max, 0, 0) X(step_median, 1e-13, 0) \
    X(step_over_std_median, 1e-12, 0) X(step_over_std_max, 1e-12, 0) \
    X(clip_over_std_median, 1e-12, 0) \
    X(error_mean, 1e-12, e->error_std) X(error_std, 1e-9, 1e-6 * e->step_median) \
    X(error_mse, 1e-9, 0) X(error_abs_max, 1e-12, 1e-3 * e->step_median) \
    X(clipped_share, 0, 0) X(theory_error_mean, 1e-9, e->theory_error_std) \
    X(theory_error_std, 1e-9, 0) X(pqn_error_std, 1e-12, 0) X(error_ks, 2e-7, 1) \
    X(sqnr_db, 1e-8, 1) X(theory_sqnr_db, 1e-8, 1) X(pqn_deviation, 1e-9, 0) \
    X(abs_max_over_std, 1e-12, 0) X(abs_max_expected, 1e-8, 0)

void direct_assert_figures(const struct figures *got, const struct figures *expected)
{
    const struct figures *e = expected;
    assert_int_equal(got->channels, e->channels);
    assert_int_equal(got->elements, e->elements);
    assert_int_equal(got->nonfinite, e->nonfinite);
#define NEAR(name, tolerance, scale) \
    weights_assert_near_(got->name, e->name, tolerance, scale, #name, __FILE__, __LINE__);
    FIGURES(NEAR)
#undef NEAR
}

void direct_assert_same(const struct figures *got, const struct figures *expected)
{
    assert_int_equal(got->channels, expected->channels);
    assert_int_equal(got->elements, expected->elements);
    assert_int_equal(got->nonfinite, expected->nonfinite);
#define SAME(name, tolerance, scale) \
    weights_assert_same_(got->name, expected->name, #name, __FILE__, __LINE__);
    FIGURES(SAME)
#undef SAME
}
