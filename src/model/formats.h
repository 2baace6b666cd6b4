/* SPDX-License-Identifier: MIT
 *
 * The table of file formats: a new one is one file, declared here, and one row in formats.c.
 */
#ifndef MODEL_FORMATS_H
#define MODEL_FORMATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/mapping.h"
#include "model/model.h"

/* Bytes from the start of a file that recognise() gets, zeros behind the end of a shorter one. */
#define FORMAT_PREFIX 64

struct format {
    const char *name;
    const char *suffix; /* of file names, ".safetensors"; in doubt, it decides who complains */
    bool (*recognise)(const unsigned char prefix[FORMAT_PREFIX], uint64_t size);
    /* Appends the tensors of a file, which the model owns already; false with *error. */
    bool (*read)(struct model *model, const struct mapping *file, struct error *error);
};

extern const struct format format_safetensors;

/* Reads a file of any format into the model, which owns it from here on. */
bool formats_read(struct model *model, struct mapping *file, struct error *error);

/* True if a file of this name is taken for a model when a directory is opened. */
bool formats_has_suffix(const char *name);

/* The same for the index of a model in shards: ".safetensors.index.json". */
bool formats_has_index_suffix(const char *name);

#endif
