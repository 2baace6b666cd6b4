/* SPDX-License-Identifier: MIT
 *
 * The error's distribution: its density and distribution function at a point, and pooled curves.
 */
#include <math.h>

#include "quant/theory_smooth.h"
#include "quant/theory_unit.h"

#define PI 3.14159265358979323846

/* Fourier terms of the distribution function below these sizes are left out; a Gaussian of
 * CURVE_PERIODIC steps to a standard deviation, the shortest one summed so, needs eight. */
#define TERMS_MOST       64
#define EXACT_NEGLIGIBLE 1e-18
#define CURVE_NEGLIGIBLE 1e-9
#define CURVE_PERIODIC   0.12

/* Standard deviations within which a curve counts cells; a Gaussian's 2e-9 lie outside. */
#define CURVE_REACH 6.0

/* The part of the distribution function within |e| <= 1/2, prepared for many points: by Fourier
 * terms, a polynomial or cells, whichever is short. */
enum form { FORM_PERIODIC, FORM_SMOOTH, FORM_CELLS };

struct shape {
    const struct theory_unit *unit;
    enum form form;
    double beyond;                   /* mass above the highest edge, whose errors are least */
    int terms;                       /* FORM_PERIODIC: of term[] */
    double complex term[TERMS_MOST]; /* Phi(2 pi l) / (pi l), l = 1 .. terms */
    double constant;                 /* all but FORM_SMOOTH: added at every point */
    double polynomial[THEORY_SMOOTH_TERMS];
    double low, high; /* FORM_CELLS: levels */
};

static double source_cdf(const struct theory_unit *unit, double x)
{
    return unit->source.type->cdf(&unit->source, x);
}

static double mass_above(const struct theory_unit *unit, double x)
{
    return 1 - source_cdf(unit, x);
}

/* P(e <= v - 1/2) = v + sum over l of Im[term_l (exp(2 pi j l e) - (-1)^l)]. */
static void prepare_periodic(struct shape *shape, double negligible)
{
    const struct source *source = &shape->unit->source;
    shape->form = FORM_PERIODIC;
    while (shape->terms < TERMS_MOST) {
        int l = shape->terms + 1;
        double complex term = source->type->characteristic(source, 2 * PI * l) / (PI * l);
        if (cabs(term) < negligible)
            break;
        shape->term[shape->terms++] = term;
        shape->constant -= (l % 2 ? -1 : 1) * cimag(term);
    }
}

/* P(e <= v - 1/2) = sum over levels of F(level + 1/2) - F(level - e). */
static void prepare_cells(struct shape *shape, double reach)
{
    shape->form = FORM_CELLS;
    theory_unit_levels(shape->unit, reach, &shape->low, &shape->high);
    for (double level = shape->low; level <= shape->high; level++)
        shape->constant += source_cdf(shape->unit, level + 0.5);
}

static struct shape shape_make(const struct theory_unit *unit)
{
    struct shape shape = {.unit = unit};
    if (!theory_unit_endless(unit))
        shape.beyond = mass_above(unit, theory_unit_high_edge(unit));
    return shape;
}

static struct shape shape_exact(const struct theory_unit *unit)
{
    struct shape shape = shape_make(unit);
    if (theory_unit_periodic(unit)) {
        prepare_periodic(&shape, EXACT_NEGLIGIBLE);
    } else if (theory_smooth_applies(unit, THEORY_SMOOTH_EXACT)) {
        shape.form = FORM_SMOOTH;
        theory_smooth_cdf(unit, shape.polynomial);
    } else {
        prepare_cells(&shape, unit->source.type->reach);
    }
    return shape;
}

/* True if the levels are whole numbers, unlike those of one bit, and end too far out for a curve to
 * show it. */
static bool looks_endless(const struct theory_unit *unit)
{
    const double mean = unit->source.mean, away = CURVE_REACH * unit->source.std;
    return unit->last == floor(unit->last) && mean - away > theory_unit_low_edge(unit) &&
           mean + away < theory_unit_high_edge(unit);
}

/* Enough for a picture and its Kolmogorov distance, 1e-7. */
static struct shape shape_quick(const struct theory_unit *unit)
{
    const struct source_type *type = unit->source.type;
    struct shape shape = shape_make(unit);
    if (type->characteristic_slope && unit->source.std >= CURVE_PERIODIC && looks_endless(unit)) {
        prepare_periodic(&shape, CURVE_NEGLIGIBLE);
    } else if (theory_smooth_applies(unit, THEORY_SMOOTH_CURVE)) {
        shape.form = FORM_SMOOTH;
        theory_smooth_cdf(unit, shape.polynomial);
    } else {
        prepare_cells(&shape, type->characteristic_slope ? CURVE_REACH : type->reach);
    }
    return shape;
}

/* P(x within a cell and error <= e), |e| <= 1/2. */
static double cells_cdf(const struct shape *shape, double e)
{
    double sum = 0;
    switch (shape->form) {
    case FORM_PERIODIC:
        if (shape->terms > 0) {
            const double complex turn = cos(2 * PI * e) + I * sin(2 * PI * e);
            double complex series = 0;
            for (int l = shape->terms; l-- > 0;)
                series = (series + shape->term[l]) * turn;
            sum = cimag(series);
        }
        return e + 0.5 + shape->constant + sum;
    case FORM_SMOOTH:
        for (size_t j = THEORY_SMOOTH_TERMS; j-- > 0;)
            sum = sum * (e + 0.5) + shape->polynomial[j];
        return sum;
    case FORM_CELLS:
        for (double level = shape->low; level <= shape->high; level++)
            sum += source_cdf(shape->unit, level - e);
        return shape->constant - sum;
    }
    return sum;
}

/* Its derivative. */
static double cells_density(const struct shape *shape, double e)
{
    const struct source *source = &shape->unit->source;
    double sum = 0;
    switch (shape->form) {
    case FORM_PERIODIC:
        for (int l = 1; l <= shape->terms; l++) {
            double complex turn = cos(2 * PI * l * e) + I * sin(2 * PI * l * e);
            sum += 2 * PI * l * creal(shape->term[l - 1] * turn);
        }
        return 1 + sum;
    case FORM_SMOOTH:
        for (size_t j = THEORY_SMOOTH_TERMS; j-- > 1;)
            sum = sum * (e + 0.5) + (double)j * shape->polynomial[j];
        return sum;
    case FORM_CELLS:
        for (double level = shape->low; level <= shape->high; level++)
            sum += source->type->density(source, level - e);
        return sum;
    }
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

double theory_density(const struct source *source, const struct theory_grid *grid, double e)
{
    struct theory_unit unit = theory_unit_make(source, grid);
    e /= grid->step;
    if (fabs(e) > 0.5) {
        if (theory_unit_endless(&unit))
            return 0;
        double x = overload_level(&unit, e) - e;
        return unit.source.type->density(&unit.source, x) / grid->step;
    }
    struct shape shape = shape_exact(&unit);
    return cells_density(&shape, e) / grid->step;
}

double theory_cdf(const struct source *source, const struct theory_grid *grid, double e)
{
    struct theory_unit unit = theory_unit_make(source, grid);
    struct shape shape = shape_exact(&unit);
    return shape_cdf(&shape, e / grid->step);
}

void theory_add_curve(const struct source *source, const struct theory_grid *grid, double weight,
                      const double t[], size_t n, double cdf[])
{
    struct theory_unit unit = theory_unit_make(source, grid);
    struct shape shape = shape_quick(&unit);
    for (size_t i = 0; i < n; i++)
        cdf[i] += weight * shape_cdf(&shape, t[i]);
}
