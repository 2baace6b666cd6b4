/* SPDX-License-Identifier: MIT */
#include "engine/curve.h"

#include <assert.h>
#include <math.h>

#include "base/mem.h"
#include "quant/fitter.h"
#include "quant/quantizer.h"

/* Rows are summed in at most so many groups, in the order of the groups, so that the sums do not
 * depend on who worked on what. */
#define GROUPS_MOST 256

/* Sums over the elements of some rows. */
struct sum {
    double elements, believed; /* of all rows, and of those that have a density */
    struct clip_error measured[CURVE_POINTS], theory[CURVE_THEORY_POINTS];
    double ranges; /* rows that have one */
    struct clip_best own;
};

struct job {
    const struct rows *rows;
    const struct scheme *scheme;
    const struct codebook *codebook; /* NULL: a uniform grid */
    const struct believer *believer;
    struct watch *watch;
    struct curve *curve;         /* whose factors are set */
    struct clip_sample **sample; /* by worker; its memory serves row after row */
    struct sum *sum;             /* by group */
    size_t per_group;
};

const char *curve_refusal(const struct scheme *scheme)
{
    const struct granularity granularity = scheme_granularity(scheme);
    if (!levels_take_clip(&scheme->levels))
        return "these levels follow the weights: no clip";
    if (scheme->clip.rule == CLIP_STEP)
        return "a grid without ends has no clip";
    if (scheme->levels.kind == LEVELS_UNIFORM && scheme->bits == 1)
        return "one bit has no clip: levels are +-mean |w|";
    if (!granularity_equal(&granularity, &GRANULARITY_CHANNEL))
        return "drawn for a clip per channel only";
    if (scheme->correct_mean || scheme->correct_norm)
        return "drawn without bias correction only";
    return NULL;
}

/* The quantizer that reaches as far as a row's weights do: that of factor 1. */
static struct quantizer widest_quantizer(const struct scheme *scheme,
                                         const struct codebook *codebook,
                                         const struct moments *moments)
{
    struct scheme whole = *scheme;
    whole.clip = clip_default(CLIP_MAX);
    return quantizer_make(&whole, &(struct unit_facts){.moments = moments, .codebook = codebook});
}

