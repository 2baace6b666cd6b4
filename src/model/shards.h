/* SPDX-License-Identifier: MIT
 *
 * Models in several files, by an index that says which tensor is in which.
 */
#ifndef MODEL_SHARDS_H
#define MODEL_SHARDS_H

#include <stdbool.h>

#include "base/error.h"
#include "model/content.h"
#include "model/model.h"

/* Files of one model; about as many maps as Linux lets a process have. */
#define SHARDS_MAX 65536

/* Adds the shards that an index names, and checks that they hold what it says: a shard that is
 * missing, a tensor that is not in its shard, and a tensor that the index does not know are
 * errors, each with its own message. */
bool shards_read_index(struct model *model, const struct content *index, struct error *error);

#endif
