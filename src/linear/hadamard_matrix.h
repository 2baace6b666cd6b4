/* SPDX-License-Identifier: MIT
 *
 * Orthogonal matrices H/sqrt(B) for rows of any width, H of 1 and -1 (MATH §9).  For the whole
 * width d = m * 2^k, H is the Kronecker product of one of Paley's matrices, the smallest that will
 * do, and Sylvester's; where no such H is known, Sylvester's for the largest power of two that
 * divides d, block after block.
 */
#ifndef LINEAR_HADAMARD_MATRIX_H
#define LINEAR_HADAMARD_MATRIX_H

#include <stddef.h>

#include "base/text.h"
#include "linear/paley.h"

/* Which H is used for a width. */
struct hadamard_order {
    size_t columns; /* d */
    size_t block;   /* B, which divides d: columns that are mixed */
    size_t piece;   /* the power of two; core * piece = block */
    size_t core;    /* order of Paley's factor, 1 without it */
    struct paley paley;
};

/* For d >= 1: the whole width where H is known, else the largest power of two. */
struct hadamard_order hadamard_order_find(size_t columns);

/* In blocks of a power of two that divides d. */
struct hadamard_order hadamard_order_blocks(size_t columns, size_t block);

/* "11008 = 344 x 32, Paley I over GF(343)"; "13696 in 107 blocks of 128". */
void hadamard_order_print(const struct hadamard_order *order, struct text *out);

struct hadamard_matrix; /* immutable */

struct hadamard_matrix *hadamard_matrix_new(const struct hadamard_order *order);
void hadamard_matrix_free(struct hadamard_matrix *matrix);

/* Doubles that hadamard_matrix_turn needs. */
size_t hadamard_matrix_scratch(const struct hadamard_matrix *matrix);

/* Replaces each of `count` rows of d values, one after the other, by (H/sqrt(B)) row. */
void hadamard_matrix_turn(const struct hadamard_matrix *matrix, double rows[], size_t count,
                          double scratch[]);

#endif
