/* SPDX-License-Identifier: MIT */
#include "engine/quantizers.h"

#include "base/mem.h"
#include "engine/clips.h"
#include "engine/fits.h"
#include "engine/sample.h"
#include "quant/lloyd_max.h"

/* Quantiles that the levels of a large unit's own values are found from. */
#define QUANTILES_MOST 262144

/* ---- what a scheme needs ---- */

static bool follows_density(const struct scheme *scheme)
{
    return scheme->levels.kind == LEVELS_CODEBOOK &&
           scheme->levels.codebook->scale == CODEBOOK_BY_SPREAD;
}

bool quantizers_want_family(const struct scheme *scheme)
{
    return (scheme->clip.rule == CLIP_ACIQ && scheme_searches(scheme)) ||
           (follows_density(scheme) && scheme->levels.family == LEVELS_FAMILY_TENSOR);
}

bool quantizers_want_tensor(const struct scheme *scheme)
{
    const bool outer = scheme->levels.kind == LEVELS_BLOCKS && scheme->levels.format->outer;
    return outer || scheme_granularity(scheme).rows != 1 || quantizers_want_family(scheme);
}

/* ---- units that fit a worker's buffer ---- */

struct fit_job {
    const struct rows *units;
    struct fitter **fitter; /* by worker */
    struct quantizers *quantizers;
};

static void keep(struct quantizers *quantizers, size_t i, const struct quantizer *fitted)
{
    struct quantizer *unit = &quantizers->unit[i];
    *unit = *fitted;
    if (quantizers->scheme.levels.kind == LEVELS_EMPIRICAL && unit->codebook)
        unit->codebook = codebook_of_levels(unit->codebook->level, unit->codebook->count,
                                            unit->codebook->tie_up);
}

static bool fit_work(void *context, size_t batch, struct workspace *workspace, struct error *error)
{
    const struct fit_job *job = context;
    const struct rows_batch range = rows_batch(job->units, batch);
    for (size_t i = range.part; i < range.part + range.parts; i++) {
        if (!rows_read(job->units, i, workspace->values, workspace->scratch, error))
            return false;
        const struct quantizer fitted = fitter_fit(job->fitter[workspace->index], workspace->values,
                                                   rows_part_length(job->units, i));
        keep(job->quantizers, i, &fitted);
    }
    return true;
}

static struct fitter *new_fitter(const struct quantizers *quantizers)
{
    return fitter_new(&quantizers->scheme, quantizers->books, quantizers->laplace,
                      quantizers->abs_max);
}

static bool fit_units(struct quantizers *quantizers, const struct stage *stage, struct error *error)
{
    const unsigned workers = pool_size(stage->pool);
    struct fit_job job = {stage->rows, mem_alloc(workers, sizeof *job.fitter), quantizers};
    for (unsigned i = 0; i < workers; i++)
        job.fitter[i] = new_fitter(quantizers);
    watch_begin(stage->watch, "levels", stage->rows->batches);
    const bool ok =
        pool_run(stage->pool, stage->rows->batches, fit_work, &job, stage->watch, error);
    for (unsigned i = 0; i < workers; i++)
        fitter_free(job.fitter[i]);
    mem_free(job.fitter);
    return ok;
}

/* ---- larger ones: what is to be known of them is found stage by stage ---- */

/* Of each unit, as far as the scheme needs it. */
struct knowledge {
    const struct profile *profile;
    struct clip_range *found;
    struct fit *fit;
    bool *laplace;
};

static bool find_families(const struct stage *stage, const struct profile *profile, bool laplace[],
                          struct error *error)
{
    for (size_t i = 0; i < stage->rows->channels; i++) {
        struct rows one;
        struct profile own = {.channels = 1, .total = profile->channel[i]};
        rows_one(stage->rows, i, &one);
        const struct stage alone = {stage->pool, &one, stage->watch};
        const struct family *family = family_compute(&alone, &own, error);
        if (!family)
            return false;
        laplace[i] = family->laplace;
        part_unref(&family->part);
    }
    return true;
}

/* Family, location and scale for codebooks that follow a density. */
static bool find_spreads(struct knowledge *knowledge, const struct quantizers *quantizers,
                         const struct stage *stage, struct error *error)
{
    const enum levels_family family = quantizers->scheme.levels.family;
    const size_t n = stage->rows->channels;
    bool any = false;
    knowledge->laplace = mem_zero(n, sizeof *knowledge->laplace);
    if (family == LEVELS_FAMILY_UNIT &&
        !find_families(stage, knowledge->profile, knowledge->laplace, error))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (family != LEVELS_FAMILY_UNIT)
            knowledge->laplace[i] = family == LEVELS_FAMILY_LAPLACE ||
                                    (family == LEVELS_FAMILY_TENSOR && quantizers->laplace);
        any = any || knowledge->laplace[i];
    }
    if (!any)
        return true;
    knowledge->fit = mem_alloc(n, sizeof *knowledge->fit);
    return fits_compute(stage, knowledge->profile, knowledge->fit, error);
}

