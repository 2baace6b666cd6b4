/* SPDX-License-Identifier: MIT
 *
 * The error of a linear layer's output y = Wx (MATH §8.1) under rounding of its weight and of its
 * inputs, as sums over blocks of rows of W and blocks of tokens: any cut into blocks gives the
 * same, so that neither need be held whole.
 *
 * e is Q(W) - W, f is Q(x) - x; rows and tokens are of d finite values each.
 */
#ifndef LINEAR_LAYER_ERROR_H
#define LINEAR_LAYER_ERROR_H

#include <stddef.h>

/* Sums over all outputs and tokens (or for one token on the average, where they come from moments).
 * All zero is empty. */
struct layer_error {
    double signal;      /* of ‖Wx‖² */
    double weights;     /* of ‖ex‖²: inputs as they are */
    double activations; /* of ‖Wf‖²: weights as they are */
    double both;        /* of ‖Q(W)Q(x) - Wx‖² */
};

/* A block of rows of the weight. */
struct layer_rows {
    const double *w, *e;
    size_t count, d;
};

/* Adds what a block of tokens x gives with a block of rows.  f is NULL for inputs that are not
 * quantized. */
void layer_error_add_samples(struct layer_error *sums, const struct layer_rows *rows,
                             const double x[], const double f[], size_t tokens);

/* Adds what a second moment Σx[d * d] gives: signal and weights. */
void layer_error_add_moment(struct layer_error *sums, const struct layer_rows *rows,
                            const double sigma[]);

/* As layer_error_add_moment with a diagonal Σx[d], or NULL for isotropic inputs, Σx = I. */
void layer_error_add_diagonal(struct layer_error *sums, const struct layer_rows *rows,
                              const double diagonal[]);

void layer_error_merge(struct layer_error *sums, const struct layer_error *other);

#endif