/* Reads a row, part by part if it is longer than a worker's buffer, into the worker's sample. */
static bool read_row(const struct job *job, size_t row, struct workspace *workspace,
                     struct error *error)
{
    const struct rows *rows = job->rows;
    const size_t parts = rows->parts_per_channel;
    struct clip_sample **sample = &job->sample[workspace->index];
    if (parts == 1) {
        if (!rows_read(rows, row, workspace->values, workspace->scratch, error))
            return false;
        *sample = clip_sample_make(*sample, workspace->values, rows_part_length(rows, row));
        return true;
    }
    const struct moments *moments = &job->believer->profile->channel[row];
    *sample = clip_sample_begin(*sample, moments->min, moments->max);
    for (size_t i = row * parts; i < (row + 1) * parts; i++) {
        if (atomic_load(&job->watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        if (!rows_read(rows, i, workspace->values, workspace->scratch, error))
            return false;
        clip_sample_add(*sample, workspace->values, rows_part_length(rows, i));
    }
    clip_sample_end(*sample);
    return true;
}

static void add(struct clip_error sum[], size_t points, double n, const struct clip_error error[])
{
    for (size_t k = 0; k < points; k++) {
        sum[k].mse += n * error[k].mse;
        sum[k].granular += n * error[k].granular;
        sum[k].overload += n * error[k].overload;
    }
}

static void add_measured(const struct job *job, double n, const struct clip_sample *sample,
                         const struct quantizer *widest, struct sum *sum)
{
    struct clip_error error[CURVE_POINTS];
    const struct clip_grids grids = quantizer_grids(widest);
    clip_curve_measure(sample, &grids, job->curve->factor, CURVE_POINTS, error);
    add(sum->measured, CURVE_POINTS, n, error);
    const double own = clip_search_mse(sample, &grids);
    clip_curve_measure(sample, &grids, &own, 1, error);
    sum->own.factor += own;
    sum->own.mse += n * error[0].mse;
    sum->ranges += 1;
}

static bool add_theory(const struct job *job, size_t row, double n, const struct quantizer *widest,
                       struct workspace *workspace, struct sum *sum, struct error *error)
{
    struct source source;
    struct source_table *table;
    if (!believer_source(job->believer, row, workspace, job->watch, &source, &table, error))
        return false;
    if (source.type) {
        struct clip_error theory[CURVE_THEORY_POINTS];
        clip_curve_predict(&source, widest, job->curve->theory_factor, CURVE_THEORY_POINTS, theory);
        add(sum->theory, CURVE_THEORY_POINTS, n, theory);
        sum->believed += n;
    }
    source_table_free(table);
    return true;
}

static bool add_row(const struct job *job, size_t row, struct workspace *workspace, struct sum *sum,
                    struct error *error)
{
    const struct moments *moments = &job->believer->profile->channel[row];
    const double n = (double)moments->count;
    sum->elements += n;
    /* Zeros make no error. */
    if (moments->count == 0 || moments_abs_max(moments) == 0)
        return true;
    if (!read_row(job, row, workspace, error))
        return false;
    const struct quantizer widest = widest_quantizer(job->scheme, job->codebook, moments);
    add_measured(job, n, job->sample[workspace->index], &widest, sum);
    return add_theory(job, row, n, &widest, workspace, sum, error);
}

static bool work(void *context, size_t group, struct workspace *workspace, struct error *error)
{
    const struct job *job = context;
    const size_t end = (group + 1) * job->per_group;
    for (size_t row = group * job->per_group; row < end && row < job->rows->channels; row++) {
        if (atomic_load(&job->watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
        if (!add_row(job, row, workspace, &job->sum[group], error))
            return false;
    }
    return true;
}

static void curve_free(struct part *part)
{
    mem_free(part);
}

static void add_sum(struct sum *to, const struct sum *more)
{
    add(to->measured, CURVE_POINTS, 1, more->measured);
    add(to->theory, CURVE_THEORY_POINTS, 1, more->theory);
    to->elements += more->elements;
    to->believed += more->believed;
    to->own.factor += more->own.factor;
    to->own.mse += more->own.mse;
    to->ranges += more->ranges;
}

/* Where there is nothing to divide by these are 0/0, not defined. */
static void divide(struct clip_error mean[], const struct clip_error sum[], size_t points, double n)
{
    for (size_t k = 0; k < points; k++)
        mean[k] = (struct clip_error){sum[k].mse / n, sum[k].granular / n, sum[k].overload / n};
}

static void collect(const struct job *job, size_t groups)
{
    struct curve *curve = job->curve;
    struct sum *all = &job->sum[0];
    for (size_t g = 1; g < groups; g++)
        add_sum(all, &job->sum[g]);
    const double elements = all->ranges > 0 ? all->elements : 0;
    divide(curve->measured, all->measured, CURVE_POINTS, elements);
    divide(curve->theory, all->theory, CURVE_THEORY_POINTS, all->believed);
    curve->best = clip_curve_best(curve->factor, curve->measured, CURVE_WHOLE + 1);
    curve->theory_best =
        clip_curve_best(curve->theory_factor, curve->theory, CURVE_THEORY_WHOLE + 1);
    curve->own = (struct clip_best){all->own.factor / all->ranges, all->own.mse / elements};
    if (all->ranges == 1)
        curve->best = curve->own;
}

static struct curve *curve_new(void)
{
    struct curve *curve = mem_zero(1, sizeof *curve);
    part_init(&curve->part, sizeof *curve, curve_free);
    for (int k = 0; k < CURVE_POINTS; k++)
        curve->factor[k] = exp2((double)(k - CURVE_WHOLE) / CURVE_PER_OCTAVE);
    for (size_t k = 0; k < CURVE_THEORY_POINTS; k++)
        curve->theory_factor[k] = curve->factor[2 * k];
    return curve;
}

static const struct curve *compute(const struct stage *stage, const struct scheme *scheme,
                                   const struct codebook *codebook, const struct believer *believer,
                                   struct error *error)
{
    const struct rows *rows = stage->rows;
    const unsigned workers = pool_size(stage->pool);
    struct job job = {.rows = rows,
                      .scheme = scheme,
                      .codebook = codebook,
                      .believer = believer,
                      .watch = stage->watch,
                      .curve = curve_new(),
                      .sample = mem_zero(workers, sizeof *job.sample),
                      .per_group = rows->channels / GROUPS_MOST + 1};
    const size_t groups = (rows->channels + job.per_group - 1) / job.per_group;
    /* One at least: a tensor without channels has a curve without values. */
    job.sum = mem_zero(groups > 0 ? groups : 1, sizeof *job.sum);
    watch_begin(stage->watch, "clip curve", groups);
    const bool ok = pool_run(stage->pool, groups, work, &job, stage->watch, error);
    if (ok)
        collect(&job, groups);
    for (unsigned i = 0; i < workers; i++)
        clip_sample_free(job.sample[i]);
    mem_free(job.sample);
    mem_free(job.sum);
    if (ok)
        return job.curve;
    part_unref(&job.curve->part);
    return NULL;
}

const struct curve *curve_compute(const struct stage *stage, const struct scheme *scheme,
                                  const struct believer *believer, struct error *error)
{
    assert(!curve_refusal(scheme));
    struct books *books = books_make(scheme, error);
    if (!books)
        return NULL;
    const struct curve *curve =
        compute(stage, scheme, books_codebook(books, false), believer, error);
    books_free(books);
    return curve;
}

struct curve_place curve_place_of(const struct scheme *scheme, const struct errors *errors,
                                  const struct profile *profile)
{
    struct curve_place place = {INFINITY, 0, 0};
    double ranges = 0;
    for (size_t i = 0; i < errors->channels; i++) {
        const struct moments *moments = &profile->channel[i];
        if (moments->count == 0 || moments_abs_max(moments) == 0)
            continue;
        const struct clip_range widest = quantizer_widest(scheme, moments);
        const double factor = errors->channel[i].clip / (widest.high / 2 - widest.low / 2);
        place.least = fmin(place.least, factor);
        place.most = fmax(place.most, factor);
        place.mean += factor;
        ranges += 1;
    }
    place.mean /= ranges;
    return ranges > 0 ? place : (struct curve_place){NAN, NAN, NAN};
}
