/* SPDX-License-Identifier: MIT
 *
 * Orthogonal matrices H/sqrt(B) for rows of any width, H of 1 and -1 (MATH §9).  For the whole
 * width d = m * 2^k, H is the Kronecker product of the smallest core that will do (hadamard_core.h)
 * and Sylvester's matrix; where there is no core, H is Sylvester's for the largest power of two
 * that divides d, block after block.
 */
#ifndef LINEAR_HADAMARD_MATRIX_H
#define LINEAR_HADAMARD_MATRIX_H

#include <stddef.h>

#include "base/text.h"
#include "linear/hadamard_core.h"

/* Which H is used for a width. */
struct hadamard_order {
    size_t columns;            /* d */
    size_t block;              /* B, which divides d: columns that are mixed */
    size_t piece;              /* the power of two; core.order * piece = block */
    struct hadamard_core core; /* of order 1 without one */
};

/* For d >= 1: the whole width where H is known, else the largest power of two. */
struct hadamard_order hadamard_order_find(size_t columns);

/* In blocks of a power of two that divides d. */
struct hadamard_order hadamard_order_blocks(size_t columns, size_t block);

/* "11008 = 172 x 64, Williamson"; "13696 in 107 blocks of 128". */
void hadamard_order_print(const struct hadamard_order *order, struct text *out);

struct hadamard_matrix; /* immutable */

struct hadamard_matrix *hadamard_matrix_new(const struct hadamard_order *order);
void hadamard_matrix_free(struct hadamard_matrix *matrix);

/* Doubles that hadamard_matrix_turn needs. */
size_t hadamard_matrix_scratch(const struct hadamard_matrix *matrix);

/* Replaces each of `count` rows of d values, one after the other, by (H/sqrt(B)) row. */
void hadamard_matrix_turn(const struct hadamard_matrix *matrix, double rows[], size_t count,
                          double scratch[]);

/* The same of `count` blocks of B values, wherever in a row they are: all blocks are alike. */
void hadamard_matrix_turn_blocks(const struct hadamard_matrix *matrix, double blocks[],
                                 size_t count, double scratch[]);

#endif
