/* SPDX-License-Identifier: MIT
 *
 * The layers of a model that get the same input, and so share one transform of it: query, key and
 * value; gate and up.
 */
#ifndef MODEL_LAYER_GROUPS_H
#define MODEL_LAYER_GROUPS_H

#include <stddef.h>

#include "model/model.h"

/* Sets leader[i], for each of the model's tensors, to the first tensor of its group, which is i
 * itself for a tensor that shares its input with none.  Groups are known by names; only linear
 * layers (layer_name.h) of one width belong together. */
void layer_groups(const struct model *model, struct tensor_view view, size_t leader[]);

#endif
