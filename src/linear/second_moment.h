/* SPDX-License-Identifier: MIT
 *
 * Second moments of rows (MATH §8): sums of x xᵀ, which are E[xxᵀ] for the inputs of a layer and
 * WᵀW for the rows of its weight.  Matrices are row by row.
 */
#ifndef LINEAR_SECOND_MOMENT_H
#define LINEAR_SECOND_MOMENT_H

#include <stddef.h>

/* Adds x xᵀ of n rows of d values to the lower triangle of sums[d * d]; the rest is not touched. */
void second_moment_add(double sums[], size_t d, const double rows[], size_t n);

/* Divides the lower triangle by count (of tokens, or 1) and mirrors it. */
void second_moment_finish(double sums[], size_t d, double count);

/* Adds the squares of n rows to sums[d]: the diagonal alone. */
void second_moment_add_diagonal(double sums[], size_t d, const double rows[], size_t n);

/* The sum of the diagonal of a matrix. */
double second_moment_trace(const double moment[], size_t d);

#endif
