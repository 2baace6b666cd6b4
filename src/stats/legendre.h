/* SPDX-License-Identifier: MIT
 *
 * Gauss-Legendre quadrature for sources without closed forms, and where closed forms cancel.
 */
#ifndef STATS_LEGENDRE_H
#define STATS_LEGENDRE_H

#include "stats/source.h"

/* The right halves of the rules of 16 and of 8 points on -1 .. 1; the left halves mirror them. */
struct legendre_node {
    double x, weight;
};

#define LEGENDRE_HALF 8

extern const struct legendre_node legendre_16[LEGENDRE_HALF];
extern const struct legendre_node legendre_8[LEGENDRE_HALF / 2];

/* Integrals of (x - at)^k f over a < x < b for k = 0, 1, 2 by the rule of 16 points, or of 8. */
void legendre_moments(const struct source *source, double a, double b, double at, bool short_rule,
                      double m[3]);

#endif
