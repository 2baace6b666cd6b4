/* SPDX-License-Identifier: MIT
 *
 * The Euler-Maclaurin formula for a range of cells.  The error is a function of the
 * place s = 0..1 within a cell, and such periodic functions are Bernoulli polynomials:
 * y = B_1(s), y^2 = B_2(s) + 1/12, and (error <= v - 1/2) = v + B_1(s) - B_1(s + v).  As
 * B_n' = n B_(n-1), integrating the product with a smooth f by parts leaves the derivatives of f
 * at the two ends times values of the polynomials, plus a remainder that is negligible while a
 * standard deviation is a few steps long.
 */
#include "quant/theory_smooth.h"

#include <math.h>
#include <string.h>

#define DERIVATIVES 16

/* B_n / n!. */
static const double bernoulli[DERIVATIVES + 3] = {
    [0] = 1,
    [1] = -1.0 / 2,
    [2] = 1.0 / 12,
    [4] = -1.0 / 720,
    [6] = 1.0 / 30240,
    [8] = -1.0 / 1209600,
    [10] = 1.0 / 47900160,
    [12] = -691.0 / 1307674368000.0,
    [14] = 1.0 / 74724249600.0,
    [16] = -3617.0 / 10670622842880000.0,
    [18] = 43867.0 / 5109094217170944000.0,
};

static double mass_of(const struct theory_unit *unit, const struct theory_range *range)
{
    double m[3];
    unit->source.type->truncated(&unit->source, range->first - 0.5, range->last + 0.5,
                                 unit->source.mean, m);
    return m[0];
}

/* The derivatives at an end; at infinity none is left. */
static void derive(const struct theory_unit *unit, double x, double f[DERIVATIVES])
{
    if (isfinite(x))
        unit->source.type->derivatives(&unit->source, x, DERIVATIVES, f);
    else
        memset(f, 0, DERIVATIVES * sizeof *f);
}

/* Adds sign times what the end at x contributes. */
static void add_end(const struct theory_unit *unit, double x, double sign,
                    struct theory_cells *cells)
{
    if (isinf(x))
        return;
    double f[DERIVATIVES];
    derive(unit, x, f);
    double away = x - unit->source.mean;
    for (size_t k = 0; k < DERIVATIVES; k += 2) {
        /* The k-th derivative of (x - mean) f. */
        double moment = away * f[k] + (k > 0 ? (double)k * f[k - 1] : 0);
        cells->y += sign * bernoulli[k + 2] * f[k];
        cells->xy += sign * bernoulli[k + 2] * moment;
        cells->yy -= sign * 2 * bernoulli[k + 4] * f[k + 1];
    }
}

void theory_smooth_add_cells(const struct theory_unit *unit, const struct theory_range *range,
                             struct theory_cells *cells)
{
    const double mass = mass_of(unit, range);
    cells->mass += mass;
    cells->yy += mass / 12;
    add_end(unit, range->first - 0.5, -1, cells);
    add_end(unit, range->last + 0.5, 1, cells);
}

void theory_smooth_add_cdf(const struct theory_unit *unit, const struct theory_range *range,
                           double c[THEORY_SMOOTH_TERMS])
{
    double low[DERIVATIVES], high[DERIVATIVES], factorial = 1;
    derive(unit, range->first - 0.5, low);
    derive(unit, range->last + 0.5, high);
    for (size_t j = 1; j < THEORY_SMOOTH_TERMS; j++) {
        double sum = 0;
        for (size_t k = j > 2 ? j - 2 : 0; k < DERIVATIVES; k++)
            sum += (k % 2 ? -1 : 1) * bernoulli[k + 2 - j] * (high[k] - low[k]);
        factorial *= (double)j;
        c[j] -= sum / factorial;
    }
    c[1] += mass_of(unit, range);
}
