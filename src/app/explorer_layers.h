/* SPDX-License-Identifier: MIT
 *
 * What the explorer knows of the inputs of a model's linear layers, for as long as it runs.
 */
#ifndef APP_EXPLORER_LAYERS_H
#define APP_EXPLORER_LAYERS_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"
#include "engine/layers.h"
#include "model/activations.h"
#include "model/model.h"

struct explorer_layers {
    struct activations *activations; /* NULL: none */
    struct layers *layers;
    struct error broken; /* why a file that nobody named is not used */
};

/* False with *error if a file that was named cannot be used; one beside the model that cannot be is
 * a thing to tell, and nothing to stop for.  The options are lent. */
bool explorer_layers_open(struct explorer_layers *layers, const struct options *options,
                          const struct model *model, struct error *error);
void explorer_layers_close(struct explorer_layers *layers);

#endif
