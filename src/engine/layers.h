/* SPDX-License-Identifier: MIT
 *
 * The linear layers of a model however its tensors are looked at, and what is known of their
 * inputs: what an explorer needs for as long as it runs.
 */
#ifndef ENGINE_LAYERS_H
#define ENGINE_LAYERS_H

#include "engine/layer_index.h"

struct layers;

/* activations and rules, NULL for none, are lent, as the model is. */
struct layers *layers_new(const struct model *model, const struct activations *activations,
                          const struct layer_rules *rules);
void layers_free(struct layers *layers);

/* NULL for none. */
const struct activations *layers_activations(const struct layers *layers);

/* The index for a view, made when it is asked for first; it lives as long as the layers.  One
 * thread's. */
const struct layer_index *layers_index(struct layers *layers, struct tensor_view view);

#endif
