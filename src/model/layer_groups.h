/* SPDX-License-Identifier: MIT
 *
 * The layers of a model that get the same input, and so share one transform of it: query, key and
 * value; gate and up.
 */
#ifndef MODEL_LAYER_GROUPS_H
#define MODEL_LAYER_GROUPS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "model/model.h"
#include "model/name_map.h"

/* What the user knows better than names tell; all zero: nothing. */
struct layer_grouping {
    bool alone;             /* no layer shares its input */
    struct name_map inputs; /* layers that a rule fits get the input that it makes of their name */
};

/* Reads "none", "names" (what is known so far is forgotten in either case) or a rule
 * REGEX=REPLACEMENT, which is added.  False with ERROR_USAGE. */
bool layer_grouping_parse(const char *text, struct layer_grouping *grouping, struct error *error);
void layer_grouping_done(struct layer_grouping *grouping);

/* Sets leader[i], for each of the model's tensors, to the first tensor of its group, which is i
 * itself for a tensor that shares its input with none.  Groups are known by names, as far as
 * grouping (NULL: nothing) does not tell; only linear layers (layer_name.h) of one width belong
 * together. */
void layer_groups(const struct model *model, struct tensor_view view,
                  const struct layer_grouping *grouping, size_t leader[]);

#endif
