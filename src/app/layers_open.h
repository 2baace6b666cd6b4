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

struct layer_source {
    struct activations *activations; /* NULL: nothing is known of any input */
    struct layers *layers;           /* NULL: nothing depends on the layers */
    const struct layer_index *index; /* for a command: theirs, as the options look at tensors */
};

/* All of these: the options are lent, and layers_close is for either case. */

/* What the explorer needs; the index is made when it is first looked at.  False with *error if the file that was named is wrong; *broken is set
 * if one beside the model is, which is a thing to tell, and nothing to stop for. */
bool layers_open_quietly(const struct options *options, const struct model *model,
                         struct layer_source *source, struct error *broken, struct error *error);

/* The same for commands, which say on standard error which file lies beside the model, and what
 * does not go together with it.  False with *error if the file is wrong. */
bool layers_open_telling(const struct options *options, const struct model *model,
                         struct layer_source *source, struct error *error);

/* What a command needs for its transform or its view: nothing, if it is not wanted anyhow and the
 * options' transform does not depend on the layers; says, too, if nothing is known of inputs. */
bool layers_open(const struct options *options, const struct model *model, bool wanted,
                 struct layer_source *source, struct error *error);
void layers_close(struct layer_source *source);

#endif
