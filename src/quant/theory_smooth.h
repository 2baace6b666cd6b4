/* SPDX-License-Identifier: MIT
 *
 * Sums over the cells of a density much wider than a step need not visit them: the Euler-Maclaurin
 * formula has them from the density's derivatives at the grid's two ends.  Private to theory_*.c.
 */
#ifndef QUANT_THEORY_SMOOTH_H
#define QUANT_THEORY_SMOOTH_H

#include "quant/theory_unit.h"

/* Least standard deviation, in steps, for errors below 1e-12 and below 1e-7 with a Gaussian. */
#define THEORY_SMOOTH_EXACT 2.0
#define THEORY_SMOOTH_CURVE 0.99

/* Whether it applies: a grid with ends, a smooth source and at least that standard deviation. */
bool theory_smooth_applies(const struct theory_unit *unit, double least_std);

struct theory_cells theory_smooth_cells(const struct theory_unit *unit);

/* P(x within a cell and error <= v - 1/2) as a polynomial in v, 0 <= v <= 1: c[0] + c[1] v + ... */
#define THEORY_SMOOTH_TERMS 18
void theory_smooth_cdf(const struct theory_unit *unit, double c[THEORY_SMOOTH_TERMS]);

#endif
