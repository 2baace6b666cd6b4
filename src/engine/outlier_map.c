/* SPDX-License-Identifier: MIT */
#include "engine/outlier_map.h"

#include <float.h>
#include <math.h>

#include "base/mem.h"

/* A worker's own map: largest values and sums do not depend on who saw what. */
struct sketch {
    float *most;
    uint64_t *row_outliers, *column_outliers;
};

struct job {
    const struct rows *rows;
    const struct outlier_map *map; /* for its region and blocks */
    struct sketch *sketch;         /* by worker */
    size_t first_batch;            /* that the region touches */
    double mean, scale;            /* |w - mean| scale is in σ */
    double limit;
};

bool outlier_region_equal(const struct outlier_region *a, const struct outlier_region *b)
{
    return a->row == b->row && a->rows == b->rows && a->column == b->column &&
           a->columns == b->columns;
}

/* The stretch [*at, *at + *size) within [first, first + all). */
static void keep_within(uint64_t *at, uint64_t *size, uint64_t first, uint64_t all)
{
    if (*size == 0 || *size > all)
        *size = all;
    if (*at < first)
        *at = first;
    if (*at - first > all - *size)
        *at = first + all - *size;
}

struct outlier_region outlier_region_within(const struct outlier_region *region,
                                            const struct rows *rows)
{
    struct outlier_region within = *region;
    keep_within(&within.row, &within.rows, rows->first, rows->channels);
    keep_within(&within.column, &within.columns, 0, rows->length);
    return within;
}

/* First element of block k of n over `size` elements; neither factor is beyond 2^40. */
static uint64_t block_begin(size_t k, size_t n, uint64_t size)
{
    return (uint64_t)k * size / n;
}

/* The block that element i lies in: the last one that does not begin behind it. */
static size_t block_of(uint64_t i, size_t n, uint64_t size)
{
    size_t k = (size_t)((i * n) / size);
    while (k + 1 < n && block_begin(k + 1, n, size) <= i)
        k++;
    return k;
}

/* The largest distance of some elements of one block; infinite if one is not finite. */
static float measure(const struct job *job, const double w[], size_t n, uint64_t *outliers)
{
    double most = 0;
    uint64_t far = 0;
    bool finite = true;
    for (size_t i = 0; i < n; i++) {
        double sigmas = fabs(w[i] - job->mean) * job->scale;
        bool counts = fabs(w[i]) <= DBL_MAX;
        finite &= counts;
        far += counts & (sigmas > job->limit);
        most = sigmas > most ? sigmas : most;
    }
    *outliers += far;
    return finite ? (float)fmin(most, FLT_MAX) : INFINITY;
}

/* Elements `from` to `end` of a row, of which w is the first. */
static void sketch_row(const struct job *job, struct sketch *sketch, uint64_t channel,
                       uint64_t from, uint64_t end, const double w[])
{
    const struct outlier_map *map = job->map;
    const struct outlier_region *region = &map->region;
    size_t row = block_of(channel - region->row, map->rows, region->rows);
    size_t column = block_of(from - region->column, map->columns, region->columns);
    for (uint64_t at = from; at < end; column++) {
        uint64_t next = region->column + block_begin(column + 1, map->columns, region->columns);
        next = next < end ? next : end;
        uint64_t outliers = 0;
        float most = measure(job, w + (at - from), (size_t)(next - at), &outliers);
        float *block = &sketch->most[row * map->columns + column];
        *block = most > *block ? most : *block;
        sketch->row_outliers[row] += outliers;
        sketch->column_outliers[column] += outliers;
        at = next;
    }
}

/* The part of a part that lies in the region, if any does. */
static bool sketch_part(const struct job *job, size_t part, struct workspace *workspace,
                        struct error *error)
{
    const struct rows *rows = job->rows;
    const struct outlier_region *region = &job->map->region;
    uint64_t channel = rows_channel(rows, rows_part_channel(rows, part));
    uint64_t begin = rows_part_column(rows, part);
    uint64_t end = begin + rows_part_length(rows, part);
    uint64_t from = region->column > begin ? region->column : begin;
    uint64_t to = region->column + region->columns < end ? region->column + region->columns : end;
    if (channel < region->row || channel - region->row >= region->rows || from >= to)
        return true;
    if (!rows_read(rows, part, workspace->values, workspace->scratch, error))
        return false;
    sketch_row(job, &job->sketch[workspace->index], channel, from, to,
               workspace->values + (from - begin));
    return true;
}

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct rows_batch range = rows_batch(job->rows, job->first_batch + unit);
    for (size_t i = range.part; i < range.part + range.parts; i++)
        if (!sketch_part(job, i, workspace, error))
            return false;
    return true;
}

