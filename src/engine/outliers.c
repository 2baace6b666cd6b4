/* SPDX-License-Identifier: MIT */
#include "engine/outliers.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "engine/percentile.h"

/* Elements that are counted in one go, without branches, before any is looked at by itself. */
#define SLICE 256

/* Of the channel's magnitudes: what OUTLIER_RATIO compares with. */
#define PERCENTILE 99.9

/* An element on the way to the list. */
struct found {
    double distance; /* |w - µ| */
    double value;
    size_t row;
    uint64_t column;
};

/* What a worker has seen: sums and a list that do not depend on the order of what it was given. */
struct hunter {
    uint64_t count[OUTLIER_RULES];
    uint32_t *column; /* outliers by column; NULL where columns are too many */
    size_t listed;
    struct found worst[OUTLIERS_WORST]; /* as in struct outliers */
};

struct job {
    const struct rows *rows;
    double mean, std;
    double limit[OUTLIER_RULES]; /* of |w - µ|, of |w|, and as a multiple of the percentile */
    const double *percentile;    /* of each row */
    uint32_t *part;              /* outliers by part */
    struct hunter *hunter;       /* by worker */
};

/* Whether a comes before b in the list: a total order, so that the list is the same however the
 * work was shared out. */
static bool worse(const struct found *a, const struct found *b)
{
    if (a->distance != b->distance)
        return a->distance > b->distance;
    return a->row != b->row ? a->row < b->row : a->column < b->column;
}

static void list(struct hunter *hunter, const struct found *found)
{
    size_t at = hunter->listed;
    if (at == OUTLIERS_WORST && !worse(found, &hunter->worst[--at]))
        return;
    for (; at > 0 && worse(found, &hunter->worst[at - 1]); at--)
        hunter->worst[at] = hunter->worst[at - 1];
    hunter->worst[at] = *found;
    hunter->listed += hunter->listed < OUTLIERS_WORST;
}

/* The largest distance of a slice, its finite elements counted by all definitions. */
static double count_slice(const double limit[OUTLIER_RULES], double mean, const double w[],
                          size_t n, uint64_t count[OUTLIER_RULES])
{
    uint64_t far = 0, large = 0, high = 0;
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        double magnitude = fabs(w[i]), distance = fabs(w[i] - mean);
        bool finite = magnitude <= DBL_MAX;
        far += finite & (distance > limit[OUTLIER_SIGMA]);
        large += finite & (magnitude > limit[OUTLIER_VALUE]);
        high += finite & (magnitude > limit[OUTLIER_RATIO]);
        distance = finite ? distance : 0;
        most = distance > most ? distance : most;
    }
    count[OUTLIER_SIGMA] += far;
    count[OUTLIER_VALUE] += large;
    count[OUTLIER_RATIO] += high;
    return most;
}

/* Element by element: into the list, and into the counts of columns. */
static void look_closely(const struct job *job, struct hunter *hunter, size_t row, uint64_t column,
                         const double w[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(w[i]))
            continue;
        struct found found = {fabs(w[i] - job->mean), w[i], row, column + i};
        list(hunter, &found);
        if (hunter->column && found.distance > job->limit[OUTLIER_SIGMA])
            hunter->column[found.column]++;
    }
}

static void hunt(const struct job *job, size_t part, struct hunter *hunter, const double w[],
                 size_t n)
{
    size_t row = rows_part_channel(job->rows, part);
    uint64_t column = rows_part_column(job->rows, part);
    double limit[OUTLIER_RULES];
    memcpy(limit, job->limit, sizeof limit);
    limit[OUTLIER_RATIO] *= job->percentile[row];
    uint64_t before = hunter->count[OUTLIER_SIGMA];
    for (size_t from = 0; from < n; from += SLICE) {
        size_t m = n - from < SLICE ? n - from : SLICE;
        uint64_t outliers = hunter->count[OUTLIER_SIGMA];
        double most = count_slice(limit, job->mean, w + from, m, hunter->count);
        bool full = hunter->listed == OUTLIERS_WORST;
        if (!full || most >= hunter->worst[OUTLIERS_WORST - 1].distance ||
            hunter->count[OUTLIER_SIGMA] > outliers)
            look_closely(job, hunter, row, column + from, w + from, m);
    }
    job->part[part] = (uint32_t)(hunter->count[OUTLIER_SIGMA] - before);
}

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct rows_batch range = rows_batch(job->rows, unit);
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        if (!rows_read(job->rows, i, workspace->values, workspace->scratch, error))
            return false;
        hunt(job, i, &job->hunter[workspace->index], workspace->values,
             rows_part_length(job->rows, i));
    }
    return true;
}

