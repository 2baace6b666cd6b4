/* SPDX-License-Identifier: MIT
 *
 * Stage: the signal-to-noise ratio of linear layers y = Wx whose weights and inputs are rounded
 * behind a transform, taken apart into bits, concentration and alignment, and measured (MATH §8,
 * §9).
 *
 * The weights are read block by block of rows; samples of the inputs are held whole, twice.
 */
#ifndef ENGINE_LAYER_H
#define ENGINE_LAYER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/layer_group.h"
#include "engine/part.h"
#include "engine/pool.h"
#include "linear/layer_sqnr.h"
#include "linear/transform_spec.h"
#include "quant/scheme.h"

/* How a layer's inputs are rounded; all zero: not at all. */
struct input_grid {
    int bits; /* TOKEN_GRID_BITS_LEAST .. TOKEN_GRID_BITS_MOST, or 0 */
    bool symmetric;
    bool fixed; /* one grid that covers all samples (static), not one for each token */
};

bool input_grid_equal(const struct input_grid *a, const struct input_grid *b);

struct layer_request {
    struct transform_spec transform;
    struct scheme scheme; /* of the weights; units of a row or less (layer_rounding.h) */
    struct input_grid inputs;
};

/* So many bits more for the weights and, where they are rounded, the inputs (as in Fig. 6 of the
 * paper); false, leaving the request alone, if there are no such levels. */
bool layer_request_add_bits(struct layer_request *request, int more);

/* Appends "W4 A8", or "4 bits" where inputs are not rounded. */
void layer_request_print_bits(const struct layer_request *request, struct text *out);

struct layer_figures {
    struct layer_sqnr sqnr;
    /* The largest |W T⁻¹ T x - W x| over some tokens x, in units of the root mean square of W x:
     * what computing with the transform costs.  NaN if W x is zero. */
    double deviation;
};

/* Immutable. */
struct layer {
    struct part part;
    size_t count;
    struct layer_figures *member; /* in the order of the group's */
    char *basis; /* what the transform came to: "align 128, ridge 1e-06; hadamard 256" */
};

/* NULL with *error: ERROR_USAGE if the scheme or the transform does not fit the layers or what is
 * known of their input; if a file is broken, memory does not suffice or the work was cancelled.
 * The same for any number of workers. */
const struct layer *layer_compute(struct pool *pool, struct watch *watch,
                                  const struct layer_group *group,
                                  const struct layer_request *request, struct error *error);

#endif
