/* SPDX-License-Identifier: MIT */
#include "engine/errors.h"

#include <math.h>

#include "base/mem.h"
#include "engine/clips.h"
#include "engine/prediction.h"

/* Elements rounded at a time: their errors and codes stay in the first-level cache. */
#define SLICE 1024

/* Widest pictures: errors to 2.5 steps and weights to 4 clips; what lies beyond is counted. */
#define ERROR_REACH  2.5
#define WEIGHT_REACH 4.0
#define WEIGHT_BINS  512

/* Widest grid whose levels are counted one by one: 8 bits. */
#define LEVELS_MOST 255

/* Each worker counts for itself; counts are whole numbers, so their sum does not depend on who
 * counted what. */
struct tally {
    struct histogram *error, *weight;
    uint64_t *mass;
};

struct job {
    const struct rows *rows;
    const struct grid *grid;       /* by row */
    struct channel_error *channel; /* written where channels are whole */
    struct distortion *part;       /* written where they are cut; else NULL */
    struct tally *tally;           /* by worker */
    size_t levels;
};

static struct channel_error channel_error_of(const struct grid *grid,
                                             const struct distortion *distortion)
{
    const struct moments *error = &distortion->error;
    return (struct channel_error){
        .grid = *grid,
        .mean = moments_mean(error),
        .std = moments_std(error),
        .mse = distortion_mse(distortion),
        .abs_max = error->count ? moments_abs_max(error) : (double)NAN,
        .sqnr_db = distortion_sqnr_db(distortion),
        .clipped = distortion->clipped,
    };
}

static void tally_slice(struct tally *tally, const struct grid *grid, size_t levels, size_t n,
                        const double w[], double e[], const int32_t code[])
{
    double scaled[SLICE];
    for (size_t i = 0; i < n; i++)
        e[i] /= grid->step;
    histogram_add(tally->error, e, n);
    for (size_t i = 0; i < n; i++)
        scaled[i] = w[i] / grid->clip;
    histogram_add(tally->weight, scaled, n);
    if (levels > 0)
        for (size_t i = 0; i < n; i++)
            if (!isnan(e[i]))
                tally->mass[code[i] + (int32_t)(levels / 2)]++;
}

static void measure(const struct job *job, size_t part, struct tally *tally, const double w[],
                    size_t n)
{
    double e[SLICE];
    int32_t code[SLICE];
    size_t channel = rows_part_channel(job->rows, part);
    const struct grid *grid = &job->grid[channel];
    struct distortion sum = {0};
    for (size_t from = 0; from < n; from += SLICE) {
        size_t m = n - from < SLICE ? n - from : SLICE;
        grid_round(grid, w + from, m, e, code);
        distortion_add(&sum, grid, w + from, e, m);
        if (grid->step > 0)
            tally_slice(tally, grid, job->levels, m, w + from, e, code);
    }
    if (job->part)
        job->part[part] = sum;
    else
        job->channel[channel] = channel_error_of(grid, &sum);
}

static bool work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    struct rows_unit range = rows_unit(job->rows, unit);
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        if (!rows_read(job->rows, i, workspace->values, error))
            return false;
        measure(job, i, &job->tally[workspace->index], workspace->values,
                rows_part_length(job->rows, i));
    }
    return true;
}

static void errors_free(struct part *part)
{
    struct errors *errors = (struct errors *)part;
    histogram_free(errors->error);
    histogram_free(errors->weight);
    mem_free(errors->theory_cdf);
    mem_free(errors->fitted);
    mem_free(errors->mass);
    mem_free(errors->channel);
    mem_free(errors);
}

/* Grids of all rows, NULL if the thresholds could not be had. */
static struct grid *make_grids(const struct stage *stage, const struct scheme *scheme,
                               const struct believer *believer, const struct family *family,
                               struct error *error)
{
    size_t n = stage->rows->channels;
    double *threshold = NULL;
    if (scheme_searches(scheme)) {
        threshold = mem_alloc(n, sizeof *threshold);
        if (!clips_compute(stage, scheme, believer, family, threshold, error)) {
            mem_free(threshold);
            return NULL;
        }
    }
    struct grid *grid = mem_alloc(n, sizeof *grid);
    for (size_t i = 0; i < n; i++)
        grid[i] = grid_make(scheme, &believer->profile->channel[i], threshold ? threshold[i] : 0);
    mem_free(threshold);
    return grid;
}

/* The reach of the pictures, from the grids: a grid that never clips has errors within half a
 * step and weights within the clip, give or take the rounding of the quotient. */
