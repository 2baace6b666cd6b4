/* SPDX-License-Identifier: MIT
 *
 * What theory makes of a quantizer.
 */
#include <assert.h>
#include <math.h>

#include "quant/quantizer.h"

/* No data has such ratios of a source and a step, and the squares of larger ones leave the range of
 * a double. */
#define RATIO_LEAST 1e-150
#define RATIO_MOST  1e150

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

static struct theory_codebook theory_codebook_of(const struct quantizer *quantizer)
{
    const struct codebook *codebook = quantizer->codebook;
    return (struct theory_codebook){codebook->level, codebook->threshold, codebook->count,
                                    &quantizer->extremes};
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
    const struct theory_codebook codebook = theory_codebook_of(quantizer);
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
    const struct theory_codebook codebook = theory_codebook_of(quantizer);
    theory_codebook_add_curve(&seen, &codebook, quantizer->step / quantizer->scale, weight, t, n,
                              cdf);
}
