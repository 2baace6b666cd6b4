/* SPDX-License-Identifier: MIT */
#include "app/codebook_design.h"

#include <math.h>

#include "base/mem.h"
#include "quant/aciq.h"
#include "quant/codebook_fit.h"
#include "quant/lloyd_max.h"
#include "quant/theory.h"

/* Of the symmetric grid -N .. N: with one bit N would be 0. */
#define UNIFORM_BITS_LEAST 2
#define UNIFORM_BITS_MOST  16

int design_bits(const struct codebook_options *codebook, struct error *error)
{
    const int usual = scheme_default().bits, named = codebook->named_bits;
    const int bits = codebook->bits ? codebook->bits : named ? named : usual;
    bool ok = true;
    if (named && bits != named)
        ok = error_set(error, ERROR_USAGE, "%s has %d bits, not %d", codebook->scheme, named, bits);
    else if (codebook->kind == LEVELS_OF_TYPE)
        ok = codebook_check_bits(codebook->type, bits, error);
    else if (codebook->kind == LEVELS_UNIFORM && bits < UNIFORM_BITS_LEAST)
        ok = error_set(error, ERROR_USAGE,
                       "uniform takes %d to %d bits, not %d; lloyd-max has the two levels of 1 bit",
                       UNIFORM_BITS_LEAST, UNIFORM_BITS_MOST, bits);
    else if (codebook->kind == LEVELS_EMPIRICAL && bits > LLOYD_MAX_BITS_MOST)
        ok = error_set(error, ERROR_USAGE, "%s takes 1 to %d bits, not %d", codebook->scheme,
                       LLOYD_MAX_BITS_MOST, bits);
    return ok ? bits : 0;
}

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

/* What the levels are to be multiplied by for a source of standard deviation 1. */
static double scale_for(const struct codebook *codebook, const struct codebook_options *options,
                        int bits, const struct source *source)
{
    if (!isnan(options->clip))
        return options->clip / source->std / codebook_reach(codebook);
    if (options->kind == LEVELS_UNIFORM)
        return aciq_best_symmetric(source, bits, NULL) / codebook_reach(codebook);
    if (options->type->scale == CODEBOOK_BY_CLIP)
        return codebook_best_scale(codebook, source, NULL);
    return 1;
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
    const struct theory_codebook theory = {level, threshold + 1, n};
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

bool design_make(struct design *design, const struct codebook_options *options,
                 const struct source *source, struct error *error)
{
    const int bits = design_bits(options, error);
    if (!bits)
        return false;
    struct codebook *codebook = options->kind == LEVELS_UNIFORM
                                    ? make_uniform(bits)
                                    : options->type->make(options->type, bits, source, error);
    if (!codebook)
        return false;
    const double scale = scale_for(codebook, options, bits, source);
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

bool design_make_empirical(struct design *design, const struct codebook_options *options,
                           const double sorted[], size_t n, struct error *error)
{
    const int bits = design_bits(options, error);
    if (!bits)
        return false;
    struct codebook *codebook = lloyd_max_empirical(sorted, n, bits);
    *design = design_of(codebook, bits);
    design->scale = 1;
    count(design, codebook, sorted, n);
    codebook_free(codebook);
    return true;
}

void design_done(struct design *design)
{
    mem_free(design->cell);
}
