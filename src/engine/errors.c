/* SPDX-License-Identifier: MIT */
#include "engine/errors.h"

#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "engine/measure.h"
#include "engine/prediction.h"

/* Pieces of work that keep sums of their own, which take little memory whatever the number of
 * channels, and are added in the order of the pieces. */
#define PIECES_MOST 256

struct job {
    const struct stage *stage;
    struct rows rows; /* the stage's, cut where units end */
    const struct scheme *scheme;
    const struct profile *profile;
    struct measurer *measurer;         /* by worker */
    struct measured *own;              /* by worker: of the row at hand */
    bool singles;                      /* rows may be measured in single precision */
    const struct ladder_sums *rounded; /* by channel, what the profile knows; NULL: nothing */
    struct predictor predictor;
    size_t per_piece; /* batches; of cut channels, channels */
    size_t pieces;
    struct prediction_sums *sums; /* by piece */
    struct channel_error *channel;
    /* Of channels that are cut into parts; else NULL. */
    struct measured *part;              /* by part */
    struct correction_sums *to_correct; /* by part; NULL without a correction */
    struct correction *correction;      /* by channel; likewise */
};

static bool cancelled(const struct job *job, struct error *error)
{
    return atomic_load(&job->stage->watch->cancel) &&
           !error_set(error, ERROR_CANCELLED, "cancelled");
}

static bool read_part(const struct job *job, size_t part, struct workspace *workspace,
                      struct error *error)
{
    return !cancelled(job, error) &&
           rows_read(&job->rows, part, workspace->values, workspace->scratch, error);
}

static bool read_singles(const struct job *job, size_t row, struct workspace *workspace,
                         struct ladder_row *singles, struct error *error)
{
    return !cancelled(job, error) &&
           ladder_row_read(singles, &job->rows, row, LADDER_ELEMENTS, workspace, NULL, error);
}

static struct channel_error channel_error_of(const struct measured *measured)
{
    const struct distortion *distortion = &measured->distortion;
    const struct moments *error = &distortion->error;
    const struct steps_means means = steps_means(&measured->steps);
    return (struct channel_error){
        .step = means.step,
        .clip = means.reach,
        .centre = means.centre,
        .mean = moments_mean(error),
        .std = moments_std(error),
        .mse = distortion_mse(distortion),
        .abs_max = error->count ? moments_abs_max(error) : (double)NAN,
        .sqnr_db = distortion_sqnr_db(distortion),
        .clipped = distortion->clipped,
    };
}

/* A row has been measured. */
static bool finish_row(const struct job *job, size_t row, const struct measured *measured,
                       size_t piece, struct workspace *workspace, struct error *error)
{
    job->channel[row] = channel_error_of(measured);
    return predictor_add(&job->predictor, row, &measured->steps, &job->channel[row],
                         &job->sums[piece], workspace, error);
}

/* ---- whole channels: measured and predicted one after the other ---- */

/* Reads and measures a row, in single precision if that will do. */
static bool measure_row(const struct job *job, size_t row, struct workspace *workspace,
                        struct measured *measured, struct error *error)
{
    const struct measurer *measurer = &job->measurer[workspace->index];
    struct ladder_row singles;
    if (job->rounded && measure_sums_known(measurer, row, &job->rounded[row], measured))
        return !cancelled(job, error);
    if (!(job->singles ? read_singles(job, row, workspace, &singles, error)
                       : read_part(job, row, workspace, error)))
        return false;
    if (job->singles && measure_singles(measurer, row, &singles, measured))
        return true;
    if (job->singles)
        ladder_row_values(&singles); /* to the workspace's values */
    measure_part(measurer, row, NULL, workspace, measured);
    return true;
}

static bool whole_row(const struct job *job, size_t row, size_t piece, struct workspace *workspace,
                      struct error *error)
{
    struct measured *measured = &job->own[workspace->index];
    measured->distortion = (struct distortion){0};
    steps_clear(&measured->steps);
    return measure_row(job, row, workspace, measured, error) &&
           finish_row(job, row, measured, piece, workspace, error);
}

static bool whole_work(void *context, size_t piece, struct workspace *workspace,
                       struct error *error)
{
    const struct job *job = context;
    const size_t end = (piece + 1) * job->per_piece;
    for (size_t b = piece * job->per_piece; b < end && b < job->rows.batches; b++) {
        const struct rows_batch range = rows_batch(&job->rows, b);
        for (size_t row = range.part; row < range.part + range.parts; row++)
            if (!whole_row(job, row, piece, workspace, error))
                return false;
    }
    return true;
}

