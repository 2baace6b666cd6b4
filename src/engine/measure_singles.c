/* SPDX-License-Identifier: MIT */
#include "engine/measure.h"

#include <math.h>

/* Share of the mean square error that its mean's square may be: what is left of the squares without
 * it has lost not two bits of those that single precision has. */
#define MEAN_SQUARE_SHARE 0.5

/* Sums over the units of a channel. */
struct sums {
    double levels, squares; /* of Q(w) and e^2 */
    double most;            /* largest |e| */
    uint64_t clipped;
};

bool measure_singles_possible(const struct measurer *measurer)
{
    const struct quantizers *quantizers = measurer->quantizers;
    const struct scheme *scheme = &quantizers->scheme;
    /* Of a unit within a channel nothing is known beforehand, and only its range is found. */
    const bool whole = quantizers->across == 1;
    const bool by_range = scheme->clip.rule == CLIP_MAX && quantizers->columns % LADDER_LANES == 0;
    return scheme->levels.kind == LEVELS_UNIFORM && scheme->bits > 1 && !scheme->correct_mean &&
           !scheme->correct_norm && (whole || by_range) && measurer->rows->parts_per_channel == 1 &&
           ladder_row_possible(measurer->rows);
}

/* A stretch of a row that is a unit of its own. */
static struct ladder_row unit_of(const struct ladder_row *row, size_t at, size_t n)
{
    struct ladder_row unit = *row;
    unit.x += at;
    unit.w += at;
    unit.n = n;
    return unit;
}

/* Enough of the moments of a unit for grids that reach to its ends. */
static struct moments range_of(const struct ladder_row *unit)
{
    float min, max;
    unit->kernels->extent(unit->x, unit->n, &min, &max);
    return (struct moments){.count = unit->n, .min = (double)min, .max = (double)max};
}

static void add_unit(struct sums *sums, double step, const struct ladder_sums *unit)
{
    sums->levels += step * (double)unit->codes;
    sums->squares += step * step * unit->squares;
    sums->most = fmax(sums->most, step * sqrt(unit->most));
    sums->clipped += unit->clipped;
}

/* Errors far from 0 for their spread. */
static bool mean_is_most(const struct quantizer *quantizer, const struct moments *moments,
                         const struct ladder_sums *sums)
{
    const double n = (double)moments->count;
    const double mean = (double)sums->codes / n - moments->mean / quantizer->step;
    return n * mean * mean > MEAN_SQUARE_SHARE * sums->squares;
}

/* False, and nothing done, if a whole channel has to be rounded in double.  Its step may be 0 where
 * its elements are not: of percentiles, if most of them are 0.  With groups only zeros have none. */
static bool round_unit(const struct measurer *measurer, size_t channel,
                       const struct quantizer *quantizer, struct ladder_row *unit,
                       const struct moments *moments, struct sums *sums, struct measured *measured)
{
    const bool whole = measurer->quantizers->across == 1, steps = quantizer->step > 0;
    struct ladder_sums own = {0};
    if (whole && (!steps || quantizer_levels(quantizer) == 0))
        return false;
    if (steps)
        own = ladder_row_round(unit, &quantizer->grid, moments);
    if (whole && mean_is_most(quantizer, moments, &own))
        return false;
    measure_note_unit(measurer, quantizer, unit->n, measured);
    add_unit(sums, quantizer->step, &own);
    if (steps && measurer->pictures)
        pictures_add_singles(measurer->pictures, channel, quantizer, unit, moments);
    return true;
}

static struct distortion distortion_of(const struct moments *moments, const struct sums *sums)
{
    const double n = (double)moments->count, mean = sums->levels / n - moments->mean;
    return (struct distortion){
        .error = {.count = moments->count,
                  .mean = mean,
                  .m2 = fmax(sums->squares - n * mean * mean, 0),
                  .min = -sums->most,
                  .max = sums->most},
        .power = moments->m2 + n * moments->mean * moments->mean,
        .clipped = sums->clipped,
    };
}

bool measure_singles(const struct measurer *measurer, size_t channel, struct ladder_row *row,
                     struct measured *measured)
{
    const struct quantizers *quantizers = measurer->quantizers;
    const struct moments *moments = &measurer->profile->channel[channel];
    const size_t columns = (size_t)quantizers->columns;
    if (!ladder_row_plain(row, moments))
        return false;
    const double *w = quantizers_want_values(quantizers) ? ladder_row_values(row) : NULL;
    struct sums sums = {0};
    for (size_t at = 0, n; at < row->n; at += n) {
        n = row->n - at < columns ? row->n - at : columns;
        struct ladder_row unit = unit_of(row, at, n);
        const struct moments own = quantizers->across == 1 ? *moments : range_of(&unit);
        const struct quantizer quantizer =
            quantizers_at(quantizers, measurer->fitter, measurer->rows->first + channel, at, &own,
                          w ? w + at : NULL, n);
        if (!round_unit(measurer, channel, &quantizer, &unit, &own, &sums, measured))
            return false;
    }
    measured->distortion = distortion_of(moments, &sums);
    return true;
}

bool measure_sums_known(const struct measurer *measurer, size_t channel,
                        const struct ladder_sums *sums, struct measured *measured)
{
    const struct moments *moments = &measurer->profile->channel[channel];
    const struct quantizer quantizer =
        quantizers_at(measurer->quantizers, measurer->fitter, measurer->rows->first + channel, 0,
                      moments, NULL, (size_t)moments->count);
    struct sums all = {0};
    if (isnan(sums->squares) || !(quantizer.step > 0) || mean_is_most(&quantizer, moments, sums))
        return false;
    measure_note_unit(measurer, &quantizer, (size_t)moments->count, measured);
    add_unit(&all, quantizer.step, sums);
    measured->distortion = distortion_of(moments, &all);
    return true;
}
