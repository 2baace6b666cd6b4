/* SPDX-License-Identifier: MIT */
#include "quant/theory_unit.h"

#include <assert.h>
#include <math.h>

/* The Fourier series below this many steps to a standard deviation (q = sqrt(2 pi) sigma, where
 * both forms of the theta function converge alike), cells above. */
#define PERIODIC_LEAST 0.3989422804014327

struct theory_unit theory_unit_make(const struct source *source, const struct theory_grid *grid)
{
    assert(source->std > 0 && grid->step > 0 && grid->levels_each_side >= THEORY_INFINITE);
    struct theory_unit unit = {.source = *source};
    /* No data has such ratios; the clamp keeps squares in the range of double all the same. */
    unit.source.std = fmin(fmax(source->std / grid->step, 1e-150), 1e150);
    if (grid->levels_each_side == THEORY_INFINITE) {
        unit.source.mean = remainder(source->mean, grid->step) / grid->step;
        unit.first = -INFINITY;
        unit.last = INFINITY;
    } else {
        unit.source.mean = source->mean / grid->step;
        unit.last = grid->levels_each_side ? grid->levels_each_side : 0.5;
        unit.first = -unit.last;
    }
    return unit;
}

bool theory_unit_endless(const struct theory_unit *unit)
{
    return isinf(unit->last);
}

void theory_unit_levels(const struct theory_unit *unit, double reach, double *low, double *high)
{
    const double mean = unit->source.mean, away = reach * unit->source.std;
    /* Levels are whole numbers, but for one bit, where they are halves. */
    const double offset = theory_unit_endless(unit) ? 0 : unit->last - floor(unit->last);
    *low = fmax(unit->first, ceil(mean - away - offset - 0.5) + offset);
    *high = fmin(unit->last, floor(mean + away - offset + 0.5) + offset);
}

bool theory_unit_periodic(const struct theory_unit *unit)
{
    return theory_unit_endless(unit) && unit->source.type->characteristic_slope &&
           unit->source.std >= PERIODIC_LEAST;
}

double theory_unit_low_edge(const struct theory_unit *unit)
{
    return unit->first - 0.5;
}

double theory_unit_high_edge(const struct theory_unit *unit)
{
    return unit->last + 0.5;
}
