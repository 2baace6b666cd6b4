/* SPDX-License-Identifier: MIT */
#include "quant/theory.h"

#include <math.h>

#include "quant/theory_smooth.h"
#include "quant/theory_unit.h"

#define PI 3.14159265358979323846

/* Terms of the Fourier series smaller than this change no double. */
#define NEGLIGIBLE 1e-18

/* More terms than any source needs where the series is used. */
#define TERMS_MOST 64

/* E e, E e^2 and cov(x, e) of an endless grid by the source's Fourier series (MATH §3.5). */
static struct theory_cells periodic_cells(const struct source *source)
{
    double mean = 0, mse = 1.0 / 12, covariance = 0, sign = -1;
    for (int l = 1; l <= TERMS_MOST; l++, sign = -sign) {
        double u = 2 * PI * l;
        double complex phi = source->type->characteristic(source, u);
        double complex slope = source->type->characteristic_slope(source, u);
        mean += sign / (PI * l) * cimag(phi);
        mse += sign / (PI * PI * l * l) * creal(phi);
        covariance -= sign / (PI * l) * creal(slope);
        if (cabs(phi) + cabs(slope) < NEGLIGIBLE)
            break;
    }
    covariance -= source->mean * mean;
    return (struct theory_cells){.mass = 1, .y = -mean, .yy = mse, .xy = -covariance};
}

/* The same and those of a grid with ends: cell by cell where the source is not smooth. */
static struct theory_cells summed_cells(const struct theory_unit *unit)
{
    const struct source *source = &unit->source;
    struct theory_cells cells = {0};
    struct theory_range range[THEORY_RANGES];
    const size_t ranges = theory_unit_ranges(unit, false, range);
    for (size_t i = 0; i < ranges; i++) {
        if (range[i].smooth) {
            theory_smooth_add_cells(unit, &range[i], &cells);
            continue;
        }
        for (double level = range[i].first; level <= range[i].last; level++) {
            double m[3];
            source->type->truncated(source, level - 0.5, level + 0.5, level, m);
            cells.mass += m[0];
            cells.y += m[1];
            cells.yy += m[2];
            cells.xy += m[2] + (level - source->mean) * m[1];
        }
    }
    return cells;
}

static struct theory_cells plain_cells(const struct theory_unit *unit)
{
    return theory_unit_periodic(unit) ? periodic_cells(&unit->source) : summed_cells(unit);
}

static struct theory_cells all_cells(const struct theory_unit *unit)
{
    const struct source *source = &unit->source;
    if (!source->type->parts)
        return plain_cells(unit);
    struct theory_cells sum = {0};
    const size_t parts = source->type->parts(source);
    for (size_t i = 0; i < parts; i++) {
        struct theory_unit part = *unit;
        const double share = source->type->part(source, i, &part.source);
        if (!(share > 0))
            continue;
        const struct theory_cells cells = plain_cells(&part);
        sum.mass += share * cells.mass;
        sum.y += share * cells.y;
        sum.yy += share * cells.yy;
        sum.xy += share * (cells.xy + (part.source.mean - source->mean) * cells.y);
    }
    return sum;
}

/* Adds what a < x < b contributes, all of which goes to `level`.  A source far outside the grid has
 * a large mean error of small variance, so mean, variance and covariance are summed for e - usual,
 * where `usual` is the error at the source's mean. */
static void add_overload(struct prediction *prediction, const struct theory_unit *unit, double a,
                         double b, double level, double usual)
{
    double m[3], at = level - usual, away = at - unit->source.mean; /* e - usual = at - x */
    unit->source.type->truncated(&unit->source, a, b, at, m);
    prediction->mean -= m[1];
    prediction->variance += m[2];
    prediction->covariance -= m[2] + away * m[1];
    /* The integral of x - mean over the cells, which had e alone, is minus that over the tails. */
    prediction->covariance += usual * (m[1] + away * m[0]);
    prediction->overload += m[2] + usual * (usual * m[0] - 2 * m[1]);
    prediction->clipped += m[0];
}

static struct prediction predict_unit(const struct theory_unit *unit)
{
    struct theory_cells cells = all_cells(unit);
    const double mean = unit->source.mean;
    double usual = fmin(fmax(mean, unit->first), unit->last) - mean;
    if (theory_unit_endless(unit))
        usual = 0;
    struct prediction prediction = {
        .mean = -cells.y - usual * cells.mass,
        .variance = cells.yy + usual * (2 * cells.y + usual * cells.mass),
        .granular = cells.yy,
        .covariance = -cells.xy,
    };
    if (!theory_unit_endless(unit)) {
        double low = theory_unit_low_edge(unit), high = theory_unit_high_edge(unit);
        add_overload(&prediction, unit, -INFINITY, low, unit->first, usual);
        add_overload(&prediction, unit, high, INFINITY, unit->last, usual);
    }
    prediction.variance = fmax(prediction.variance - prediction.mean * prediction.mean, 0);
    prediction.mean += usual;
    return prediction;
}

struct prediction theory_predict(const struct source *source, const struct theory_grid *grid)
{
    struct theory_unit unit = theory_unit_make(source, grid);
    struct prediction prediction = predict_unit(&unit);
    const double step = grid->step;
    prediction.mean *= step;
    prediction.variance = prediction.variance * step * step;
    prediction.granular = prediction.granular * step * step;
    prediction.overload = prediction.overload * step * step;
    prediction.mse = prediction.granular + prediction.overload;
    prediction.covariance = prediction.covariance * step * step;
    return prediction;
}

double theory_correlation(const struct source *source, const struct prediction *prediction)
{
    const double spread = source->std * sqrt(prediction->variance);
    return spread > 0 ? fmin(fmax(prediction->covariance / spread, -1), 1) : 0;
}
