/* SPDX-License-Identifier: MIT
 *
 * The linear layers of a model: which of them get the same input, and what an activation file says
 * of it.
 */
#ifndef ENGINE_LAYER_INDEX_H
#define ENGINE_LAYER_INDEX_H

#include <stdbool.h>
#include <stddef.h>

#include "model/activations_match.h"
#include "model/layer_groups.h"
#include "model/model.h"
#include "model/name_map.h"

/* What the user knows better than names tell; all zero: nothing. */
struct layer_rules {
    struct name_map entries; /* of an activation file, under the names that this makes of theirs */
    struct layer_grouping groups;
};

struct layer_index {
    const struct model *model;
    struct tensor_view view;
    struct activation_matches matches; /* all zero without a file */
    size_t *leader;                    /* of each tensor, the first one of its group */
    size_t *next;                      /* and the one behind it there; the model's count: none */
};

/* activations and rules: NULL for none.  Model and activations are lent, the rules for the call. */
void layer_index_make(struct layer_index *index, const struct model *model, struct tensor_view view,
                      const struct activations *activations, const struct layer_rules *rules);
void layer_index_done(struct layer_index *index);

/* A matrix that is multiplied with inputs, and can be read; else *reason, if not NULL, tells why it
 * cannot be read, or is NULL for what is no linear layer. */
bool layer_index_has(const struct layer_index *index, size_t i, const char **reason);

/* The layers of a group, in the order of the model. */
struct layer_list {
    const struct tensor **tensor;
    size_t count;
    const struct activation_match *match; /* of their input: the first that tells anything; NULL */
};

/* The group of a tensor of which layer_index_has is true. */
struct layer_list layer_index_group(const struct layer_index *index, size_t i);
void layer_list_done(struct layer_list *list);

#endif
