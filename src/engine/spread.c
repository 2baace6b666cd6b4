/* SPDX-License-Identifier: MIT */
#include "engine/spread.h"

#include <gsl/gsl_cdf.h>
#include <math.h>

#include "base/mem.h"
#include "engine/sample.h"

/* Counts elements far from the mean, by worker. */
struct search {
    double mean, limit;
    uint64_t *outliers;
};

static void count_outliers(void *context, unsigned worker, const double x[], size_t n)
{
    const struct search *search = context;
    uint64_t outliers = 0;
    for (size_t i = 0; i < n; i++)
        outliers += isfinite(x[i]) && fabs(x[i] - search->mean) > search->limit;
    search->outliers[worker] += outliers;
}

/* Standard quantile at (i + 0.5)/n, exactly odd around the middle. */
static double standard_quantile(uint64_t i, uint64_t n)
{
    bool upper = i > (n - 1) / 2;
    uint64_t k = upper ? n - 1 - i : i;
    if (2 * k + 1 == n)
        return 0;
    double z = gsl_cdf_ugaussian_Pinv(((double)k + 0.5) / (double)n);
    return upper ? -z : z;
}

/* The ranks of the points, ascending without repetition. */
static size_t choose_ranks(uint64_t n, uint64_t rank[SPREAD_POINTS])
{
    size_t points = 0;
    if (n <= SPREAD_POINTS) {
        for (; points < n; points++)
            rank[points] = points;
        return points;
    }
    double edge = gsl_cdf_ugaussian_Pinv(0.5 / (double)n);
    for (size_t k = 0; k < SPREAD_POINTS; k++) {
        double z = edge * (1 - 2 * (double)k / (SPREAD_POINTS - 1));
        /* The upper half from the other end, where the probability keeps its digits. */
        double p = gsl_cdf_ugaussian_P(-fabs(z));
        uint64_t from_end = (uint64_t)fmax(round(p * (double)n - 0.5), 0);
        uint64_t i = z <= 0 ? from_end : n - 1 - from_end;
        if (points == 0 || i > rank[points - 1])
            rank[points++] = i;
    }
    return points;
}

/* Share of variance that the line y = x explains; a point stands for the elements around it. */
static double line_r2(const struct spread *spread, const uint64_t rank[], double mean, double std)
{
    double residual = 0, total = 0;
    for (size_t k = 0; k < spread->points; k++) {
        uint64_t before = k > 0 ? rank[k] - rank[k - 1] : 1;
        uint64_t after = k + 1 < spread->points ? rank[k + 1] - rank[k] : 1;
        double weight = (double)(before + after) / 2;
        double r = spread->sample[k] - (mean + std * spread->quantile[k]);
        double d = spread->sample[k] - mean;
        residual += weight * r * r;
        total += weight * d * d;
    }
    return 1 - residual / total;
}

static void spread_free(struct part *part)
{
    struct spread *spread = (struct spread *)part;
    mem_free(spread->sample);
    mem_free(spread->quantile);
    mem_free(spread);
}

static struct spread *spread_of(const struct sample *sample, const struct profile *profile)
{
    struct spread *spread = mem_zero(1, sizeof *spread);
    part_init(&spread->part, 2 * SPREAD_POINTS * sizeof(double), spread_free);
    uint64_t rank[SPREAD_POINTS];
    spread->points = choose_ranks(sample->n, rank);
    spread->sample = mem_alloc(spread->points, sizeof *spread->sample);
    spread->quantile = mem_alloc(spread->points, sizeof *spread->quantile);
    sample_quantiles(sample, rank, spread->points, spread->sample);
    for (size_t k = 0; k < spread->points; k++)
        spread->quantile[k] = standard_quantile(rank[k], sample->n);
    double mean = moments_mean(&profile->total);
    double std = sample->n > 0 ? moments_std(&profile->total) : 0;
    spread->r2 = std > 0 ? line_r2(spread, rank, mean, std) : (double)NAN;
    return spread;
}

const struct spread *spread_compute(const struct stage *stage, const struct profile *profile,
                                    struct error *error)
{
    unsigned workers = pool_size(stage->pool);
    struct search search = {
        .mean = moments_mean(&profile->total),
        .limit = SPREAD_OUTLIER_SIGMA * moments_std(&profile->total),
        .outliers = mem_zero(workers, sizeof *search.outliers),
    };
    struct spread *spread = NULL;
    struct sample sample;
    if (sample_read(&sample, stage, "distribution", count_outliers, &search, error)) {
        spread = spread_of(&sample, profile);
        for (unsigned i = 0; i < workers; i++)
            spread->outliers += search.outliers[i];
        sample_done(&sample);
    }
    mem_free(search.outliers);
    return spread;
}
