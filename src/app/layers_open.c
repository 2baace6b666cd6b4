/* SPDX-License-Identifier: MIT */
#include "app/layers_open.h"

#include <stdio.h>

#include "app/layers_tell.h"
#include "base/text.h"

/* The file that was asked for by name, else the one beside the model; none, and nothing wrong, if
 * there is neither. */
static bool open_activations(const struct layer_options *asked, const struct model *model,
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

bool layers_open_quietly(const struct options *options, const struct model *model,
                         struct layer_source *source, struct error *broken, struct error *error)
{
    const struct layer_options *asked = &options->layers;
    *source = (struct layer_source){.activations = NULL};
    *broken = (struct error){ERROR_NONE, ""};
    if (!open_activations(asked, model, &source->activations, broken) && asked->activations) {
        *error = *broken;
        return false;
    }
    source->layers = layers_new(model, source->activations, &asked->rules);
    return true;
}

bool layers_open_telling(const struct options *options, const struct model *model,
                         struct layer_source *source, struct error *error)
{
    struct error broken;
    if (!layers_open_quietly(options, model, source, &broken, error))
        return false;
    if (broken.code != ERROR_NONE) {
        *error = broken;
        return false;
    }
    source->index = layers_index(source->layers, options->tensor_view);
    if (source->activations && !options->layers.activations)
        fprintf(stderr, "roundoff: %s, which lies beside the model, tells of the inputs\n",
                source->activations->model->label);
    if (source->activations)
        layers_tell_unmatched(source->index, options);
    return true;
}

bool layers_open(const struct options *options, const struct model *model, bool wanted,
                 struct layer_source *source, struct error *error)
{
    *source = (struct layer_source){.activations = NULL};
    if (!wanted && !transform_spec_fits_layer(&options->transform))
        return true;
    if (!layers_open_telling(options, model, source, error))
        return false;
    if (!source->activations)
        fputs("roundoff: isotropic input assumed: --activations tells what it is like\n", stderr);
    return true;
}

void layers_close(struct layer_source *source)
{
    layers_free(source->layers);
    activations_free(source->activations);
}
