/* SPDX-License-Identifier: MIT
 *
 * What is known of the input x of one or several linear layers (MATH §8): samples of it, its second
 * moment, or nothing.
 */
#ifndef ENGINE_LAYER_INPUTS_H
#define ENGINE_LAYER_INPUTS_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "engine/part.h"
#include "linear/moment.h"
#include "model/activations_match.h"

/* Values that samples of one input may have: they are held twice, and a small packed file can tell
 * of very many. */
#define LAYER_SAMPLES_MOST (UINT64_C(1) << 27)

/* Immutable.  moment.value is NULL where nothing is known: isotropic input, Σx = I, is then
 * assumed, and whoever shows a figure says so. */
struct layer_inputs {
    struct part part;
    enum activation_kind kind; /* ACTIVATION_UNKNOWN: nothing is known */
    size_t columns;
    size_t tokens;        /* of samples; else 0 */
    double *x;            /* [tokens, columns]; NULL */
    struct moment moment; /* E xxᵀ; of samples in blocks as asked for */
    double *maxima;       /* [columns] the largest |x_j|; NULL if they are not known */
};

/* Reads what a layer has in an activation file, NULL for none.  `block` is the width of the blocks
 * in which the second moment of samples is needed.  NULL with *error if the file is broken, there
 * are too many samples or memory does not suffice. */
const struct layer_inputs *layer_inputs_read(const struct activation_match *match, size_t columns,
                                             size_t block, struct error *error);

#endif