/* The batch with a row's first part. */
static size_t batch_of_row(const struct rows *rows, size_t row)
{
    return rows->parts_per_channel > 1 ? row * rows->parts_per_channel
                                       : row / rows->channels_per_batch;
}

static void outlier_map_free(struct part *part)
{
    struct outlier_map *map = (struct outlier_map *)part;
    mem_free(map->most);
    mem_free(map->row_outliers);
    mem_free(map->column_outliers);
    mem_free(map);
}

static struct outlier_map *map_new(const struct rows *rows, const struct outlier_region *region)
{
    struct outlier_map *map = mem_zero(1, sizeof *map);
    map->region = outlier_region_within(region, rows);
    map->rows = map->region.rows < OUTLIER_MAP_ROWS ? (size_t)map->region.rows : OUTLIER_MAP_ROWS;
    map->columns = map->region.columns < OUTLIER_MAP_COLUMNS ? (size_t)map->region.columns
                                                             : OUTLIER_MAP_COLUMNS;
    size_t blocks = map->rows * map->columns;
    part_init(&map->part, sizeof *map + blocks * sizeof *map->most, outlier_map_free);
    map->most = mem_zero(blocks, sizeof *map->most);
    map->row_outliers = mem_zero(map->rows, sizeof *map->row_outliers);
    map->column_outliers = mem_zero(map->columns, sizeof *map->column_outliers);
    return map;
}

static void collect(struct outlier_map *map, struct sketch sketch[], unsigned workers)
{
    for (unsigned k = 0; k < workers; k++) {
        for (size_t i = 0; i < map->rows * map->columns; i++)
            map->most[i] = fmaxf(map->most[i], sketch[k].most[i]);
        for (size_t i = 0; i < map->rows; i++)
            map->row_outliers[i] += sketch[k].row_outliers[i];
        for (size_t i = 0; i < map->columns; i++)
            map->column_outliers[i] += sketch[k].column_outliers[i];
        mem_free(sketch[k].most);
        mem_free(sketch[k].row_outliers);
        mem_free(sketch[k].column_outliers);
    }
    mem_free(sketch);
}

static struct sketch *sketches_new(const struct outlier_map *map, unsigned workers)
{
    struct sketch *sketch = mem_alloc(workers, sizeof *sketch);
    for (unsigned i = 0; i < workers; i++)
        sketch[i] = (struct sketch){
            mem_zero(map->rows * map->columns, sizeof *sketch->most),
            mem_zero(map->rows, sizeof *sketch->row_outliers),
            mem_zero(map->columns, sizeof *sketch->column_outliers),
        };
    return sketch;
}

const struct outlier_map *outlier_map_compute(const struct stage *stage,
                                              const struct profile *profile, double limit,
                                              const struct outlier_region *region,
                                              struct error *error)
{
    const struct rows *rows = stage->rows;
    unsigned workers = pool_size(stage->pool);
    double std = moments_std(&profile->total);
    struct outlier_map *map = map_new(rows, region);
    if (map->rows * map->columns == 0)
        return map;
    size_t first = (size_t)(map->region.row - rows->first);
    struct job job = {
        .rows = rows,
        .map = map,
        .sketch = sketches_new(map, workers),
        .first_batch = batch_of_row(rows, first),
        .mean = moments_mean(&profile->total),
        .scale = std > 0 && isfinite(1 / std) ? 1 / std : 0,
        .limit = limit,
    };
    /* Up to the batch with the last part of the last row. */
    size_t last =
        batch_of_row(rows, first + (size_t)map->region.rows - 1) + (rows->parts_per_channel - 1);
    size_t batches = last + 1 - job.first_batch;
    watch_begin(stage->watch, "outlier map", batches);
    bool ok = pool_run(stage->pool, batches, work, &job, stage->watch, error);
    collect(map, job.sketch, workers);
    if (ok)
        return map;
    part_unref(&map->part);
    return NULL;
}
