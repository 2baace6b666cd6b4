/* SPDX-License-Identifier: MIT */
#include "quant/quantizer.h"

#include <assert.h>
#include <float.h>
#include <math.h>

#include "quant/codebook_fit.h"

#define SQRT_2 1.41421356237309504880

/* Most levels that are counted one by one. */
#define COUNTED_MOST 256

/* Levels of a codebook reach no further than this, so that sums with them stay finite. */
#define MOST_REACH (DBL_MAX / 4)

/* No data has such ratios of a source and a step, and the squares of larger ones leave the range of
 * a double. */
#define RATIO_LEAST 1e-150
#define RATIO_MOST  1e150

/* ---- making ---- */

static bool is_laplace(const struct scheme *scheme, const struct unit_facts *facts)
{
    const enum levels_family family = scheme->levels.family;
    return family == LEVELS_FAMILY_LAPLACE || (family != LEVELS_FAMILY_GAUSSIAN && facts->laplace);
}

/* Location and scale of a codebook that follows a density. */
static void follow(struct quantizer *quantizer, const struct scheme *scheme,
                   const struct unit_facts *facts)
{
    const struct moments *moments = facts->moments;
    if (moments->min == moments->max) {
        quantizer->location = moments->min;
    } else if (is_laplace(scheme, facts)) {
        quantizer->location = facts->median;
        quantizer->scale = SQRT_2 * facts->deviation;
    } else {
        quantizer->location = moments->mean;
        quantizer->scale = moments_std(moments);
    }
    quantizer->scale = fmin(quantizer->scale, MOST_REACH / codebook_reach(quantizer->codebook));
}

static double mean_distance(const struct codebook *codebook)
{
    const size_t last = codebook->count - 1;
    return last > 0 ? (codebook->level[last] - codebook->level[0]) / (double)last : 0;
}

/* Where pictures see a codebook of its location and scale. */
static void measure(struct quantizer *quantizer)
{
    const struct codebook *codebook = quantizer->codebook;
    if (!codebook || !isfinite(quantizer->scale) || !isfinite(quantizer->location))
        return;
    quantizer->step = quantizer->scale * mean_distance(codebook);
    quantizer->centre = quantizer->location;
    quantizer->reach = quantizer->scale * codebook_reach(codebook);
}

/* Levels of a unit's own lie anywhere: the picture reaches from the lowest to the highest. */
static void measure_own(struct quantizer *quantizer)
{
    const struct codebook *codebook = quantizer->codebook;
    const double low = codebook->level[0], high = codebook->level[codebook->count - 1];
    quantizer->step = mean_distance(codebook);
    quantizer->centre = low / 2 + high / 2;
    quantizer->reach = high / 2 - low / 2;
}

static void make_uniform(struct quantizer *quantizer, const struct scheme *scheme,
                         const struct unit_facts *facts)
{
    quantizer->grid = grid_cover(scheme, facts->moments, &facts->found);
    quantizer->step = quantizer->grid.step;
    quantizer->centre = grid_centre(&quantizer->grid);
    quantizer->reach = quantizer->grid.clip;
}

static void make_codebook(struct quantizer *quantizer, const struct scheme *scheme,
                          const struct unit_facts *facts)
{
    quantizer->codebook = facts->codebook;
    if (facts->moments->count > 0 && scheme->levels.codebook->scale == CODEBOOK_BY_SPREAD)
        follow(quantizer, scheme, facts);
    else
        quantizer->scale = clip_threshold(&scheme->clip, facts->moments, &facts->found) /
                           codebook_reach(facts->codebook);
    measure(quantizer);
}

static void make_block(struct quantizer *quantizer, const struct scheme *scheme,
                       const struct unit_facts *facts)
{
    quantizer->format = scheme->levels.format;
    quantizer->outer =
        quantizer->format->outer ? quantizer->format->outer(facts->tensor_abs_max) : 1;
    if (!facts->place)
        return;
    quantizer->codebook = facts->codebook;
    quantizer->location = facts->place->location;
    quantizer->scale = facts->place->scale;
    measure(quantizer);
}

struct quantizer quantizer_make(const struct scheme *scheme, const struct unit_facts *facts)
{
    struct quantizer quantizer = {.kind = scheme->levels.kind};
    switch (scheme->levels.kind) {
    case LEVELS_UNIFORM:
        make_uniform(&quantizer, scheme, facts);
        break;
    case LEVELS_CODEBOOK:
        make_codebook(&quantizer, scheme, facts);
        break;
    case LEVELS_EMPIRICAL:
        quantizer.codebook = facts->codebook;
        quantizer.scale = 1;
        if (quantizer.codebook)
            measure_own(&quantizer);
        break;
    case LEVELS_BLOCKS:
        make_block(&quantizer, scheme, facts);
        break;
    }
    return quantizer;
}

