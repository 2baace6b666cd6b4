/* SPDX-License-Identifier: MIT
 *
 * Stage before all others: the transform of a tensor's input side (MATH §9), made from what is
 * known of the layer and of those that share its input.
 */
#ifndef ENGINE_TENSOR_BASIS_H
#define ENGINE_TENSOR_BASIS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "engine/layer_index.h"
#include "engine/part.h"
#include "engine/pool.h"
#include "linear/basis.h"
#include "linear/transform_spec.h"
#include "model/tensor.h"

/* What is asked for; all lent. */
struct basis_wish {
    const struct transform_spec *transform;
    struct tensor_view view;
    const struct layer_index *layers; /* of that view; NULL: a tensor is taken alone */
};

/* Immutable. */
struct tensor_basis {
    struct part part;
    struct basis *basis;
    char *text;     /* what it came to: "align 128, ridge 1e-06; hadamard 256" */
    bool isotropic; /* it depends on the input, of which nothing is known: Σx = I was assumed */
    /* What it was made of, for tensor_basis_serves. */
    struct transform_spec transform;
    struct tensor_view view;
    const struct layer_index *layers;
    size_t columns;
    const struct tensor *leader; /* the first one of its group; NULL: any tensor would do */
};

/* Whether a tensor has an input side to be transformed, and a transform is wanted. */
bool tensor_basis_wanted(const struct tensor *tensor, const struct basis_wish *wish);

/* Whether a basis is the one that tensor_basis_compute would make. */
bool tensor_basis_serves(const struct tensor_basis *basis, const struct tensor *tensor,
                         const struct basis_wish *wish);

/* The basis of a readable tensor that wants one.  NULL with *error: ERROR_USAGE if the transform
 * does not fit the tensor or what is known of its input; or if a file is broken, memory does not
 * suffice, or the work was cancelled. */
const struct tensor_basis *tensor_basis_compute(const struct tensor *tensor,
                                                const struct basis_wish *wish, struct watch *watch,
                                                struct error *error);

#endif
