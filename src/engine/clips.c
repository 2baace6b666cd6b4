/* SPDX-License-Identifier: MIT */
#include "engine/clips.h"

#include <math.h>

#include "base/mem.h"
#include "engine/fits.h"
#include "engine/percentile.h"
#include "quant/aciq.h"
#include "quant/clip_search.h"

/* ---- mse and lp: the error of every row over its clip ---- */

struct job {
    const struct rows *rows;
    const struct profile *profile;
    const struct scheme *scheme;
    struct watch *watch;
    struct clip_sample **sample; /* by worker; its memory serves row after row */
    double *threshold;
};

/* The symmetric grid of a row whose largest magnitude is `most`. */
struct range {
    double most;
    int each_side;
};

static void write_levels(const void *context, double factor, double level[])
{
    const struct range *range = context;
    for (int i = -range->each_side; i <= range->each_side; i++)
        *level++ = factor * (range->most * ((double)i / range->each_side));
}

static double search(const struct job *job, size_t row, const struct clip_sample *sample)
{
    const struct range range = {moments_abs_max(&job->profile->channel[row]),
                                (1 << (job->scheme->bits - 1)) - 1};
    const struct clip_grids grids = {2 * (size_t)range.each_side + 1, write_levels, &range};
    const struct clip *clip = &job->scheme->clip;
    return range.most * (clip->rule == CLIP_LP ? clip_search_lp(sample, &grids, clip->parameter)
                                               : clip_search_mse(sample, &grids));
}

static bool work_short(void *context, size_t unit, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    const struct rows_unit range = rows_unit(job->rows, unit);
    struct clip_sample **sample = &job->sample[workspace->index];
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        if (!rows_read(job->rows, i, workspace->values, error))
            return false;
        *sample = clip_sample_make(*sample, workspace->values, rows_part_length(job->rows, i));
        job->threshold[i] = *sample ? search(job, i, *sample) : (double)NAN;
    }
    return true;
}

/* A row that is longer than a worker's buffer goes into one sample part by part, and so is one
 * worker's: cancelling is looked for between the parts. */
static bool work_long(void *context, size_t row, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    const struct moments *moments = &job->profile->channel[row];
    const size_t parts = job->rows->parts_per_channel;
    struct clip_sample **sample = &job->sample[workspace->index];
    job->threshold[row] = NAN;
    if (moments->count == 0)
        return true;
    *sample = clip_sample_begin(*sample, moments->min, moments->max);
    for (size_t i = row * parts; i < (row + 1) * parts; i++) {
        if (atomic_load(&job->watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        if (!rows_read(job->rows, i, workspace->values, error))
            return false;
        clip_sample_add(*sample, workspace->values, rows_part_length(job->rows, i));
    }
    clip_sample_end(*sample);
    job->threshold[row] = search(job, row, *sample);
    return true;
}

static bool search_rows(const struct stage *stage, const struct profile *profile,
                        const struct scheme *scheme, double threshold[], struct error *error)
{
    const struct rows *rows = stage->rows;
    const unsigned workers = pool_size(stage->pool);
    const bool cut = rows->parts_per_channel > 1;
    const size_t units = cut ? rows->channels : rows->units;
    struct job job = {
        rows, profile, scheme, stage->watch, mem_zero(workers, sizeof *job.sample), threshold};
    watch_begin(stage->watch, "clip search", units);
    const bool ok =
        pool_run(stage->pool, units, cut ? work_long : work_short, &job, stage->watch, error);
    for (unsigned i = 0; i < workers; i++)
        clip_sample_free(job.sample[i]);
    mem_free(job.sample);
    return ok;
}

/* ---- aciq: from what is fitted to every row ---- */

static void gaussian_rows(const struct profile *profile, int bits, double threshold[])
{
    const double alpha = aciq_gaussian(bits);
    for (size_t i = 0; i < profile->channels; i++)
        threshold[i] = alpha * moments_std(&profile->channel[i]);
}

static bool laplace_rows(const struct stage *stage, const struct believer *believer, int bits,
                         double threshold[], struct error *error)
{
    const size_t n = believer->profile->channels;
    const double alpha = aciq_laplace(bits);
    struct fit *own = believer->fit ? NULL : mem_alloc(n, sizeof *own);
    const struct fit *fit = own ? own : believer->fit;
    const bool ok = !own || fits_compute(stage, believer->profile, own, error);
    for (size_t i = 0; ok && i < n; i++)
        threshold[i] = alpha * fit[i].deviation;
    mem_free(own);
    return ok;
}

/* No clip exceeds the largest magnitude. */
static void limit(const struct profile *profile, double threshold[])
{
    for (size_t i = 0; i < profile->channels; i++) {
        const struct moments *moments = &profile->channel[i];
        threshold[i] = moments->count > 0 ? fmin(threshold[i], moments_abs_max(moments)) : NAN;
    }
}

static bool analytical_rows(const struct stage *stage, const struct believer *believer,
                            const struct family *family, int bits, double threshold[],
                            struct error *error)
{
    if (!family->laplace)
        gaussian_rows(believer->profile, bits, threshold);
    else if (!laplace_rows(stage, believer, bits, threshold, error))
        return false;
    limit(believer->profile, threshold);
    return true;
}

bool clips_compute(const struct stage *stage, const struct scheme *scheme,
                   const struct believer *believer, const struct family *family, double threshold[],
                   struct error *error)
{
    const struct profile *profile = believer->profile;
    if (scheme->clip.rule == CLIP_PERCENTILE)
        return percentile_compute(stage, profile, PERCENTILE_OF_MAGNITUDES, scheme->clip.parameter,
                                  threshold, error);
    if (scheme->clip.rule == CLIP_ACIQ)
        return analytical_rows(stage, believer, family, scheme->bits, threshold, error);
    return search_rows(stage, profile, scheme, threshold, error);
}
