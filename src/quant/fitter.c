/* SPDX-License-Identifier: MIT */
#include "quant/fitter.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "quant/aciq.h"
#include "quant/clip_search.h"
#include "quant/lloyd_max.h"
#include "stats/kolmogorov.h"
#include "stats/quantile.h"

struct fitter {
    struct scheme scheme;
    const struct books *books;
    bool laplace;
    double tensor_abs_max;
    double alpha; /* of CLIP_ACIQ: the clip in the unit's deviations */

    struct codebook *own; /* the last unit's, of LEVELS_EMPIRICAL */
    struct block_place place;
    struct clip_sample *sample;
    double *finite; /* the last unit's finite values, in no order or ascending */
    size_t room;
};

struct fitter *fitter_new(const struct scheme *scheme, const struct books *books, bool laplace,
                          double tensor_abs_max)
{
    struct fitter *fitter = mem_zero(1, sizeof *fitter);
    fitter->scheme = *scheme;
    fitter->books = books;
    fitter->laplace = laplace;
    fitter->tensor_abs_max = tensor_abs_max;
    if (scheme->clip.rule == CLIP_ACIQ)
        fitter->alpha = laplace ? aciq_laplace(scheme->bits) : aciq_gaussian(scheme->bits);
    return fitter;
}

void fitter_free(struct fitter *fitter)
{
    if (!fitter)
        return;
    codebook_free(fitter->own);
    clip_sample_free(fitter->sample);
    mem_free(fitter->finite);
    mem_free(fitter);
}

/* The finite values of a unit, copied to where they may be put in order; returns their number. */
static size_t copy_finite(struct fitter *fitter, const double w[], size_t n)
{
    fitter->finite = mem_grow(fitter->finite, &fitter->room, n, sizeof *fitter->finite);
    memcpy(fitter->finite, w, n * sizeof *w);
    return quantile_keep_finite(fitter->finite, n);
}

static double mean_deviation(const double x[], size_t n, double from)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += fabs(x[i] - from);
    return sum / (double)n;
}

/* What a Laplace is fitted by (MATH §2.5). */
static void fit_laplace(struct fitter *fitter, struct unit_facts *facts, const double w[], size_t n)
{
    n = copy_finite(fitter, w, n);
    facts->median = quantile_percentile(fitter->finite, n, 50);
    facts->deviation = mean_deviation(fitter->finite, n, facts->median);
}

/* Gives the unit the family that its own values are nearer to (MATH §5.2). */
static void choose_family(struct fitter *fitter, struct unit_facts *facts, const double w[],
                          size_t n)
{
    fit_laplace(fitter, facts, w, n);
    const double mean = facts->moments->mean, std = moments_std(facts->moments);
    if (!(std > 0) || !isfinite(std) || !(facts->deviation > 0))
        return;
    const struct source gaussian = {.type = &source_gaussian, .mean = mean, .std = std};
    const struct source laplace = {
        .type = &source_laplace, .mean = facts->median, .std = M_SQRT2 * facts->deviation};
    n = facts->moments->count;
    quantile_sort(fitter->finite, n);
    facts->laplace = kolmogorov_distance(fitter->finite, n, &laplace) <
                     kolmogorov_distance(fitter->finite, n, &gaussian);
}

static void fit_family(struct fitter *fitter, struct unit_facts *facts, const double w[], size_t n)
{
    const struct levels *levels = &fitter->scheme.levels;
    if (levels->codebook->scale == CODEBOOK_BY_SPREAD) {
        if (levels->family == LEVELS_FAMILY_UNIT)
            choose_family(fitter, facts, w, n);
        else if (levels->family == LEVELS_FAMILY_LAPLACE ||
                 (levels->family == LEVELS_FAMILY_TENSOR && facts->laplace))
            fit_laplace(fitter, facts, w, n);
    }
    facts->codebook = books_codebook(fitter->books, facts->laplace);
}

static void fit_own(struct fitter *fitter, struct unit_facts *facts, const double w[], size_t n)
{
    n = copy_finite(fitter, w, n);
    codebook_free(fitter->own);
    quantile_sort(fitter->finite, n);
    fitter->own = lloyd_max_empirical(fitter->finite, n, fitter->scheme.bits);
    facts->codebook = fitter->own;
}

