/* SPDX-License-Identifier: MIT
 *
 * One invertible transform of a layer's input side, ready to be applied: T to tokens and T⁻¹ to
 * the weights' rows.  The links of the chain that a basis is.
 */
#ifndef LINEAR_TURN_H
#define LINEAR_TURN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "linear/block_matrix.h"

/* Rows that are turned together: enough for a matrix to be read once for many of them. */
#define TURN_ROWS 16

struct turn;

struct turn_type {
    /* Each row, of `columns` values, in place; count <= TURN_ROWS.  x becomes T x ... */
    void (*tokens)(const struct turn *turn, double rows[], size_t count, double scratch[]);
    /* ... and a row w of the weights becomes w T⁻¹. */
    void (*weights)(const struct turn *turn, double rows[], size_t count, double scratch[]);
    /* The same of n of the row's columns, from `first` on, that lie without the others: whole
     * blocks of those that are mixed. */
    void (*stretch)(const struct turn *turn, size_t first, size_t n, double rows[], size_t count,
                    double scratch[]);
    void (*free)(void *data);
};

struct turn {
    const struct turn_type *type;
    void *data; /* the type's own, immutable */
    size_t columns;
    size_t width;    /* columns that are mixed at a time */
    bool orthogonal; /* tokens and weights are turned alike */
    size_t scratch;  /* doubles for TURN_ROWS rows */
    size_t bytes;    /* of memory, about */
    char text[128];  /* for people: "hadamard 1536 = 12 x 128, Paley I over GF(11)" */
};

/* x_j becomes x_j factor[j], and W_ij becomes W_ij / factor[j].  Takes over the factors, which were
 * allocated by mem_alloc. */
void turn_make_diagonal(struct turn *turn, size_t columns, double factor_stolen[]);

/* The factors of such a turn, NULL if it is of another type. */
const double *turn_diagonal_factors(const struct turn *turn);

/* Rows times blocks: xᵀ becomes xᵀ tokens, and w becomes w weights.  Takes over both; the same
 * matrix may be given for both, and the turn is then orthogonal. */
void turn_make_blocks(struct turn *turn, size_t columns, size_t width,
                      struct block_matrix *tokens_stolen, struct block_matrix *weights_stolen);

void turn_done(struct turn *turn);

#endif