static const struct codebook *shared_codebook(const struct quantizers *quantizers, bool laplace)
{
    return books_codebook(quantizers->books, laplace);
}

static bool find_knowledge(struct knowledge *knowledge, const struct quantizers *quantizers,
                           const struct stage *stage, struct error *error)
{
    if (follows_density(&quantizers->scheme))
        return find_spreads(knowledge, quantizers, stage, error);
    if (!scheme_searches(&quantizers->scheme))
        return true;
    knowledge->found = mem_alloc(stage->rows->channels, sizeof *knowledge->found);
    return clips_compute(stage, &quantizers->scheme, knowledge->profile,
                         shared_codebook(quantizers, false), quantizers->laplace, knowledge->found,
                         error);
}

/* At most QUANTILES_MOST of the values in order, in a new array. */
static double *take_quantiles(const struct sample *sample, size_t *n)
{
    *n = sample->n < QUANTILES_MOST ? (size_t)sample->n : QUANTILES_MOST;
    uint64_t *rank = mem_alloc(*n, sizeof *rank);
    double *quantile = mem_alloc(*n, sizeof *quantile);
    for (size_t i = 0; i < *n; i++)
        rank[i] = (uint64_t)(((double)i + 0.5) / (double)*n * (double)sample->n);
    sample_quantiles(sample, rank, *n, quantile);
    mem_free(rank);
    return quantile;
}

/* Levels of a unit's own values.  *codebook is NULL for one without finite values. */
static bool find_levels(const struct stage *stage, int bits, struct codebook **codebook,
                        struct error *error)
{
    struct sample sample;
    if (!sample_read(&sample, stage, "levels", NULL, NULL, error))
        return false;
    size_t n;
    double *quantile = take_quantiles(&sample, &n);
    *codebook = n > 0 ? lloyd_max_empirical(quantile, n, bits) : NULL;
    mem_free(quantile);
    sample_done(&sample);
    return true;
}

static bool make_unit(struct quantizers *quantizers, const struct stage *stage,
                      const struct knowledge *knowledge, size_t i, struct error *error)
{
    const struct scheme *scheme = &quantizers->scheme;
    struct unit_facts facts = {.moments = &knowledge->profile->channel[i],
                               .laplace = knowledge->laplace && knowledge->laplace[i],
                               .tensor_abs_max = quantizers->abs_max};
    struct codebook *own = NULL;
    if (scheme->levels.kind == LEVELS_EMPIRICAL) {
        struct rows one;
        rows_one(stage->rows, i, &one);
        const struct stage alone = {stage->pool, &one, stage->watch};
        if (!find_levels(&alone, scheme->bits, &own, error))
            return false;
        facts.codebook = own;
    } else {
        facts.codebook = shared_codebook(quantizers, facts.laplace);
    }
    if (knowledge->found)
        facts.found = knowledge->found[i];
    if (knowledge->fit) {
        facts.median = knowledge->fit[i].median;
        facts.deviation = knowledge->fit[i].deviation;
    }
    quantizers->unit[i] = quantizer_make(scheme, &facts);
    return true;
}

/* knowledge->profile is that of the units. */
static bool make_units(struct quantizers *quantizers, const struct stage *stage,
                       struct knowledge *knowledge, struct error *error)
{
    bool ok = find_knowledge(knowledge, quantizers, stage, error);
    for (size_t i = 0; ok && i < stage->rows->channels; i++)
        ok = make_unit(quantizers, stage, knowledge, i, error);
    mem_free(knowledge->found);
    mem_free(knowledge->fit);
    mem_free(knowledge->laplace);
    return ok;
}

/* The moments of units that are rows, or all there is, are known. */
static bool know_units(struct quantizers *quantizers, const struct stage *stage,
                       const struct profile *profile, struct error *error)
{
    struct moments total = profile->total;
    const struct profile all = {.channels = 1, .channel = &total, .total = total};
    struct knowledge knowledge = {.profile = profile};
    if (quantizers->single)
        knowledge.profile = &all;
    else if (quantizers->lines > 1 || quantizers->across > 1)
        knowledge.profile = profile_compute(stage, error);
    if (!knowledge.profile)
        return false;
    const bool ok = make_units(quantizers, stage, &knowledge, error);
    if (knowledge.profile != profile && knowledge.profile != &all)
        part_unref(&knowledge.profile->part);
    return ok;
}

/* ---- all ---- */

static void quantizers_free(struct part *part)
{
    struct quantizers *quantizers = (struct quantizers *)part;
    const bool own = quantizers->scheme.levels.kind == LEVELS_EMPIRICAL;
    for (size_t i = 0; own && i < quantizers->kept; i++)
        codebook_free((struct codebook *)quantizers->unit[i].codebook);
    mem_free(quantizers->unit);
    books_free(quantizers->books);
    mem_free(quantizers);
}