/* Adds what a worker has seen to what the first one has. */
static void merge(struct hunter *into, const struct hunter *from, uint64_t columns)
{
    for (int i = 0; i < OUTLIER_RULES; i++)
        into->count[i] += from->count[i];
    for (uint64_t i = 0; into->column && i < columns; i++)
        into->column[i] += from->column[i];
    for (size_t i = 0; i < from->listed; i++)
        list(into, &from->worst[i]);
}

static void count_line(struct outlier_line *line, uint64_t index, uint64_t count)
{
    line->hit += count > 0;
    if (count > line->count) {
        line->index = index;
        line->count = count;
    }
}

static struct outlier outlier_of(const struct job *job, const struct profile *profile,
                                 const struct found *found)
{
    const struct moments *channel = &profile->channel[found->row];
    return (struct outlier){
        .row = found->row,
        .channel = rows_channel(job->rows, found->row),
        .column = found->column,
        .value = found->value,
        .sigmas = found->distance / job->std,
        .channel_sigmas = fabs(found->value - moments_mean(channel)) / moments_std(channel),
    };
}

static void outliers_free(struct part *part)
{
    mem_free(part);
}

static const struct outliers *outliers_of(const struct job *job, const struct profile *profile,
                                          const struct outlier_limits *limits)
{
    const struct hunter *all = &job->hunter[0];
    const struct rows *rows = job->rows;
    struct outliers *outliers = mem_zero(1, sizeof *outliers);
    part_init(&outliers->part, sizeof *outliers, outliers_free);
    outliers->limits = *limits;
    memcpy(outliers->count, all->count, sizeof outliers->count);
    for (size_t row = 0; row < rows->channels; row++) {
        uint64_t count = 0;
        for (size_t i = 0; i < rows->parts_per_channel; i++)
            count += job->part[row * rows->parts_per_channel + i];
        count_line(&outliers->row, rows_channel(rows, row), count);
    }
    for (uint64_t i = 0; all->column && i < rows->length; i++)
        count_line(&outliers->column, i, all->column[i]);
    outliers->listed = job->std > 0 && isfinite(job->std) ? all->listed : 0;
    for (size_t i = 0; i < outliers->listed; i++)
        outliers->worst[i] = outlier_of(job, profile, &all->worst[i]);
    return outliers;
}

static const struct outliers *run(const struct stage *stage, const struct profile *profile,
                                  const struct outlier_limits *limits, struct job *job,
                                  struct error *error)
{
    const struct rows *rows = stage->rows;
    watch_begin(stage->watch, "outliers", rows->batches);
    if (!pool_run(stage->pool, rows->batches, work, job, stage->watch, error))
        return NULL;
    for (unsigned i = 1; i < pool_size(stage->pool); i++)
        merge(&job->hunter[0], &job->hunter[i], rows->length);
    return outliers_of(job, profile, limits);
}

const struct outliers *outliers_compute(const struct stage *stage, const struct profile *profile,
                                        const struct outlier_limits *limits, struct error *error)
{
    const struct rows *rows = stage->rows;
    unsigned workers = pool_size(stage->pool);
    double std = moments_std(&profile->total);
    double *percentile = mem_alloc(rows->channels, sizeof *percentile);
    if (!percentile_compute(stage, profile, PERCENTILE_OF_MAGNITUDES, PERCENTILE, percentile,
                            error)) {
        mem_free(percentile);
        return NULL;
    }
    struct job job = {
        .rows = rows,
        .mean = moments_mean(&profile->total),
        .std = std,
        .limit = {[OUTLIER_SIGMA] = limits->limit[OUTLIER_SIGMA] * std,
                  [OUTLIER_VALUE] = limits->limit[OUTLIER_VALUE],
                  [OUTLIER_RATIO] = limits->limit[OUTLIER_RATIO]},
        .percentile = percentile,
        .part = mem_zero(rows_parts(rows), sizeof *job.part),
        .hunter = mem_zero(workers, sizeof *job.hunter),
    };
    for (unsigned i = 0; i < workers && rows->length <= OUTLIERS_COLUMNS_MOST; i++)
        job.hunter[i].column = mem_zero((size_t)rows->length, sizeof *job.hunter[i].column);
    const struct outliers *outliers = run(stage, profile, limits, &job, error);
    for (unsigned i = 0; i < workers; i++)
        mem_free(job.hunter[i].column);
    mem_free(job.hunter);
    mem_free(job.part);
    mem_free(percentile);
    return outliers;
}
