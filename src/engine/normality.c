/* SPDX-License-Identifier: MIT */
#include "engine/normality.h"

#include <math.h>

#include "base/mem.h"
#include "stats/quantile.h"
#include "stats/shapiro.h"

struct job {
    const struct rows *rows;
    const struct shapiro *usual; /* coefficients for channels without non-finite elements */
    struct channel_normality *channel;
    /* Long channels are gathered one after the other. */
    size_t row, thinned;
    double *gathered;
};

/* Tests the n values of x, which it reorders. */
static struct channel_normality test(const struct job *job, double x[], size_t n)
{
    struct channel_normality result = {NAN, NAN};
    n = quantile_keep_finite(x, n);
    if (n < SHAPIRO_LEAST)
        return result;
    quantile_sort(x, n);
    if (n == job->usual->n) {
        shapiro_test(job->usual, x, &result.w, &result.p);
        return result;
    }
    struct shapiro *own = shapiro_new(n);
    shapiro_test(own, x, &result.w, &result.p);
    shapiro_free(own);
    return result;
}

static bool short_work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    struct job *job = context;
    struct rows_batch range = rows_batch(job->rows, unit);
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        if (!rows_read(job->rows, i, workspace->values, workspace->scratch, error))
            return false;
        size_t d = rows_part_length(job->rows, i);
        for (size_t k = 0; k < job->thinned; k++)
            workspace->scratch[k] = workspace->values[shapiro_thinned_index(k, d)];
        job->channel[i] = test(job, workspace->scratch, job->thinned);
    }
    return true;
}

/* Picks the thinned elements that lie in one part of a long channel. */
static bool long_work(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    struct job *job = context;
    const struct rows *rows = job->rows;
    size_t part = job->row * rows->parts_per_channel + unit;
    if (!rows_read(rows, part, workspace->values, workspace->scratch, error))
        return false;
    uint64_t begin = (uint64_t)unit * WORKSPACE_ELEMENTS;
    uint64_t end = begin + rows_part_length(rows, part);
    /* The first index at or after begin, from below: floor(k d / thinned) grows with k. */
    size_t k = (size_t)((double)begin / (double)rows->length * (double)job->thinned);
    while (k > 0 && shapiro_thinned_index(k - 1, rows->length) >= begin)
        k--;
    for (; k < job->thinned; k++) {
        uint64_t at = shapiro_thinned_index(k, rows->length);
        if (at >= end)
            break;
        if (at >= begin)
            job->gathered[k] = workspace->values[at - begin];
    }
    return true;
}

static bool long_rows(const struct stage *stage, struct job *job, struct error *error)
{
    job->gathered = mem_alloc(job->thinned, sizeof *job->gathered);
    bool ok = true;
    for (job->row = 0; ok && job->row < stage->rows->channels; job->row++) {
        ok = pool_run(stage->pool, stage->rows->parts_per_channel, long_work, job, stage->watch,
                      error);
        if (ok)
            job->channel[job->row] = test(job, job->gathered, job->thinned);
    }
    mem_free(job->gathered);
    return ok;
}

static void normality_free(struct part *part)
{
    struct normality *normality = (struct normality *)part;
    mem_free(normality->channel);
    mem_free(normality);
}

static void find_share(struct normality *normality)
{
    size_t tested = 0, normal = 0;
    for (size_t i = 0; i < normality->channels; i++) {
        tested += !isnan(normality->channel[i].p);
        normal += normality->channel[i].p >= NORMALITY_LEVEL;
    }
    normality->share = tested ? (double)normal / (double)tested : (double)NAN;
}

const struct normality *normality_compute(const struct stage *stage, struct error *error)
{
    const struct rows *rows = stage->rows;
    struct normality *normality = mem_zero(1, sizeof *normality);
    part_init(&normality->part, rows->channels * sizeof *normality->channel, normality_free);
    normality->channels = rows->channels;
    normality->channel = mem_zero(rows->channels, sizeof *normality->channel);
    struct job job = {
        .rows = rows,
        .channel = normality->channel,
        .thinned = rows->length < SHAPIRO_MOST ? (size_t)rows->length : SHAPIRO_MOST,
    };
    bool ok = true;
    if (job.thinned < SHAPIRO_LEAST) {
        for (size_t i = 0; i < rows->channels; i++)
            normality->channel[i] = (struct channel_normality){NAN, NAN};
    } else {
        struct shapiro *usual = shapiro_new(job.thinned);
        job.usual = usual;
        watch_begin(stage->watch, "normality", rows->batches);
        ok = rows->parts_per_channel > 1
                 ? long_rows(stage, &job, error)
                 : pool_run(stage->pool, rows->batches, short_work, &job, stage->watch, error);
        shapiro_free(usual);
    }
    find_share(normality);
    if (!ok) {
        part_unref(&normality->part);
        return NULL;
    }
    return normality;
}