static void make_histograms(struct errors *errors, const struct profile *profile,
                            const struct scheme *scheme, const struct grid grid[])
{
    bool clips = !scheme_endless(scheme);
    double half = clips ? ERROR_REACH : 0.5;
    size_t bins = (size_t)(2 * half * ERRORS_BINS) + 2;
    double pad = half + 1.0 / ERRORS_BINS;
    errors->error = histogram_new(-pad, pad, bins);
    double reach = 1;
    for (size_t i = 0; clips && i < errors->channels; i++)
        if (grid[i].clip > 0)
            reach = fmax(reach, moments_abs_max(&profile->channel[i]) / grid[i].clip);
    reach = fmin(reach, WEIGHT_REACH) * (1 + 2.0 / WEIGHT_BINS);
    errors->weight = histogram_new(-reach, reach, WEIGHT_BINS);
    /* Channels of one step but different reach have no levels in common: nothing to count. */
    int each_side = scheme->clip.rule == CLIP_STEP && errors->channels > 1 ? LEVELS_MOST : 1;
    for (size_t i = 0; i < errors->channels; i++)
        if (grid[i].levels_each_side > each_side)
            each_side = grid[i].levels_each_side;
    errors->levels = each_side <= LEVELS_MOST / 2 ? 2 * (size_t)each_side + 1 : 0;
    errors->mass = errors->levels ? mem_zero(errors->levels, sizeof *errors->mass) : NULL;
}

static struct tally *tallies_new(const struct errors *errors, unsigned workers)
{
    struct tally *tally = mem_alloc(workers, sizeof *tally);
    for (unsigned i = 0; i < workers; i++) {
        const struct histogram *e = errors->error, *w = errors->weight;
        tally[i].error = histogram_new(e->low, e->high, e->bins);
        tally[i].weight = histogram_new(w->low, w->high, w->bins);
        tally[i].mass = mem_zero(errors->levels, sizeof *tally[i].mass);
    }
    return tally;
}

/* Adds the workers' counts to the result's and frees them. */
static void tallies_collect(struct errors *errors, struct tally *tally, unsigned workers)
{
    for (unsigned i = 0; i < workers; i++) {
        histogram_merge(errors->error, tally[i].error);
        histogram_merge(errors->weight, tally[i].weight);
        for (size_t k = 0; k < errors->levels; k++)
            errors->mass[k] += tally[i].mass[k];
        histogram_free(tally[i].error);
        histogram_free(tally[i].weight);
        mem_free(tally[i].mass);
    }
    mem_free(tally);
}

/* Channels that were cut into parts. */
static void collect_parts(struct errors *errors, const struct rows *rows, const struct grid grid[],
                          const struct distortion part[])
{
    size_t per = rows->parts_per_channel;
    for (size_t i = 0; i < errors->channels; i++) {
        struct distortion sum = part[i * per];
        for (size_t k = 1; k < per; k++)
            distortion_merge(&sum, &part[i * per + k]);
        errors->channel[i] = channel_error_of(&grid[i], &sum);
    }
}

/* The whole tensor's figures from the channels', in their order.  What a distortion has beyond
 * these figures, the error's higher moments, nobody asks for. */
static void pool_channels(struct errors *errors, const struct profile *profile)
{
    errors->abs_max = NAN;
    for (size_t i = 0; i < errors->channels; i++) {
        const struct moments *weights = &profile->channel[i];
        const struct channel_error *channel = &errors->channel[i];
        if (weights->count == 0)
            continue;
        double n = (double)weights->count;
        struct distortion sum = {
            .error = {.count = weights->count,
                      .mean = channel->mean,
                      .m2 = n * channel->std * channel->std,
                      .min = -channel->abs_max,
                      .max = channel->abs_max},
            .power = weights->m2 + n * weights->mean * weights->mean,
            .clipped = channel->clipped,
        };
        distortion_merge(&errors->total, &sum);
        errors->abs_max = fmax(errors->abs_max, channel->abs_max);
    }
}

const struct errors *errors_compute(const struct stage *stage, const struct scheme *scheme,
                                    const struct believer *believer, const struct family *family,
                                    struct error *error)
{
    const struct profile *profile = believer->profile;
    struct grid *grid = make_grids(stage, scheme, believer, family, error);
    if (!grid)
        return NULL;
    struct errors *errors = mem_zero(1, sizeof *errors);
    part_init(&errors->part, profile->channels * sizeof *errors->channel, errors_free);
    errors->channels = profile->channels;
    if (family)
        errors->clip_source = family->laplace ? &source_laplace : &source_gaussian;
    errors->channel = mem_zero(errors->channels, sizeof *errors->channel);
    make_histograms(errors, profile, scheme, grid);

    unsigned workers = pool_size(stage->pool);
    bool cut = stage->rows->parts_per_channel > 1;
    struct job job = {
        .rows = stage->rows,
        .grid = grid,
        .channel = errors->channel,
        .part = cut ? mem_zero(rows_parts(stage->rows), sizeof *job.part) : NULL,
        .tally = tallies_new(errors, workers),
        .levels = errors->levels,
    };
    watch_begin(stage->watch, "errors", stage->rows->units);
    bool ok = pool_run(stage->pool, stage->rows->units, work, &job, stage->watch, error);
    tallies_collect(errors, job.tally, workers);
    if (ok) {
        if (cut)
            collect_parts(errors, stage->rows, grid, job.part);
        pool_channels(errors, profile);
        ok = prediction_add(stage, scheme, believer, errors, error);
    }
    mem_free(job.part);
    mem_free(grid);
    if (!ok) {
        part_unref(&errors->part);
        return NULL;
    }
    return errors;
}
