/* SPDX-License-Identifier: MIT
 *
 * The error's distribution: its density and distribution function at a point, and pooled curves.
 */
#include <math.h>
#include <string.h>

#include "quant/theory_smooth.h"
#include "quant/theory_unit.h"

#define PI 3.14159265358979323846

/* Fourier terms of the distribution function below these sizes are left out; a Gaussian of
 * CURVE_PERIODIC steps to a standard deviation, the shortest one summed so, needs eight. */
#define TERMS_MOST       64
#define EXACT_NEGLIGIBLE 1e-18
#define CURVE_NEGLIGIBLE 1e-9
#define CURVE_PERIODIC   0.12

/* Less mass than this beyond the outermost cells does not show in a curve. */
#define CURVE_BEYOND 4e-9

/* The part of the distribution function within |e| <= 1/2, prepared for many points: by Fourier
 * terms; or by a polynomial for the smooth ranges, and cells for the others. */
struct shape {
    const struct theory_unit *unit;
    double beyond;   /* mass above the highest edge, whose errors are least */
    double constant; /* added at every point */

    bool periodic;
    int terms;                       /* of term[] */
    double complex term[TERMS_MOST]; /* Phi(2 pi l) / (pi l), l = 1 .. terms */

    bool smooth;
    double polynomial[THEORY_SMOOTH_TERMS];
    size_t ranges;
    struct theory_range range[THEORY_RANGES]; /* not smooth */
};

static double source_cdf(const struct theory_unit *unit, double x)
{
    return unit->source.type->cdf(&unit->source, x);
}

static double mass_above(const struct theory_unit *unit, double x)
{
    return 1 - source_cdf(unit, x);
}

/* P(e <= v - 1/2) = v + sum over l of Im[term_l (exp(2 pi j l e) - (-1)^l)].  False if it takes too
 * many terms. */
static bool prepare_periodic(struct shape *shape, double negligible)
{
    const struct source *source = &shape->unit->source;
    shape->periodic = true;
    shape->terms = 0;
    shape->constant = 0;
    while (shape->terms < TERMS_MOST) {
        int l = shape->terms + 1;
        double complex term = source->type->characteristic(source, 2 * PI * l) / (PI * l);
        if (cabs(term) < negligible)
            return true;
        shape->term[shape->terms++] = term;
        shape->constant -= (l % 2 ? -1 : 1) * cimag(term);
    }
    return false;
}

/* P(e <= v - 1/2) = sum over levels of F(level + 1/2) - F(level - e). */
static void prepare_cells(struct shape *shape, bool quick)
{
    struct theory_range range[THEORY_RANGES];
    const size_t ranges = theory_unit_ranges(shape->unit, quick, range);
    shape->periodic = shape->smooth = false;
    shape->constant = 0;
    shape->ranges = 0;
    for (size_t i = 0; i < ranges; i++) {
        if (!range[i].smooth) {
            shape->range[shape->ranges++] = range[i];
            for (double level = range[i].first; level <= range[i].last; level++)
                shape->constant += source_cdf(shape->unit, level + 0.5);
            continue;
        }
        if (!shape->smooth)
            memset(shape->polynomial, 0, sizeof shape->polynomial);
        shape->smooth = true;
        theory_smooth_add_cdf(shape->unit, &range[i], shape->polynomial);
    }
}

/* Prepares *shape, large and lent to it, member by member. */
static void begin(struct shape *shape, const struct theory_unit *unit)
{
    shape->unit = unit;
    shape->beyond = theory_unit_endless(unit) ? 0 : mass_above(unit, theory_unit_high_edge(unit));
}

static void prepare_exact(struct shape *shape, const struct theory_unit *unit)
{
    begin(shape, unit);
    if (!theory_unit_periodic(unit) || !prepare_periodic(shape, EXACT_NEGLIGIBLE))
        prepare_cells(shape, false);
}

/* True if the levels end too far out for a curve to show it. */
static bool looks_endless(const struct theory_unit *unit)
{
    return theory_unit_endless(unit) || source_cdf(unit, theory_unit_low_edge(unit)) +
                                                mass_above(unit, theory_unit_high_edge(unit)) <
                                            CURVE_BEYOND;
}

/* Enough for a picture and its Kolmogorov distance, 1e-7. */
static void prepare_quick(struct shape *shape, const struct theory_unit *unit)
{
    begin(shape, unit);
    if (unit->source.std < CURVE_PERIODIC || !looks_endless(unit) ||
        !prepare_periodic(shape, CURVE_NEGLIGIBLE))
        prepare_cells(shape, true);
}

static double periodic_cdf(const struct shape *shape, double e)
{
    double complex series = 0;
    if (shape->terms > 0) {
        const double complex turn = cos(2 * PI * e) + I * sin(2 * PI * e);
        for (int l = shape->terms; l-- > 0;)
            series = (series + shape->term[l]) * turn;
    }
    return e + 0.5 + shape->constant + cimag(series);
}