static void fit_block(struct fitter *fitter, struct unit_facts *facts, const double w[], size_t n)
{
    const struct block_format *format = fitter->scheme.levels.format;
    const double outer = format->outer ? format->outer(fitter->tensor_abs_max) : 1;
    assert(n <= format->block);
    fitter->place = block_format_place(format, w, n, outer);
    facts->place = &fitter->place;
    facts->codebook = books_elements(fitter->books, fitter->place.mirrored);
}

static struct clip_range shrunk(const struct clip_range *range, double factor)
{
    return (struct clip_range){factor * range->low, factor * range->high};
}

/* Percentiles of the magnitudes, or of the weights themselves. */
static struct clip_range find_percentile(struct fitter *fitter, const double w[], size_t n)
{
    const double p = fitter->scheme.clip.parameter;
    n = copy_finite(fitter, w, n);
    if (fitter->scheme.asymmetric) {
        const double low = quantile_percentile(fitter->finite, n, 100 - p);
        return (struct clip_range){low, quantile_percentile(fitter->finite, n, p)};
    }
    for (size_t i = 0; i < n; i++)
        fitter->finite[i] = fabs(fitter->finite[i]);
    const double threshold = quantile_percentile(fitter->finite, n, p);
    return (struct clip_range){-threshold, threshold};
}

static struct clip_range find_analytical(struct fitter *fitter, struct unit_facts *facts,
                                         const double w[], size_t n)
{
    const struct clip_range widest = quantizer_widest(&fitter->scheme, facts->moments);
    double deviation = moments_std(facts->moments);
    if (fitter->laplace) {
        fit_laplace(fitter, facts, w, n);
        deviation = facts->deviation;
    }
    const double factor = fitter->alpha * deviation / moments_abs_max(facts->moments);
    return shrunk(&widest, fmin(factor, 1));
}

/* The factor of least error on the levels of the widest range. */
static struct clip_range find_best(struct fitter *fitter, const struct unit_facts *facts,
                                   const double w[], size_t n)
{
    const struct clip *clip = &fitter->scheme.clip;
    struct scheme scheme = fitter->scheme;
    scheme.clip = clip_default(CLIP_MAX);
    const struct quantizer quantizer = quantizer_make(&scheme, facts);
    const struct clip_grids grids = quantizer_grids(&quantizer);
    const struct clip_range widest = quantizer_widest(&scheme, facts->moments);
    fitter->sample = clip_sample_make(fitter->sample, w, n);
    return shrunk(&widest, clip->rule == CLIP_LP
                               ? clip_search_lp(fitter->sample, &grids, clip->parameter)
                               : clip_search_mse(fitter->sample, &grids));
}

static struct clip_range find_range(struct fitter *fitter, struct unit_facts *facts,
                                    const double w[], size_t n)
{
    if (fitter->scheme.clip.rule == CLIP_PERCENTILE)
        return find_percentile(fitter, w, n);
    if (fitter->scheme.clip.rule == CLIP_ACIQ)
        return find_analytical(fitter, facts, w, n);
    return find_best(fitter, facts, w, n);
}

struct quantizer fitter_fit(struct fitter *fitter, const double w[], size_t n)
{
    struct moments moments = {0};
    struct unit_facts facts = {
        .moments = &moments, .laplace = fitter->laplace, .tensor_abs_max = fitter->tensor_abs_max};
    const enum levels_kind kind = fitter->scheme.levels.kind;
    moments_add(&moments, w, n);
    if (kind == LEVELS_CODEBOOK && moments.count == 0)
        facts.codebook = books_codebook(fitter->books, fitter->laplace);
    else if (kind == LEVELS_CODEBOOK)
        fit_family(fitter, &facts, w, n);
    else if (kind == LEVELS_EMPIRICAL && moments.count > 0)
        fit_own(fitter, &facts, w, n);
    else if (kind == LEVELS_BLOCKS && moments_abs_max(&moments) > 0)
        fit_block(fitter, &facts, w, n);
    if (scheme_searches(&fitter->scheme) && moments_abs_max(&moments) > 0)
        facts.found = find_range(fitter, &facts, w, n);
    return quantizer_make(&fitter->scheme, &facts);
}
