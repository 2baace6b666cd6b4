/* SPDX-License-Identifier: MIT
 *
 * What is known of the inputs of a model's linear layers: the activation file that the options
 * name, or the one that lies beside the model.
 */
#ifndef APP_LAYERS_OPEN_H
#define APP_LAYERS_OPEN_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"
#include "engine/layers.h"
#include "model/activations.h"
#include "model/model.h"

/* Opens the file that was asked for by name, else the one beside the model; *activations is NULL,
 * and nothing is wrong, if there is neither.  False with *error if the file is.  The caller frees
 * them. */
bool layers_open_activations(const struct layer_options *asked, const struct model *model,
                             struct activations **activations, struct error *error);

/* Tells on standard error of a file that nobody named: figures depend on it. */
void layers_tell_beside(const struct layer_options *asked, const struct activations *activations);

/* What a command needs for its transform or its view. */
struct layer_source {
    struct activations *activations; /* NULL: nothing is known of any input */
    struct layers *layers;           /* NULL: nothing depends on the layers */
    const struct layer_index *index; /* theirs, as the options look at tensors; NULL likewise */
};

/* Opens it, if it is wanted anyhow or the options' transform depends on the layers; says on
 * standard error what they are taken to be like.  False with *error if the file is wrong;
 * layers_close in either case. */
bool layers_open(const struct options *options, const struct model *model, bool wanted,
                 struct layer_source *source, struct error *error);
void layers_close(struct layer_source *source);

#endif