/* ---- channels that are cut: parts first ---- */

static bool sums_work(void *context, size_t part, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    if (!read_part(job, part, workspace, error))
        return false;
    measure_sums(&job->measurer[workspace->index], part, workspace, &job->to_correct[part]);
    return true;
}

static bool part_work(void *context, size_t part, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    const size_t row = rows_part_channel(&job->rows, part);
    if (!read_part(job, part, workspace, error))
        return false;
    measure_part(&job->measurer[workspace->index], part,
                 job->correction ? &job->correction[row] : NULL, workspace, &job->part[part]);
    return true;
}

static bool rows_work(void *context, size_t piece, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    const size_t per = job->rows.parts_per_channel, end = (piece + 1) * job->per_piece;
    for (size_t row = piece * job->per_piece; row < end && row < job->rows.channels; row++) {
        struct measured *sum = &job->part[row * per];
        if (cancelled(job, error))
            return false;
        for (size_t k = 1; k < per; k++) {
            distortion_merge(&sum->distortion, &sum[k].distortion);
            steps_merge(&sum->steps, &sum[k].steps);
        }
        if (!finish_row(job, row, sum, piece, workspace, error))
            return false;
    }
    return true;
}

static bool find_corrections(struct job *job, struct error *error)
{
    const struct stage *stage = job->stage;
    const size_t per = job->rows.parts_per_channel;
    job->to_correct = mem_zero(rows_parts(&job->rows), sizeof *job->to_correct);
    job->correction = mem_alloc(job->rows.channels, sizeof *job->correction);
    watch_begin(stage->watch, "correction", job->rows.batches);
    if (!pool_run(stage->pool, job->rows.batches, sums_work, job, stage->watch, error))
        return false;
    for (size_t row = 0; row < job->rows.channels; row++) {
        struct correction_sums *sum = &job->to_correct[row * per];
        for (size_t k = 1; k < per; k++)
            correction_merge(sum, &sum[k]);
        job->correction[row] = correction_make(job->scheme, sum);
    }
    return true;
}

static bool run_cut(struct job *job, struct error *error)
{
    const struct stage *stage = job->stage;
    if ((job->scheme->correct_mean || job->scheme->correct_norm) && !find_corrections(job, error))
        return false;
    watch_begin(stage->watch, "errors", job->rows.batches);
    if (!pool_run(stage->pool, job->rows.batches, part_work, job, stage->watch, error))
        return false;
    watch_begin(stage->watch, "theory", job->pieces);
    return pool_run(stage->pool, job->pieces, rows_work, job, stage->watch, error);
}

/* ---- all ---- */

static void errors_free(struct part *part)
{
    struct errors *errors = (struct errors *)part;
    histogram_free(errors->error);
    histogram_free(errors->weight);
    mem_free(errors->theory_cdf);
    mem_free(errors->fitted);
    mem_free(errors->position);
    mem_free(errors->mass);
    mem_free(errors->channel);
    mem_free(errors);
}

static struct errors *new_errors(const struct quantizers *quantizers, size_t channels)
{
    const struct scheme *scheme = &quantizers->scheme;
    struct errors *errors = mem_zero(1, sizeof *errors);
    part_init(&errors->part, channels * sizeof *errors->channel, errors_free);
    errors->channels = channels;
    errors->kind = scheme->levels.kind;
    errors->channel = mem_zero(channels, sizeof *errors->channel);
    if (scheme->clip.rule == CLIP_ACIQ && scheme_searches(scheme))
        errors->clip_source = quantizers->laplace ? &source_laplace : &source_gaussian;
    return errors;
}

/* Whether all units have their levels at the same places of the picture. */
static bool levels_in_common(const struct quantizers *quantizers)
{
    const struct scheme *scheme = &quantizers->scheme;
    if (quantizers->single)
        return true;
    switch (scheme->levels.kind) {
    case LEVELS_UNIFORM: /* those of one step but different reach have none in common */
        return scheme->clip.rule != CLIP_STEP;
    case LEVELS_CODEBOOK:
        return scheme->levels.codebook->scale == CODEBOOK_BY_CLIP ||
               scheme->levels.family != LEVELS_FAMILY_UNIT;
    case LEVELS_EMPIRICAL:
    case LEVELS_BLOCKS:
        break;
    }
    return false;
}

