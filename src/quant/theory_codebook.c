/* SPDX-License-Identifier: MIT
 *
 * Exact theory of the error of a codebook: levels at any distances.
 */
#include <assert.h>
#include <math.h>

#include "quant/theory.h"

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

/* Adds what a < x < b contributes, all of which goes to `level`; to the mean, variance and
 * covariance less `usual`, the error at the source's mean: a source far outside the levels has a
 * large mean error of small variance. */
static void add(struct prediction *prediction, const struct source *source, double a, double b,
                double level, double usual, bool overload)
{
    double m[3], at = level - usual; /* e - usual = at - x */
    source->type->truncated(source, a, b, at, m);
    prediction->mean -= m[1];
    prediction->variance += m[2];
    prediction->covariance -= m[2] + (at - source->mean) * m[1];
    *(overload ? &prediction->overload : &prediction->granular) +=
        m[2] + usual * (usual * m[0] - 2 * m[1]);
    prediction->clipped += overload ? m[0] : 0;
}

struct prediction theory_predict_codebook(const struct source *source,
                                          const struct theory_codebook *codebook)
{
    const size_t n = codebook->n;
    assert(n > 0 && source->std > 0);
    const double *level = codebook->level;
    const double usual = level[level_of(codebook, source->mean)] - source->mean;
    struct prediction prediction = {0};
    for (size_t i = 0; i < n; i++)
        add(&prediction, source, edge(codebook, i), edge(codebook, i + 1), level[i], usual, false);
    if (n > 1) {
        add(&prediction, source, -INFINITY, edge(codebook, 0), level[0], usual, true);
        add(&prediction, source, edge(codebook, n), INFINITY, level[n - 1], usual, true);
    }
    prediction.mse = prediction.granular + prediction.overload;
    prediction.variance = fmax(prediction.variance - prediction.mean * prediction.mean, 0);
    prediction.mean += usual;
    return prediction;
}

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
