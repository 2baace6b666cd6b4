/* SPDX-License-Identifier: MIT
 *
 * The levels of least mean squared error for a source (MATH §7, FORMULAS §2): conditional means
 * between midpoints.
 */
#ifndef QUANT_LLOYD_MAX_H
#define QUANT_LLOYD_MAX_H

#include <stddef.h>

#include "quant/codebook.h"
#include "stats/source.h"

#define LLOYD_MAX_BITS_MOST 8

/* 2^bits levels, bits 1 .. 8, for the source's family at mean 0 and standard deviation 1:
 * Newton's method on the tridiagonal system, for 2, 4, 8 .. levels in turn, each time from the
 * cells before cut in two at their levels, and once from where the theory of many levels has them,
 * if that ends better; for a Laplace by its exact recursion.  Levels to
 * 1e-10 (relative to 1 + |level|).  A symmetric source gets symmetric levels, although for one
 * with a sharp peak others may be a little better.  Any source type with truncated moments; one
 * that does not converge gives NULL with ERROR_USAGE. */
struct codebook *lloyd_max_make(const struct source *source, int bits, struct error *error);

/* The plain alternation, step by step, for teaching: levels[0..n-1] ascending are replaced by the
 * conditional means of the cells between their midpoints (a cell without mass keeps its level).
 * Returns the MSE of the levels that were given (with their midpoints as thresholds), which falls
 * from step to step; *moved is the largest change of a level. */
double lloyd_max_step(const struct source *source, double levels[], size_t n, double *moved);

/* The levels that fit given values best, or nearly: a minimum of the MSE, if not always the
 * least one.  The alternation on n >= 1 ascending finite values, from the places that many
 * levels would have, until no level moves by more than 1e-10 of their standard deviation or
 * LLOYD_MAX_SWEEPS_MOST sweeps have passed.  Cells are found by bisection and summed through
 * prefix sums, so a sweep costs levels * log n.  A level that loses all its values starts again
 * at the value of the largest error.  Fewer levels than 2^bits, bits 1 .. 8, come out if there
 * are fewer different values, and they are these.  mse is that of the values themselves (not of
 * unit variance). */
#define LLOYD_MAX_SWEEPS_MOST 1000
struct codebook *lloyd_max_empirical(const double sorted[], size_t n, int bits);

#endif
