/* SPDX-License-Identifier: MIT
 *
 * Second moments of a layer's input side: Σx = E xxᵀ and Σw = WᵀW (MATH §8), whole or
 * as much of them as is known or needed: blocks along the diagonal.
 */
#ifndef LINEAR_MOMENT_H
#define LINEAR_MOMENT_H

#include <stdbool.h>
#include <stddef.h>

#include <gsl/gsl_matrix.h>

/* A symmetric matrix of `columns` rows that is zero outside of square blocks of `block` columns on
 * its diagonal, the last of which may be shorter.  value is [block, columns]: row i holds, above
 * each column, the i-th row of that column's block, and anything where a shorter block has no such
 * row.  So block = columns is the whole matrix, block = 1 its diagonal.  NULL is the identity, with
 * block 1.  A borrowed view, freed by whoever owns value. */
struct moment {
    size_t columns, block;
    const double *value;
};

double moment_at(const struct moment *moment, size_t i, size_t j);
double moment_trace(const struct moment *moment);

/* Columns of the block of width `block` that begins at column `start`. */
size_t moment_block_columns(size_t columns, size_t block, size_t start);

/* The narrowest blocks that hold both those of a columns and those of b columns, whole. */
size_t moment_common_block(size_t columns, size_t a, size_t b);

/* Copies the square on the diagonal that begins at column `start`. */
void moment_copy_square(const struct moment *moment, size_t start, gsl_matrix *out);

/* The same matrix in blocks of another width, what lies outside of them cut off; NULL if memory
 * does not suffice.  The caller frees it. */
double *moment_rearrange(const struct moment *moment, size_t block);

/* Transposes each block in place. */
void moment_transpose(double value[], size_t columns, size_t block);

#endif
