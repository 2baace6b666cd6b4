/* SPDX-License-Identifier: MIT
 *
 * A source and a grid measured in steps of the grid: the form in which theory_*.c works, with
 * levels at whole numbers and cells half a step to either side of each.  Private to those files.
 */
#ifndef QUANT_THEORY_UNIT_H
#define QUANT_THEORY_UNIT_H

#include <stdbool.h>
#include <stddef.h>

#include "quant/theory.h"

struct theory_unit {
    struct source source;
    double first, last; /* outermost levels, infinite on a grid without ends */
};

/* On a grid without ends the mean is brought to -1/2 .. 1/2, which changes no error. */
struct theory_unit theory_unit_make(const struct source *source, const struct theory_grid *grid);

bool theory_unit_endless(const struct theory_unit *unit);

/* Levels first .. last, all of whose cells are to be visited, or none because the source is smooth
 * there. */
struct theory_range {
    double first, last;
    bool smooth;
};

/* Two places that are not smooth, and what lies before, between and after them. */
#define THEORY_RANGES 5

/* Divides the levels, but for those without mass to speak of; returns the number of ranges. */
size_t theory_unit_ranges(const struct theory_unit *unit, bool quick,
                          struct theory_range range[THEORY_RANGES]);

/* True if the grid is endless and a few terms of the Fourier series of the source's error tell all
 * to about 1e-16; otherwise few cells hold the whole source, or its series converges slowly. */
bool theory_unit_periodic(const struct theory_unit *unit);

/* The outer edges of the outermost cells. */
double theory_unit_low_edge(const struct theory_unit *unit);
double theory_unit_high_edge(const struct theory_unit *unit);

/* What the errors within cells come to: integrals over them of f, y f, y^2 f and (x - mean) y f,
 * where y = x - level = -e. */
struct theory_cells {
    double mass, y, yy, xy;
};

#endif