static void make_workers(struct job *job, const struct quantizers *quantizers, bool pictures)
{
    const unsigned workers = pool_size(job->stage->pool);
    job->measurer = mem_zero(workers, sizeof *job->measurer);
    job->own = mem_zero(workers, sizeof *job->own);
    for (unsigned i = 0; i < workers; i++)
        job->measurer[i] = (struct measurer){
            .rows = &job->rows,
            .quantizers = quantizers,
            .profile = job->profile,
            .fitter = quantizers_fitter(quantizers),
            .pictures =
                pictures ? pictures_new(scheme_endless(job->scheme), levels_in_common(quantizers))
                         : NULL,
        };
}

static void make_pieces(struct job *job)
{
    const bool cut = job->rows.parts_per_channel > 1;
    const size_t n = cut ? job->rows.channels : job->rows.batches;
    job->per_piece = n > PIECES_MOST ? (n + PIECES_MOST - 1) / PIECES_MOST : 1;
    job->pieces = (n + job->per_piece - 1) / job->per_piece;
    job->sums = mem_zero(job->pieces, sizeof *job->sums);
    if (cut)
        job->part = mem_zero(rows_parts(&job->rows), sizeof *job->part);
}

/* The workers' counts become the result's. */
static void collect_pictures(const struct job *job, struct errors *errors)
{
    struct pictures *sum = job->measurer[0].pictures;
    if (!sum)
        return;
    for (unsigned i = 0; i < pool_size(job->stage->pool); i++)
        pictures_finish(job->measurer[i].pictures);
    for (unsigned i = 1; i < pool_size(job->stage->pool); i++)
        pictures_merge(sum, job->measurer[i].pictures);
    errors->error = sum->error;
    errors->weight = sum->weight;
    sum->error = sum->weight = NULL;
    errors->furthest = sum->furthest;
    errors->levels = sum->levels;
    errors->position = mem_alloc(sum->levels, sizeof *errors->position);
    errors->mass = mem_alloc(sum->levels, sizeof *errors->mass);
    memcpy(errors->position, sum->position, sum->levels * sizeof *errors->position);
    memcpy(errors->mass, sum->mass, sum->levels * sizeof *errors->mass);
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

static void job_done(struct job *job)
{
    for (unsigned i = 0; i < pool_size(job->stage->pool); i++) {
        fitter_free(job->measurer[i].fitter);
        pictures_free(job->measurer[i].pictures);
        steps_done(&job->own[i].steps);
    }
    for (size_t i = 0; job->part && i < rows_parts(&job->rows); i++)
        steps_done(&job->part[i].steps);
    mem_free(job->measurer);
    mem_free(job->own);
    mem_free(job->part);
    mem_free(job->to_correct);
    mem_free(job->correction);
    mem_free(job->sums);
    predictor_done(&job->predictor);
}

const struct errors *errors_compute(const struct stage *stage, const struct quantizers *quantizers,
                                    const struct believer *believer, bool pictures,
                                    struct error *error)
{
    struct errors *errors = new_errors(quantizers, stage->rows->channels);
    struct job job = {.stage = stage,
                      .rows = *stage->rows,
                      .scheme = &quantizers->scheme,
                      .profile = believer->profile,
                      .channel = errors->channel};
    if (quantizers->kept == 0 && quantizers->columns <= WORKSPACE_ELEMENTS)
        rows_align(&job.rows, (size_t)quantizers->columns);
    make_workers(&job, quantizers, pictures);
    make_pieces(&job);
    job.singles = measure_singles_possible(&job.measurer[0]);
    if (!pictures && job.singles)
        job.rounded = profile_rounded(job.profile, job.scheme);
    predictor_init(&job.predictor, quantizers, believer, stage->watch, job.measurer[0].pictures);
    bool ok;
    if (job.part) {
        ok = run_cut(&job, error);
    } else {
        watch_begin(stage->watch, "errors", job.pieces);
        ok = pool_run(stage->pool, job.pieces, whole_work, &job, stage->watch, error);
    }
    collect_pictures(&job, errors);
    predictor_collect(&job.predictor, job.sums, job.pieces, errors);
    pool_channels(errors, job.profile);
    job_done(&job);
    if (!ok) {
        part_unref(&errors->part);
        return NULL;
    }
    return errors;
}

struct theory_grid errors_theory_grid(const struct scheme *scheme,
                                      const struct channel_error *channel)
{
    const int each_side = (1 << (scheme->bits - 1)) - 1;
    return theory_grid_symmetric(channel->step,
                                 scheme_endless(scheme) ? THEORY_INFINITE : each_side);
}
