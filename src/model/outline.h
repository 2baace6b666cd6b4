/* SPDX-License-Identifier: MIT
 *
 * A model of which only names, types and shapes are known, as a scan file has it: its tensors can
 * be shown but not read.
 */
#ifndef MODEL_OUTLINE_H
#define MODEL_OUTLINE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/model.h"

struct outline_tensor {
    const char *name; /* valid UTF-8 */
    size_t name_length;
    const char *dtype; /* of whatever name */
    unsigned rank;
    const uint64_t *dims;
    uint64_t bytes;
    const char *alias_of; /* as struct tensor has it; NULL */
};

/* An empty model; every tensor will give `reason` (static text) for not being readable. */
struct model *outline_new(const char *path, const char *format);

/* Appends a tensor, of which everything is copied.  False with ERROR_FILE if its elements are
 * beyond 64 bits or there are too many tensors. */
bool outline_add(struct model *model, const struct outline_tensor *tensor, const char *reason,
                 struct error *error);

/* False with ERROR_FILE if two tensors have one name. */
bool outline_check(const struct model *model, struct error *error);

#endif