/* ---- searching ---- */

struct clip_range quantizer_widest(const struct scheme *scheme, const struct moments *moments)
{
    const double most = moments_abs_max(moments);
    if (scheme->asymmetric)
        return (struct clip_range){fmin(moments->min, 0), fmax(moments->max, 0)};
    return (struct clip_range){-most, most};
}

static void write_levels(const void *context, double factor, double level[])
{
    const struct quantizer *quantizer = context;
    const struct codebook *codebook = quantizer->codebook;
    const struct grid *grid = &quantizer->grid;
    for (int code = grid->lowest; !codebook && code <= grid->highest; code++)
        *level++ = factor * (grid->step * code);
    for (size_t i = 0; codebook && i < codebook->count; i++)
        *level++ = factor * (quantizer->scale * codebook->level[i]);
}

struct clip_grids quantizer_grids(const struct quantizer *quantizer)
{
    const struct grid *grid = &quantizer->grid;
    const size_t n = quantizer->codebook ? quantizer->codebook->count
                                         : (size_t)(grid->highest - grid->lowest + 1);
    return (struct clip_grids){n, write_levels, quantizer};
}

/* ---- rounding ---- */

/* What has no levels takes all to its location. */
static void round_to_location(double location, const double w[], size_t n, double e[])
{
    for (size_t i = 0; i < n; i++)
        e[i] = location - w[i] + (w[i] - w[i]);
}

/* The lowest of the codes that levels are counted from. */
static int first_code(const struct grid *grid)
{
    return grid_is_sign(grid) ? -1 : grid->lowest;
}

static void round_uniform(const struct quantizer *quantizer, const double w[], size_t n, double e[],
                          int32_t code[])
{
    const int32_t first = first_code(&quantizer->grid);
    if (code && quantizer_levels(quantizer) == 0)
        code = NULL;
    grid_round(&quantizer->grid, w, n, e, code);
    for (size_t i = 0; code && i < n; i++)
        code[i] = isnan(e[i]) ? 0 : code[i] - first;
}

void quantizer_round(const struct quantizer *quantizer, const double w[], size_t n, double e[],
                     int32_t code[])
{
    if (quantizer->kind == LEVELS_UNIFORM)
        round_uniform(quantizer, w, n, e, code);
    else if (quantizer->kind == LEVELS_BLOCKS)
        block_format_round(quantizer->format, w, n, quantizer->outer, e);
    else if (quantizer->codebook)
        codebook_round(quantizer->codebook, quantizer->location, quantizer->scale, w, n, e,
                       quantizer_levels(quantizer) > 0 ? code : NULL);
    else
        round_to_location(quantizer->location, w, n, e);
}

uint64_t quantizer_clipped(const struct quantizer *quantizer, const double w[], size_t n)
{
    const struct codebook *codebook = quantizer->codebook;
    if (quantizer->kind == LEVELS_UNIFORM)
        return grid_clipped(&quantizer->grid, w, n);
    if (!codebook || codebook->count == 1)
        return 0;
    const size_t last = codebook->count - 1;
    const double *level = codebook->level, *threshold = codebook->threshold;
    const double location = quantizer->location, scale = quantizer->scale;
    const double low = location + scale * (level[0] - (threshold[0] - level[0]));
    const double high = location + scale * (level[last] + (level[last] - threshold[last - 1]));
    uint64_t clipped = 0;
    for (size_t i = 0; i < n; i++)
        clipped += ((w[i] < low) | (w[i] > high)) & (fabs(w[i]) <= DBL_MAX);
    return clipped;
}

/* ---- pictures ---- */

size_t quantizer_levels(const struct quantizer *quantizer)
{
    const struct grid *grid = &quantizer->grid;
    size_t levels = 0;
    if (quantizer->kind == LEVELS_UNIFORM)
        levels = grid_is_sign(grid) ? 3 : (size_t)((int64_t)grid->highest - grid->lowest) + 1;
    else if (quantizer->kind != LEVELS_BLOCKS && quantizer->codebook)
        levels = quantizer->codebook->count;
    return levels <= COUNTED_MOST ? levels : 0;
}