static uint64_t side_of(uint64_t asked, uint64_t all)
{
    const uint64_t side = asked == 0 || asked > all ? all : asked;
    return side > 0 ? side : 1;
}

static struct quantizers *new_quantizers(const struct scheme *scheme, const struct rows *rows)
{
    const struct granularity granularity = scheme_granularity(scheme);
    struct quantizers *quantizers = mem_zero(1, sizeof *quantizers);
    part_init(&quantizers->part, sizeof *quantizers, quantizers_free);
    quantizers->scheme = *scheme;
    quantizers->first = rows->first;
    quantizers->lines = side_of(granularity.rows, rows->lines);
    quantizers->columns = side_of(granularity.columns, rows->columns);
    quantizers->across =
        rows->columns > 0 ? (size_t)((rows->columns - 1) / quantizers->columns) + 1 : 1;
    quantizers->single = quantizers->across == 1 && quantizers->lines >= rows->lines;
    return quantizers;
}

/* Memory for the units that must be kept; none if they need not. */
static bool make_room(struct quantizers *quantizers, const struct rows *units, struct error *error)
{
    const struct scheme *scheme = &quantizers->scheme;
    if (units->unit_lines == 1 && units->length <= WORKSPACE_ELEMENTS)
        return true;
    if (units->channels > QUANTIZERS_MOST)
        return error_set(error, ERROR_USAGE, "%s: %zu units over several channels, more than %llu",
                         units->tensor->label, units->channels,
                         (unsigned long long)QUANTIZERS_MOST);
    if (scheme->levels.kind == LEVELS_EMPIRICAL &&
        (uint64_t)units->channels << scheme->bits > QUANTIZERS_LEVELS_MOST)
        return error_set(error, ERROR_USAGE,
                         "%s: %zu units over several channels, each with %d levels of its own, are "
                         "too many",
                         units->tensor->label, units->channels, 1 << scheme->bits);
    quantizers->kept = units->channels;
    quantizers->unit = mem_zero(units->channels, sizeof *quantizers->unit);
    quantizers->part.bytes += units->channels * sizeof *quantizers->unit;
    if (scheme->levels.kind == LEVELS_EMPIRICAL) /* level, threshold, index: some 32 bytes each */
        quantizers->part.bytes += (units->channels << scheme->bits) * 32;
    return true;
}

const struct quantizers *quantizers_compute(const struct stage *stage, const struct scheme *scheme,
                                            const struct profile *profile,
                                            const struct profile *tensor,
                                            const struct family *family, struct error *error)
{
    if (!scheme_check(scheme, error))
        return NULL;
    struct quantizers *quantizers = new_quantizers(scheme, stage->rows);
    struct rows units;
    rows_units(stage->rows, quantizers->lines, quantizers->columns, &units);
    const struct stage by_unit = {stage->pool, &units, stage->watch};
    quantizers->laplace = family && family->laplace;
    quantizers->abs_max = moments_abs_max(&tensor->total);
    quantizers->books = books_make(scheme, error);
    bool ok = quantizers->books && make_room(quantizers, &units, error);
    if (ok && quantizers->kept > 0)
        ok = units.length <= WORKSPACE_ELEMENTS ? fit_units(quantizers, &by_unit, error)
                                                : know_units(quantizers, &by_unit, profile, error);
    if (!ok) {
        part_unref(&quantizers->part);
        return NULL;
    }
    return quantizers;
}

struct fitter *quantizers_fitter(const struct quantizers *quantizers)
{
    return quantizers->kept > 0 ? NULL : new_fitter(quantizers);
}

bool quantizers_last(const struct quantizers *quantizers)
{
    return quantizers->scheme.levels.kind != LEVELS_EMPIRICAL || quantizers->kept > 0 ||
           quantizers->across == 1;
}

/* Whether the moments of a unit say all that is to be known of it. */
static bool moments_suffice(const struct scheme *scheme)
{
    return !scheme_searches(scheme) &&
           (scheme->levels.kind == LEVELS_UNIFORM ||
            (scheme->levels.kind == LEVELS_CODEBOOK && !follows_density(scheme)));
}

bool quantizers_want_values(const struct quantizers *quantizers)
{
    return quantizers->kept == 0 && !moments_suffice(&quantizers->scheme);
}

struct quantizer quantizers_at(const struct quantizers *quantizers, struct fitter *fitter,
                               uint64_t channel, uint64_t column, const struct moments *moments,
                               const double w[], size_t n)
{
    const struct scheme *scheme = &quantizers->scheme;
    if (quantizers->kept > 0)
        return quantizers
            ->unit[(channel - quantizers->first) / quantizers->lines * quantizers->across +
                   column / quantizers->columns];
    if (moments && moments_suffice(scheme)) {
        const struct unit_facts facts = {.moments = moments,
                                         .codebook = shared_codebook(quantizers, false)};
        return quantizer_make(scheme, &facts);
    }
    return fitter_fit(fitter, w, n);
}
