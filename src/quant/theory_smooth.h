/* SPDX-License-Identifier: MIT
 *
 * Sums over the cells of a density much wider than a step need not visit them: the Euler-Maclaurin
 * formula has them from the density's derivatives at the two ends.  Private to theory_*.c.
 */
#ifndef QUANT_THEORY_SMOOTH_H
#define QUANT_THEORY_SMOOTH_H

#include "quant/theory_unit.h"

/* Adds the cells of a smooth range. */
void theory_smooth_add_cells(const struct theory_unit *unit, const struct theory_range *range,
                             struct theory_cells *cells);

/* Adds P(x within a cell of the range and error <= v - 1/2) as a polynomial in v, 0 <= v <= 1, of
 * coefficients c[0], c[1], ... */
#define THEORY_SMOOTH_TERMS 18
void theory_smooth_add_cdf(const struct theory_unit *unit, const struct theory_range *range,
                           double c[THEORY_SMOOTH_TERMS]);

#endif
