/* SPDX-License-Identifier: MIT
 *
 * What of an activation file does not go together with a model.
 */
#ifndef APP_LAYERS_TELL_H
#define APP_LAYERS_TELL_H

#include "app/options.h"
#include "engine/layer_index.h"

/* Names, on standard error, the layers without inputs and the entries without layers; or, if no
 * entry is of any layer, one of each, and how to bring them together.  With --tensor the layers
 * that it matches alone: the rest would mostly be of what nobody asked for. */
void layers_tell_unmatched(const struct layer_index *index, const struct options *options);

#endif
