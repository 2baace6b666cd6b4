/* SPDX-License-Identifier: MIT */
#include "engine/spread.h"

#include <gsl/gsl_cdf.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "stats/counts.h"
#include "stats/quantile.h"

/* Up to so many elements are sorted; the order statistics of more are counted. */
#define SORTED_MOST 262144

struct job {
    const struct rows *rows;
    double mean, limit;     /* an outlier is further than limit from mean */
    double *sorted;         /* all elements, if they are few; else NULL */
    struct counts **counts; /* by worker, if there is nothing to sort */
    uint64_t *outliers;     /* by worker */
};

static uint64_t count_outliers(const struct job *job, const double x[], size_t n)
{
    uint64_t outliers = 0;
    for (size_t i = 0; i < n; i++)
        outliers += isfinite(x[i]) && fabs(x[i] - job->mean) > job->limit;
    return outliers;
}

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct rows_unit range = rows_unit(job->rows, unit);
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        size_t n = rows_part_length(job->rows, i);
        if (!rows_read(job->rows, i, workspace->values, error))
            return false;
        if (job->sorted)
            memcpy(job->sorted + i * job->rows->length, workspace->values, n * sizeof(double));
        else
            counts_add(job->counts[workspace->index], workspace->values, n);
        job->outliers[workspace->index] += count_outliers(job, workspace->values, n);
    }
    return true;
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

/* Fills the order statistics of the ranks that are chosen into rank. */
static void fill_samples(struct spread *spread, const struct job *job, unsigned workers,
                         uint64_t rank[SPREAD_POINTS])
{
    uint64_t n;
    if (job->sorted) {
        n = quantile_keep_finite(job->sorted, (size_t)rows_elements(job->rows));
        quantile_sort(job->sorted, (size_t)n);
    } else {
        for (unsigned i = 1; i < workers; i++)
            counts_merge(job->counts[0], job->counts[i]);
        n = job->counts[0]->total;
    }
    spread->points = choose_ranks(n, rank);
    spread->sample = mem_alloc(spread->points, sizeof *spread->sample);
    spread->quantile = mem_alloc(spread->points, sizeof *spread->quantile);
    if (!job->sorted)
        counts_quantiles(job->counts[0], rank, spread->points, spread->sample);
    for (size_t k = 0; k < spread->points; k++) {
        if (job->sorted)
            spread->sample[k] = job->sorted[rank[k]];
        spread->quantile[k] = standard_quantile(rank[k], n);
    }
}

static const struct spread *spread_of(const struct job *job, unsigned workers,
                                      const struct profile *profile)
{
    struct spread *spread = mem_zero(1, sizeof *spread);
    part_init(&spread->part, 2 * SPREAD_POINTS * sizeof(double), spread_free);
    for (unsigned i = 0; i < workers; i++)
        spread->outliers += job->outliers[i];
    uint64_t rank[SPREAD_POINTS];
    fill_samples(spread, job, workers, rank);
    double std = profile->total.count > 0 ? moments_std(&profile->total) : 0;
    spread->r2 = std > 0 ? line_r2(spread, rank, job->mean, std) : (double)NAN;
    return spread;
}

const struct spread *spread_compute(const struct stage *stage, const struct profile *profile,
                                    struct error *error)
{
    unsigned workers = pool_size(stage->pool);
    uint64_t elements = rows_elements(stage->rows);
    struct job job = {
        .rows = stage->rows,
        .mean = moments_mean(&profile->total),
        .limit = SPREAD_OUTLIER_SIGMA * moments_std(&profile->total),
        .outliers = mem_zero(workers, sizeof *job.outliers),
    };
    /* Parts of channels that are cut would not lie where work() copies them to. */
    if (elements <= SORTED_MOST && stage->rows->parts_per_channel == 1)
        job.sorted = mem_alloc((size_t)elements, sizeof *job.sorted);
    else
        job.counts = mem_alloc(workers, sizeof *job.counts);
    for (unsigned i = 0; job.counts && i < workers; i++)
        job.counts[i] = counts_new();
    const struct spread *spread = NULL;
    watch_begin(stage->watch, "distribution", stage->rows->units);
    if (pool_run(stage->pool, stage->rows->units, work, &job, stage->watch, error))
        spread = spread_of(&job, workers, profile);
    for (unsigned i = 0; job.counts && i < workers; i++)
        counts_free(job.counts[i]);
    mem_free(job.sorted);
    mem_free(job.counts);
    mem_free(job.outliers);
    return spread;
}