void quantizer_positions(const struct quantizer *quantizer, double position[])
{
    const size_t levels = quantizer_levels(quantizer);
    const struct codebook *codebook = quantizer->codebook;
    for (size_t i = 0; i < levels; i++)
        if (quantizer->kind == LEVELS_UNIFORM)
            position[i] = (2 * (double)i - (double)(levels - 1)) / (double)(levels - 1);
        else if (quantizer->kind == LEVELS_CODEBOOK)
            position[i] = codebook->level[i] / codebook_reach(codebook);
        else
            position[i] = quantizer->reach > 0
                              ? (codebook->level[i] - quantizer->centre) / quantizer->reach
                              : 0;
}

/* ---- theory ---- */

static struct theory_grid theory_grid_of(const struct grid *grid, bool endless)
{
    if (grid_is_sign(grid))
        return theory_grid_symmetric(grid->step, 0);
    return (struct theory_grid){
        .step = grid->step, .lowest = grid->lowest, .highest = grid->highest, .endless = endless};
}

/* The source as the codebook sees it. */
static struct source seen_by_codebook(const struct quantizer *quantizer,
                                      const struct source *source)
{
    struct source seen = *source;
    seen.mean = (source->mean - quantizer->location) / quantizer->scale;
    seen.std = fmax(source->std / quantizer->scale, RATIO_LEAST);
    return seen;
}

static struct theory_codebook theory_codebook_of(const struct codebook *codebook)
{
    return (struct theory_codebook){codebook->level, codebook->threshold, codebook->count};
}

/* Levels so close together that for this source they are one. */
static bool is_point(const struct quantizer *quantizer, const struct source *source, bool endless)
{
    const double far = fmax(fabs(source->mean - quantizer->location), source->std);
    if (quantizer->kind == LEVELS_UNIFORM && endless)
        return !(quantizer->step > 0);
    return !(far < RATIO_MOST * quantizer->step);
}

/* All goes to one place. */
static struct prediction predict_point(const struct source *source, double place)
{
    const double variance = source->std * source->std, mean = place - source->mean;
    const double mse = variance + mean * mean;
    return (struct prediction){.mean = mean,
                               .variance = variance,
                               .mse = mse,
                               .overload = mse,
                               .covariance = -variance,
                               .clipped = 1};
}

static struct prediction predict_codebook(const struct quantizer *quantizer,
                                          const struct source *source)
{
    const struct source seen = seen_by_codebook(quantizer, source);
    const struct theory_codebook codebook = theory_codebook_of(quantizer->codebook);
    struct prediction prediction = theory_predict_codebook(&seen, &codebook);
    const double scale = quantizer->scale;
    prediction.mean *= scale;
    prediction.variance = prediction.variance * scale * scale;
    prediction.granular = prediction.granular * scale * scale;
    prediction.overload = prediction.overload * scale * scale;
    prediction.mse = prediction.granular + prediction.overload;
    prediction.covariance = prediction.covariance * scale * scale;
    return prediction;
}

static struct prediction predict_nothing(void)
{
    const double nan = NAN;
    return (struct prediction){nan, nan, nan, nan, nan, nan, nan};
}

struct prediction quantizer_predict(const struct quantizer *quantizer, const struct source *source,
                                    bool endless)
{
    assert(quantizer->kind != LEVELS_BLOCKS || quantizer->codebook);
    if (!isfinite(quantizer->scale) || !isfinite(quantizer->location))
        return predict_nothing();
    if (is_point(quantizer, source, endless))
        return predict_point(source, quantizer->centre);
    if (quantizer->kind != LEVELS_UNIFORM)
        return predict_codebook(quantizer, source);
    const struct theory_grid grid = theory_grid_of(&quantizer->grid, endless);
    return theory_predict(source, &grid);
}

void quantizer_add_curve(const struct quantizer *quantizer, const struct source *source,
                         bool endless, double weight, const double t[], size_t n, double cdf[])
{
    assert(quantizer->kind != LEVELS_BLOCKS || quantizer->codebook);
    if (!(quantizer->step > 0))
        return;
    if (is_point(quantizer, source, endless)) {
        const double above = 1 - source->type->cdf(source, quantizer->centre);
        for (size_t i = 0; i < n; i++)
            cdf[i] += weight * above;
        return;
    }
    if (quantizer->kind == LEVELS_UNIFORM) {
        const struct theory_grid grid = theory_grid_of(&quantizer->grid, endless);
        theory_add_curve(source, &grid, weight, t, n, cdf);
        return;
    }
    const struct source seen = seen_by_codebook(quantizer, source);
    const struct theory_codebook codebook = theory_codebook_of(quantizer->codebook);
    theory_codebook_add_curve(&seen, &codebook, quantizer->step / quantizer->scale, weight, t, n,
                              cdf);
}
