/* SPDX-License-Identifier: MIT */
#include "app/explorer_layers.h"

#include "app/layers_open.h"

bool explorer_layers_open(struct explorer_layers *layers, const struct options *options,
                          const struct model *model, struct error *error)
{
    const struct layer_options *asked = &options->layers;
    *layers = (struct explorer_layers){.activations = NULL};
    if (!layers_open_activations(asked, model, &layers->activations, &layers->broken) &&
        asked->activations) {
        *error = layers->broken;
        return false;
    }
    layers->layers = layers_new(model, layers->activations, &asked->rules);
    return true;
}

void explorer_layers_close(struct explorer_layers *layers)
{
    layers_free(layers->layers);
    activations_free(layers->activations);
}
