/* SPDX-License-Identifier: MIT */
#include "app/layers_open.h"

#include <stdio.h>

#include "app/layers_tell.h"
#include "base/text.h"

bool layers_open_activations(const struct layer_options *asked, const struct model *model,
                             struct activations **activations, struct error *error)
{
    struct text beside = {0};
    const char *path = asked->activations;
    if (!path && activations_beside(model->path, &beside))
        path = beside.data;
    const bool any = path != NULL;
    *activations = any ? activations_open(path, asked->kind, error) : NULL;
    text_done(&beside);
    return !any || *activations;
}

void layers_tell_beside(const struct layer_options *asked, const struct activations *activations)
{
    if (activations && !asked->activations)
        fprintf(stderr, "roundoff: %s, which lies beside the model, tells of the inputs\n",
                activations->model->label);
}

bool layers_open(const struct options *options, const struct model *model, bool wanted,
                 struct layer_source *source, struct error *error)
{
    *source = (struct layer_source){.activations = NULL};
    if (!wanted && !transform_spec_fits_layer(&options->transform))
        return true;
    if (!layers_open_activations(&options->layers, model, &source->activations, error))
        return false;
    layers_tell_beside(&options->layers, source->activations);
    if (!source->activations)
        fputs("roundoff: isotropic input assumed: --activations tells what it is like\n", stderr);
    source->layers = layers_new(model, source->activations, &options->layers.rules);
    source->index = layers_index(source->layers, options->tensor_view);
    if (source->activations)
        layers_tell_unmatched(source->index, options);
    return true;
}

void layers_close(struct layer_source *source)
{
    layers_free(source->layers);
    activations_free(source->activations);
}
