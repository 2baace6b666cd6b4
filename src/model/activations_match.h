/* SPDX-License-Identifier: MIT
 *
 * Which entries of an activation file are those of a model's layers: by the weight's name; by the
 * name that it has in GGUF, Hugging Face's or Meta's files; else by a layer that gets the same
 * input.
 */
#ifndef MODEL_ACTIVATIONS_MATCH_H
#define MODEL_ACTIVATIONS_MATCH_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"
#include "model/activations.h"
#include "model/model.h"
#include "model/name_map.h"

/* What a layer has. */
struct activation_match {
    const struct activation *inputs; /* samples, else a second moment, else a diagonal; or NULL */
    const struct activation *ranges; /* or NULL */
    uint64_t inputs_row, ranges_row; /* for activation_read_vector: an expert's number, or 0 */
    bool shared;        /* inputs are under the name of another layer, which gets the same */
    const char *reason; /* why there are no inputs, for a person; NULL otherwise */
};

struct activation_matches {
    const struct model *model;
    const struct activations *activations;
    struct activation_match *layers; /* one for each of the model's tensors */
    bool *claimed; /* for each entry, whether it has the name of a layer, fit for it or not */
};

/* Matches the linear layers of a model (layer_name.h), seen in this view; other tensors get
 * nothing.  The map changes the names of entries first. */
void activations_match(struct activation_matches *matches, const struct activations *activations,
                       const struct model *model, struct tensor_view view,
                       const struct name_map *map);
void activations_match_done(struct activation_matches *matches);

/* Appends a line for each linear layer without inputs, with the reason, and for each entry that
 * belongs to no layer; nothing if there are none.  With `wanted`, by tensor of the model, the lines
 * of those layers alone; NULL: all. */
void activations_match_print(const struct activation_matches *matches, const bool wanted[],
                             struct text *out);

/* Whether any entry has the name of a layer: if not, the file is of another model. */
bool activations_match_any(const struct activation_matches *matches);

#endif
