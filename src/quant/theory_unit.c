/* SPDX-License-Identifier: MIT */
#include "quant/theory_unit.h"

#include <assert.h>
#include <math.h>

/* The Fourier series below this many steps to a standard deviation (q = sqrt(2 pi) sigma, where
 * both forms of the theta function converge alike), cells above. */
#define PERIODIC_LEAST 0.3989422804014327

/* Levels further out, which a double can hardly count, are not worth a visit. */
#define FAR_LEVEL 1e15

struct theory_grid theory_grid_symmetric(double step, int levels_each_side)
{
    if (levels_each_side == 0)
        return (struct theory_grid){.step = step, .offset = step / 2, .lowest = -1, .highest = 0};
    return (struct theory_grid){
        .step = step,
        .lowest = -levels_each_side,
        .highest = levels_each_side,
        .endless = levels_each_side == THEORY_INFINITE,
    };
}

struct theory_unit theory_unit_make(const struct source *source, const struct theory_grid *grid)
{
    assert(source->std > 0 && grid->step > 0 && (grid->endless || grid->lowest <= grid->highest));
    struct theory_unit unit = {.source = *source};
    const double mean = source->mean - grid->offset;
    /* No data has such ratios; the clamp keeps squares in the range of double all the same. */
    unit.source.std = fmin(fmax(source->std / grid->step, 1e-150), 1e150);
    if (grid->endless) {
        unit.source.mean = remainder(mean, grid->step) / grid->step;
        unit.first = -INFINITY;
        unit.last = INFINITY;
    } else {
        unit.source.mean = mean / grid->step;
        unit.first = grid->lowest;
        unit.last = grid->highest;
    }
    return unit;
}

bool theory_unit_endless(const struct theory_unit *unit)
{
    return isinf(unit->last);
}

size_t theory_unit_ranges(const struct theory_unit *unit, bool quick,
                          struct theory_range range[THEORY_RANGES])
{
    const struct source_rough rough = unit->source.type->rough(&unit->source, quick);
    double next = unit->first;
    size_t n = 0;
    for (size_t i = 0; i < rough.count; i++) {
        /* Cells that touch the interval. */
        const double from = fmax(rough.interval[i][0], -FAR_LEVEL),
                     to = fmin(rough.interval[i][1], FAR_LEVEL);
        const double low = fmax(next, ceil(from - 0.5)), high = fmin(unit->last, floor(to + 0.5));
        const double before = fmin(low - 1, unit->last);
        if (!rough.empty_beyond && next <= before)
            range[n++] = (struct theory_range){next, before, true};
        if (low <= high)
            range[n++] = (struct theory_range){low, high, false};
        next = fmax(low, high + 1);
    }
    if (!rough.empty_beyond && next <= unit->last)
        range[n++] = (struct theory_range){next, unit->last, true};
    return n;
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
