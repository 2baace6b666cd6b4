/* SPDX-License-Identifier: MIT
 *
 * Random samples in the place of weights: the lab's tensors.
 */
#ifndef ENGINE_SYNTHETIC_H
#define ENGINE_SYNTHETIC_H

#include <stdint.h>

#include "base/error.h"
#include "engine/layer_index.h"
#include "engine/part.h"
#include "engine/pool.h"
#include "engine/synthetic_layer.h"
#include "model/activations.h"
#include "model/model.h"
#include "stats/source.h"

#define SYNTHETIC_MOST 10000000

/* Immutable. */
struct synthetic {
    struct part part;
    struct model *model; /* of one tensor: a vector, or the layer's weight */
    /* Of a layer, else NULL: its inputs, and the index that knows them to be its. */
    struct activations *activations;
    struct layer_index *layers;
};

/* n independent draws, 1 <= n <= SYNTHETIC_MOST, of the law with mean 0 and standard deviation 1,
 * as F32; the same for the same seed.  NULL with *error if there is no memory or the work was
 * cancelled. */
const struct synthetic *synthetic_draw(const struct source *law, uint64_t n, unsigned long seed,
                                       struct watch *watch, struct error *error);

/* The same for a layer that synthetic_layer_check admits: its weights and its inputs. */
const struct synthetic *synthetic_draw_layer(const struct source *law,
                                             const struct synthetic_layer *layer,
                                             unsigned long seed, struct watch *watch,
                                             struct error *error);

#endif
