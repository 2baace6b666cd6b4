/* SPDX-License-Identifier: MIT */
#include "engine/clips.h"

#include <math.h>

#include "base/mem.h"
#include "engine/fits.h"
#include "engine/percentile.h"
#include "quant/aciq.h"
#include "quant/clip_search.h"
#include "quant/quantizer.h"

struct job {
    const struct stage *stage;
    const struct profile *profile;
    const struct scheme *scheme;
    const struct codebook *codebook;
    struct clip_sample **sample; /* by worker; its memory serves row after row */
    struct clip_range *found;
};

/* The widest range of a row, shrunk. */
static struct clip_range shrink(const struct job *job, size_t row, double factor)
{
    const struct clip_range widest = quantizer_widest(job->scheme, &job->profile->channel[row]);
    return (struct clip_range){factor * widest.low, factor * widest.high};
}

/* ---- mse and lp: the error of every row over its clip ---- */

static double search(const struct job *job, size_t row, const struct clip_sample *sample)
{
    const struct moments *moments = &job->profile->channel[row];
    const struct unit_facts facts = {.moments = moments,
                                     .found = quantizer_widest(job->scheme, moments),
                                     .codebook = job->codebook};
    const struct quantizer widest = quantizer_make(job->scheme, &facts);
    const struct clip_grids grids = quantizer_grids(&widest);
    const struct clip *clip = &job->scheme->clip;
    return clip->rule == CLIP_LP ? clip_search_lp(sample, &grids, clip->parameter)
                                 : clip_search_mse(sample, &grids);
}

/* A row goes into one sample part by part, and so is one worker's: cancelling is looked for between
 * the parts. */
static bool work(void *context, size_t row, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    const struct rows *rows = job->stage->rows;
    const struct moments *moments = &job->profile->channel[row];
    const size_t parts = rows->parts_per_channel;
    struct clip_sample **sample = &job->sample[workspace->index];
    job->found[row] = (struct clip_range){(double)NAN, (double)NAN};
    if (moments->count == 0)
        return true;
    *sample = clip_sample_begin(*sample, moments->min, moments->max);
    for (size_t i = row * parts; i < (row + 1) * parts; i++) {
        if (atomic_load(&job->stage->watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        if (!rows_read(rows, i, workspace->values, workspace->scratch, error))
            return false;
        clip_sample_add(*sample, workspace->values, rows_part_length(rows, i));
    }
    clip_sample_end(*sample);
    job->found[row] = shrink(job, row, search(job, row, *sample));
    return true;
}

static bool search_rows(struct job *job, struct error *error)
{
    const struct stage *stage = job->stage;
    const unsigned workers = pool_size(stage->pool);
    job->sample = mem_zero(workers, sizeof *job->sample);
    watch_begin(stage->watch, "clip search", stage->rows->channels);
    const bool ok = pool_run(stage->pool, stage->rows->channels, work, job, stage->watch, error);
    for (unsigned i = 0; i < workers; i++)
        clip_sample_free(job->sample[i]);
    mem_free(job->sample);
    return ok;
}

/* ---- percentiles: of magnitudes, or of either end ---- */

static bool percentile_rows(const struct job *job, double high[], struct error *error)
{
    const double p = job->scheme->clip.parameter;
    const size_t n = job->profile->channels;
    const bool values = job->scheme->asymmetric;
    if (!percentile_compute(job->stage, job->profile,
                            values ? PERCENTILE_OF_VALUES : PERCENTILE_OF_MAGNITUDES, p, high,
                            error))
        return false;
    for (size_t i = 0; i < n; i++)
        job->found[i] = (struct clip_range){-high[i], high[i]};
    if (!values)
        return true;
    const bool ok =
        percentile_compute(job->stage, job->profile, PERCENTILE_OF_VALUES, 100 - p, high, error);
    for (size_t i = 0; ok && i < n; i++)
        job->found[i].low = high[i];
    return ok;
}

/* ---- aciq: from what is fitted to every row ---- */

static bool analytical_rows(const struct job *job, bool laplace, struct error *error)
{
    const size_t n = job->profile->channels;
    const int bits = job->scheme->bits;
    struct fit *fit = laplace ? mem_alloc(n, sizeof *fit) : NULL;
    const bool ok = !fit || fits_compute(job->stage, job->profile, fit, error);
    for (size_t i = 0; ok && i < n; i++) {
        const struct moments *moments = &job->profile->channel[i];
        const double alpha = fit ? aciq_laplace(bits) * fit[i].deviation
                                 : aciq_gaussian(bits) * moments_std(moments);
        const double most = moments_abs_max(moments);
        job->found[i] = shrink(job, i, most > 0 ? fmin(alpha / most, 1) : 1);
        /* Without the division's rounding. */
        if (!job->scheme->asymmetric)
            job->found[i].high = fmin(alpha, most);
    }
    mem_free(fit);
    return ok;
}

bool clips_compute(const struct stage *stage, const struct scheme *scheme,
                   const struct profile *profile, const struct codebook *codebook, bool laplace,
                   struct clip_range found[], struct error *error)
{
    struct job job = {stage, profile, scheme, codebook, .found = found};
    if (scheme->clip.rule == CLIP_ACIQ)
        return analytical_rows(&job, laplace, error);
    if (scheme->clip.rule != CLIP_PERCENTILE)
        return search_rows(&job, error);
    double *high = mem_alloc(profile->channels, sizeof *high);
    const bool ok = percentile_rows(&job, high, error);
    mem_free(high);
    return ok;
}
