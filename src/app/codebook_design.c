/* SPDX-License-Identifier: MIT */
#include "app/codebook_design.h"

#include <math.h>

#include "base/mem.h"
#include "quant/aciq.h"
#include "quant/codebook_fit.h"
#include "quant/lloyd_max.h"
#include "quant/theory.h"

/* The levels -N .. N. */
static struct codebook *make_uniform(int bits)
{
    const int each_side = (1 << (bits - 1)) - 1;
    double *magnitude = mem_alloc((size_t)each_side + 1, sizeof *magnitude);
    for (int i = 0; i <= each_side; i++)
        magnitude[i] = i;
    struct codebook *codebook = codebook_of_magnitudes(magnitude, (size_t)each_side + 1);
    mem_free(magnitude);
    return codebook;
}

/* The source that levels are made for: that of the family that the scheme's name insists on, else
 * the one that they are to be used on. */
static const struct source *source_of_levels(const struct levels *levels,
                                             const struct source *source)
{
    static const struct source gaussian = {.type = &source_gaussian, .std = 1},
                               laplace = {.type = &source_laplace, .std = 1};
    if (levels->family == LEVELS_FAMILY_GAUSSIAN)
        return &gaussian;
    return levels->family == LEVELS_FAMILY_LAPLACE ? &laplace : source;
}

/* A Laplace's levels are fitted by the mean distance from the median, β, of which √2 is its
 * standard deviation: of any source, E|x| at mean 0 and standard deviation 1 in its place. */
static double laplace_spread(const struct source *source)
{
    struct source unit = *source;
    double m[3];
    unit.mean = 0;
    unit.std = 1;
    unit.type->truncated(&unit, 0, INFINITY, 0, m);
    return sqrt(2) * 2 * m[1];
}

/* What the levels are to be multiplied by for a source of standard deviation 1. */
static double scale_for(const struct codebook *codebook, const struct options *options,
                        const struct source *source)
{
    const struct levels *levels = &options->scheme.levels;
    if (!isnan(options->codebook.clip))
        return options->codebook.clip / source->std / codebook_reach(codebook);
    if (levels->kind == LEVELS_UNIFORM)
        return aciq_best_symmetric(source, options->scheme.bits, NULL) / codebook_reach(codebook);
    if (levels->codebook->scale == CODEBOOK_BY_CLIP)
        return codebook_best_scale(codebook, source, NULL);
    return levels->family == LEVELS_FAMILY_LAPLACE ? laplace_spread(source) : 1;
}

/* Works at mean 0 and standard deviation 1, where no mean far away costs digits. */
static void measure(struct design *design, const struct codebook *codebook, double scale,
                    const struct source *source)
{
    const size_t n = codebook->count;
    struct source unit = *source;
    unit.mean = 0;
    unit.std = 1;
    double *level = mem_alloc(n, sizeof *level), *threshold = mem_alloc(n + 1, sizeof *threshold);
    threshold[0] = -INFINITY;
    threshold[n] = INFINITY;
    for (size_t i = 0; i < n; i++)
        level[i] = scale * codebook->level[i];
    for (size_t i = 1; i < n; i++)
        threshold[i] = scale * codebook->threshold[i - 1];
    for (size_t i = 0; i < n; i++) {
        double m[3];
        unit.type->truncated(&unit, threshold[i], threshold[i + 1], level[i], m);
        design->cell[i] = (struct design_cell){
            .level = source->mean + source->std * level[i],
            .from = source->mean + source->std * threshold[i],
            .to = source->mean + source->std * threshold[i + 1],
            .probability = m[0],
            .mse = source->std * source->std * m[2],
        };
    }
    const struct theory_codebook theory = {.level = level, .threshold = threshold + 1, .n = n};
    design->mse = source->std * source->std * theory_predict_codebook(&unit, &theory).mse;
    mem_free(level);
    mem_free(threshold);
}

static struct design design_of(const struct codebook *codebook, int bits)
{
    return (struct design){
        .n = codebook->count,
        .cell = mem_zero(codebook->count, sizeof(struct design_cell)),
        .iterations = codebook->iterations,
        .bits = bits,
    };
}

bool design_make(struct design *design, const struct options *options, const struct source *source,
                 struct error *error)
{
    const int bits = options->scheme.bits;
    const struct levels *levels = &options->scheme.levels;
    struct codebook *codebook =
        levels->kind == LEVELS_UNIFORM
            ? make_uniform(bits)
            : levels->codebook->make(levels->codebook, bits, source_of_levels(levels, source),
                                     error);
    if (!codebook)
        return false;
    const double scale = scale_for(codebook, options, source);
    *design = design_of(codebook, bits);
    design->scale = scale * source->std;
    design->clip = design->scale * codebook_reach(codebook);
    design->signal = source->mean * source->mean + source->std * source->std;
    measure(design, codebook, scale, source);
    codebook_free(codebook);
    return true;
}

/* Counts the values of each cell and sums their errors. */
static void count(struct design *design, const struct codebook *codebook, const double value[],
                  size_t n)
{
    double mean = 0;
    for (size_t i = 0; i < n; i++) {
        const size_t k = codebook_nearest(codebook, value[i]);
        const double e = codebook->level[k] - value[i];
        design->cell[k].probability += 1;
        design->cell[k].mse += e * e;
        design->signal += value[i] * value[i];
        mean += value[i];
    }
    mean /= (double)n;
    design->signal /= (double)n;
    for (size_t k = 0; k < design->n; k++) {
        struct design_cell *cell = &design->cell[k];
        cell->level = codebook->level[k];
        cell->from = k == 0 ? -INFINITY : codebook->threshold[k - 1];
        cell->to = k + 1 == design->n ? (double)INFINITY : codebook->threshold[k];
        cell->probability /= (double)n;
        cell->mse /= (double)n;
        design->mse += cell->mse;
        design->clip = fmax(design->clip, fabs(cell->level - mean));
    }
}

void design_make_empirical(struct design *design, int bits, const double sorted[], size_t n)
{
    struct codebook *codebook = lloyd_max_empirical(sorted, n, bits);
    *design = design_of(codebook, bits);
    design->scale = 1;
    count(design, codebook, sorted, n);
    codebook_free(codebook);
}

void design_done(struct design *design)
{
    mem_free(design->cell);
}
