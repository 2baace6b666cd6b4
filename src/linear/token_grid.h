/* SPDX-License-Identifier: MIT
 *
 * The uniform grid of a layer's inputs (MATH §2.1, §2.2): one for each token, as it arrives, or one
 * that was fixed before.
 */
#ifndef LINEAR_TOKEN_GRID_H
#define LINEAR_TOKEN_GRID_H

#include <stdbool.h>
#include <stddef.h>

#define TOKEN_GRID_BITS_LEAST 2
#define TOKEN_GRID_BITS_MOST  16

/* Levels step * (code - zero) for the codes least .. most. */
struct token_grid {
    double range; /* what the levels cover, r(x) of MATH §8.2; 0 for nothing but zeros */
    double step;
    double steps; /* N of MATH §8.4: the range in steps */
    double zero, least, most;
};

/* The steps of a grid of so many bits: 2^b - 1, or 2^b - 2 if it is symmetric. */
double token_grid_steps(int bits, bool symmetric);

/* The grid for values from low to high.  An asymmetric one covers these and 0; a symmetric one
 * covers -c .. c, c the larger magnitude.  Magnitudes must be below 1e300. */
struct token_grid token_grid_make(double low, double high, int bits, bool symmetric);

/* The grid that a token of n values gets for itself. */
struct token_grid token_grid_of(const double x[], size_t n, int bits, bool symmetric);

/* The error Q(x) - x of each value.  Quotients are x * steps / range, ties go to the even one. */
void token_grid_round(const struct token_grid *grid, const double x[], size_t n, double error[]);

#endif
