/* SPDX-License-Identifier: MIT
 *
 * Exact theory of the error of a codebook: levels at any distances.
 */
#include <assert.h>
#include <math.h>

#include "quant/theory_within.h"

/* A source of which less than this lies between the extremes is not where these come from. */
#define MASS_LEAST 1e-6

/* ---- extremes ---- */

struct theory_extremes theory_extremes_none(void)
{
    return (struct theory_extremes){.low = -INFINITY, .high = INFINITY};
}

struct theory_within theory_within_make(const struct source *source,
                                        const struct theory_codebook *codebook)
{
    struct theory_within within = {theory_extremes_none(), 1};
    const struct theory_extremes *extremes = codebook->extremes;
    if (!extremes)
        return within;
    const double others = 1 - extremes->share;
    const double mass =
        source->type->cdf(source, extremes->high) - source->type->cdf(source, extremes->low);
    if (others > 0 && !(mass >= MASS_LEAST))
        return within;
    within.extremes = *extremes;
    within.factor = others > 0 ? others / mass : 0;
    return within;
}

/* ---- levels ---- */

/* The threshold below level i: -infinity below the first, infinity for i == n. */
static double threshold(const struct theory_codebook *codebook, size_t i)
{
    if (i == 0)
        return -INFINITY;
    if (i == codebook->n)
        return INFINITY;
    const double *level = codebook->level;
    return codebook->threshold ? codebook->threshold[i - 1] : 0.5 * (level[i - 1] + level[i]);
}

/* The threshold below level i with the two ends where overload begins. */
static double edge(const struct theory_codebook *codebook, size_t i)
{
    const size_t n = codebook->n;
    if (n == 1 || (i > 0 && i < n))
        return threshold(codebook, i);
    if (i == 0)
        return 2 * codebook->level[0] - threshold(codebook, 1);
    return 2 * codebook->level[n - 1] - threshold(codebook, n - 1);
}

static size_t level_of(const struct theory_codebook *codebook, double x)
{
    size_t low = 0, high = codebook->n; /* threshold(low) <= x < threshold(high) */
    while (high - low > 1) {
        const size_t middle = low + (high - low) / 2;
        *(threshold(codebook, middle) <= x ? &low : &high) = middle;
    }
    return low;
}

/* ---- prediction ---- */

/* Sums over parts of the source.  Those of x - mean and of e are for e - usual, the error at the
 * source's mean: a source far outside the levels has a large mean error of small variance. */
struct sums {
    const struct source *source;
    struct theory_within within;
    double usual;
    double place; /* E x - mean: not 0 between extremes */
    struct prediction prediction;
};

/* Adds what a < x < b contributes, all of which goes to `level`. */
static void add(struct sums *sums, double a, double b, double level, bool overload)
{
    const struct source *source = sums->source;
    struct prediction *prediction = &sums->prediction;
    const double low = fmax(a, sums->within.extremes.low);
    const double high = fmin(b, sums->within.extremes.high);
    if (!(low < high))
        return;
    double m[3];
    const double usual = sums->usual, at = level - usual; /* e - usual = at - x */
    const double away = at - source->mean;
    source->type->truncated(source, low, high, at, m);
    for (int k = 0; k < 3; k++)
        m[k] *= sums->within.factor;
    sums->place += m[1] + away * m[0];
    prediction->mean -= m[1];
    prediction->variance += m[2];
    prediction->covariance -= m[2] + away * m[1];
    *(overload ? &prediction->overload : &prediction->granular) +=
        m[2] + usual * (usual * m[0] - 2 * m[1]);
    prediction->clipped += overload ? m[0] : 0;
}

/* Adds the extremes, whose error counts as granular. */
static void add_extremes(struct sums *sums)
{
    const struct theory_extremes *extremes = &sums->within.extremes;
    struct prediction *prediction = &sums->prediction;
    const double usual = sums->usual, mean = sums->source->mean, share = extremes->share;
    const double place = extremes->x - share * mean;
    sums->place += place;
    prediction->mean += extremes->e - share * usual;
    prediction->variance += extremes->ee - usual * (2 * extremes->e - usual * share);
    prediction->covariance += extremes->xe - mean * extremes->e - usual * place;
    prediction->granular += extremes->ee;
}

static struct prediction finish(const struct sums *sums)
{
    struct prediction prediction = sums->prediction;
    prediction.mse = prediction.granular + prediction.overload;
    prediction.variance = fmax(prediction.variance - prediction.mean * prediction.mean, 0);
    prediction.covariance -= sums->place * prediction.mean;
    prediction.mean += sums->usual;
    return prediction;
}

struct prediction theory_predict_codebook(const struct source *source,
                                          const struct theory_codebook *codebook)
{
    const size_t n = codebook->n;
    assert(n > 0 && source->std > 0);
    const double *level = codebook->level;
    struct sums sums = {.source = source, .within = theory_within_make(source, codebook)};
    sums.usual = level[level_of(codebook, source->mean)] - source->mean;
    for (size_t i = 0; i < n; i++)
        add(&sums, edge(codebook, i), edge(codebook, i + 1), level[i], false);
    if (n > 1) {
        add(&sums, -INFINITY, edge(codebook, 0), level[0], true);
        add(&sums, edge(codebook, n), INFINITY, level[n - 1], true);
    }
    add_extremes(&sums);
    return finish(&sums);
}

/* ---- density ---- */

double theory_codebook_density(const struct source *source, const struct theory_codebook *codebook,
                               double e)
{
    double sum = 0;
    for (size_t i = 0; i < codebook->n; i++) {
        const double x = codebook->level[i] - e;
        if (x >= threshold(codebook, i) && x < threshold(codebook, i + 1))
            sum += source->type->density(source, x);
    }
    return sum;
}

double theory_codebook_cdf(const struct source *source, const struct theory_codebook *codebook,
                           double e)
{
    double sum = 0;
    for (size_t i = 0; i < codebook->n; i++) {
        /* Those of the cell that are not below level - e. */
        const double high = threshold(codebook, i + 1);
        const double low = fmax(threshold(codebook, i), codebook->level[i] - e);
        double m[3];
        if (low < high) {
            source->type->truncated(source, low, high, codebook->level[i], m);
            sum += m[0];
        }
    }
    return sum;
}
