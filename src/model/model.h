/* SPDX-License-Identifier: MIT
 *
 * A model: the tensors of one file, of several, of a directory, or of a sharded model by its
 * index.  Opening reads headers only.
 */
#ifndef MODEL_MODEL_H
#define MODEL_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/metadata.h"
#include "model/tensor.h"

struct model {
    char *path;             /* the first path as given */
    char *label;            /* printable, for titles: the last component of path */
    const char *format;     /* "safetensors" */
    struct tensor *tensors; /* in file order, shards one after the other */
    size_t count;
    uint64_t elements; /* of all tensors but aliases of others */
    uint64_t bytes;
    struct metadata metadata;
    struct model_parts *parts; /* maps and memory, private to model/ */
};

/* Source of the metadata that are ours and no file's. */
#define MODEL_NOTES "roundoff"

/* What the user says that the files do not. */
struct model_options {
    const struct dtype *void_as; /* the type of NumPy's untyped elements of its size; NULL */
    bool any_class; /* read past classes that a pickle may not name otherwise, as empty objects */
    bool training;  /* keep the tensors of optimizers, which are no weights */
};

/* Opens paths[0..n-1] as one model: each a file, a directory (its index, else every model file in
 * it), or a *.index.json.  Formats are recognised by content.  NULL with *error on failure:
 * ERROR_FILE, "PATH: what is wrong (byte N)". */
struct model *model_open(const char *const paths[], size_t n, const struct model_options *options,
                         struct error *error);
void model_free(struct model *model);

/* The tensor with this label, or by its only unique suffix at a '.' ("2.mlp.down_proj.weight");
 * NULL with ERROR_USAGE (and the closest label as a hint, if there is one) otherwise. */
const struct tensor *model_find(const struct model *model, const char *label, struct error *error);

#endif
