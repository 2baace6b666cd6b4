/* SPDX-License-Identifier: MIT
 *
 * Matrices that are zero outside of square blocks along the diagonal, times rows.
 */
#ifndef LINEAR_BLOCK_MATRIX_H
#define LINEAR_BLOCK_MATRIX_H

#include <stddef.h>

#include <gsl/gsl_matrix.h>

struct block_matrix; /* constant once it is filled */

/* Blocks of `block` columns, the last may be shorter, all zero; NULL if memory does not suffice.
 * The caller frees it. */
struct block_matrix *block_matrix_new(size_t columns, size_t block);
void block_matrix_free(struct block_matrix *matrix);

/* The block that begins at column `start`, to be filled or read. */
gsl_matrix_view block_matrix_square(const struct block_matrix *matrix, size_t start);

/* Doubles that block_matrix_turn needs for `count` rows. */
size_t block_matrix_scratch(const struct block_matrix *matrix, size_t count);

/* Replaces each of `count` rows, one after the other, by row * matrix. */
void block_matrix_turn(const struct block_matrix *matrix, double rows[], size_t count,
                       double scratch[]);

/* The same of rows that have n columns alone, from `first` on: whole blocks. */
void block_matrix_turn_stretch(const struct block_matrix *matrix, size_t first, size_t n,
                               double rows[], size_t count, double scratch[]);

#endif
