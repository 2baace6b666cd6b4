/* SPDX-License-Identifier: MIT */
#include "quant/theory.h"

#include <assert.h>
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

/* The same and those of a grid with ends, cell by cell. */
static struct theory_cells summed_cells(const struct theory_unit *unit)
{
    const struct source *source = &unit->source;
    struct theory_cells cells = {0};
    double low, high, m[3];
    theory_unit_levels(unit, source->type->reach, &low, &high);
    for (double level = low; level <= high; level++) {
        source->type->truncated(source, level - 0.5, level + 0.5, level, m);
        cells.mass += m[0];
        cells.y += m[1];
        cells.yy += m[2];
        cells.xy += m[2] + (level - source->mean) * m[1];
    }
    return cells;
}

static struct theory_cells all_cells(const struct theory_unit *unit)
{
    if (theory_unit_periodic(unit))
        return periodic_cells(&unit->source);
    if (theory_smooth_applies(unit, THEORY_SMOOTH_EXACT))
        return theory_smooth_cells(unit);
    return summed_cells(unit);
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

double theory_pqn_deviation(const struct source *source, double step)
{
    const struct theory_grid grid = {step, THEORY_INFINITE};
    struct source centred = *source;
    centred.mean = 0;
    struct theory_unit unit = theory_unit_make(&centred, &grid);
    /* Where the series converges slowly the lattice form has its sum: q f_e at its crest, which is
     * at 0 for a source with a characteristic function that is nowhere negative. */
    if (!theory_unit_periodic(&unit))
        return theory_density(&centred, &grid, 0) * step - 1;
    double sum = 0;
    for (int l = 1; l <= TERMS_MOST; l++) {
        double term = 2 * cabs(unit.source.type->characteristic(&unit.source, 2 * PI * l));
        sum += term;
        if (term <= sum * 1e-17)
            break;
    }
    return sum;
}

enum pqn_verdict theory_pqn_verdict(double deviation)
{
    if (deviation < 0.02)
        return PQN_HOLDS;
    return deviation < 0.25 ? PQN_STRAINED : PQN_BROKEN;
}

const char *theory_pqn_word(enum pqn_verdict verdict)
{
    static const char *const words[] = {"holds", "strained", "broken"};
    assert(verdict <= PQN_BROKEN);
    return words[verdict];
}
