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

/* Adds w, one of n elements, to the extremes. */
static void add_extreme(struct quantizer *quantizer, double w, double n)
{
    const struct codebook *codebook = quantizer->codebook;
    struct theory_extremes *extremes = &quantizer->extremes;
    const double x = (w - quantizer->location) / quantizer->scale;
    const double e = codebook->level[codebook_nearest(codebook, x)] - x;
    extremes->share += 1 / n;
    extremes->x += x / n;
    extremes->e += e / n;
    extremes->ee += e * e / n;
    extremes->xe += x * e / n;
}

/* What the scale says of the unit that it was made of: its largest magnitude, or, where levels
 * begin at the location, both of its ends. */
static void note_extremes(struct quantizer *quantizer, const struct moments *moments)
{
    const double n = (double)moments->count, most = moments_abs_max(moments);
    const double location = quantizer->location, scale = quantizer->scale;
    const bool both = !(quantizer->codebook->level[0] < 0);
    if (!(scale > 0) || !isfinite(scale) || !isfinite(location))
        return;
    const double low = ((both ? moments->min : -most) - location) / scale;
    const double high = ((both ? moments->max : most) - location) / scale;
    if (!isfinite(low) || !isfinite(high))
        return;
    quantizer->extremes.low = low;
    quantizer->extremes.high = high;
    if (both || moments->min == -most)
        add_extreme(quantizer, moments->min, n);
    if ((both && moments->count > 1) || moments->min != -most)
        add_extreme(quantizer, moments->max, n);
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
    if (facts->moments->count > 0 && scheme->levels.codebook->scale == CODEBOOK_BY_CLIP &&
        scheme->clip.rule == CLIP_MAX)
        note_extremes(quantizer, facts->moments);
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
    note_extremes(quantizer, facts->moments);
    measure(quantizer);
}

struct quantizer quantizer_make(const struct scheme *scheme, const struct unit_facts *facts)
{
    struct quantizer quantizer = {.kind = scheme->levels.kind, .extremes = theory_extremes_none()};
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
                                         : (size_t)((int64_t)grid->highest - grid->lowest) + 1;
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