/* P(x within a cell and error <= e), |e| <= 1/2. */
static double cells_cdf(const struct shape *shape, double e)
{
    if (shape->periodic)
        return periodic_cdf(shape, e);
    double sum = 0, smooth = 0;
    for (size_t i = 0; i < shape->ranges; i++)
        for (double level = shape->range[i].first; level <= shape->range[i].last; level++)
            sum += source_cdf(shape->unit, level - e);
    for (size_t j = shape->smooth ? THEORY_SMOOTH_TERMS : 0; j-- > 0;)
        smooth = smooth * (e + 0.5) + shape->polynomial[j];
    return smooth + (shape->constant - sum);
}

static double periodic_density(const struct shape *shape, double e)
{
    double sum = 0;
    for (int l = 1; l <= shape->terms; l++) {
        double complex turn = cos(2 * PI * l * e) + I * sin(2 * PI * l * e);
        sum += 2 * PI * l * creal(shape->term[l - 1] * turn);
    }
    return 1 + sum;
}

/* The derivative of cells_cdf. */
static double cells_density(const struct shape *shape, double e)
{
    if (shape->periodic)
        return periodic_density(shape, e);
    const struct source *source = &shape->unit->source;
    double sum = 0;
    for (size_t j = shape->smooth ? THEORY_SMOOTH_TERMS : 0; j-- > 1;)
        sum = sum * (e + 0.5) + (double)j * shape->polynomial[j];
    for (size_t i = 0; i < shape->ranges; i++)
        for (double level = shape->range[i].first; level <= shape->range[i].last; level++)
            sum += source->type->density(source, level - e);
    return sum;
}

/* The level that makes an error beyond half a step: the last one where x is too large. */
static double overload_level(const struct theory_unit *unit, double e)
{
    return e < 0 ? unit->last : unit->first;
}

static double shape_cdf(const struct shape *shape, double e)
{
    const struct theory_unit *unit = shape->unit;
    if (fabs(e) <= 0.5)
        return shape->beyond + cells_cdf(shape, e);
    /* On an endless grid the level is infinite, with it the place, and the result 0 or 1. */
    return mass_above(unit, overload_level(unit, e) - e);
}

/* Number of parts that a source is better taken as than as a whole, whose every cell would be
 * visited; else 1. */
static size_t parts_of(const struct theory_unit *unit)
{
    const struct source_type *type = unit->source.type;
    if (!type->parts)
        return 1;
    struct theory_range range[THEORY_RANGES];
    const size_t ranges = theory_unit_ranges(unit, false, range),
                 parts = type->parts(&unit->source);
    double levels = 0;
    for (size_t i = 0; i < ranges; i++)
        levels += range[i].last - range[i].first + 1;
    return levels > (double)parts ? parts : 1;
}

/* Part i of n, and its share. */
static double take_part(const struct theory_unit *unit, size_t i, size_t n,
                        struct theory_unit *part)
{
    *part = *unit;
    return n == 1 ? 1 : unit->source.type->part(&unit->source, i, &part->source);
}

double theory_density(const struct source *source, const struct theory_grid *grid, double e)
{
    const struct theory_unit unit = theory_unit_make(source, grid);
    e /= grid->step;
    if (fabs(e) > 0.5) {
        if (theory_unit_endless(&unit))
            return 0;
        double x = overload_level(&unit, e) - e;
        return unit.source.type->density(&unit.source, x) / grid->step;
    }
    const size_t parts = parts_of(&unit);
    double sum = 0;
    for (size_t i = 0; i < parts; i++) {
        struct theory_unit part;
        struct shape shape;
        const double share = take_part(&unit, i, parts, &part);
        if (!(share > 0))
            continue;
        prepare_exact(&shape, &part);
        sum += share * cells_density(&shape, e);
    }
    return sum / grid->step;
}

double theory_cdf(const struct source *source, const struct theory_grid *grid, double e)
{
    const struct theory_unit unit = theory_unit_make(source, grid);
    const size_t parts = parts_of(&unit);
    double sum = 0;
    for (size_t i = 0; i < parts; i++) {
        struct theory_unit part;
        struct shape shape;
        const double share = take_part(&unit, i, parts, &part);
        if (!(share > 0))
            continue;
        prepare_exact(&shape, &part);
        sum += share * shape_cdf(&shape, e / grid->step);
    }
    return sum;
}

void theory_add_curve(const struct source *source, const struct theory_grid *grid, double weight,
                      const double t[], size_t n, double cdf[])
{
    const struct theory_unit unit = theory_unit_make(source, grid);
    const size_t parts = parts_of(&unit);
    for (size_t i = 0; i < parts; i++) {
        struct theory_unit part;
        struct shape shape;
        const double share = weight * take_part(&unit, i, parts, &part);
        if (!(share > 0))
            continue;
        prepare_quick(&shape, &part);
        for (size_t k = 0; k < n; k++)
            cdf[k] += share * shape_cdf(&shape, t[k]);
    }
}
