/* SPDX-License-Identifier: MIT
 *
 * The JSON header of a safetensors file.
 */
#ifndef MODEL_SAFETENSORS_HEADER_H
#define MODEL_SAFETENSORS_HEADER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/content.h"
#include "model/model.h"
#include "model/tensor.h"

/* Bytes before the header, which hold its length. */
#define SAFETENSORS_LENGTH_BYTES 8u

/* A tensor of the header.  The tensor comes first, so that pointers to it, which parts.h sorts,
 * are pointers to the entry. */
struct safetensors_entry {
    struct tensor tensor;
    uint64_t at; /* byte of the file right behind its name in the header, for messages */
};

struct safetensors_header {
    struct safetensors_entry *entries; /* in the order of the header */
    size_t count, capacity;
};

/* Reads the header of a file, which is text[0..length-1], into *header, which must be all zero and
 * whose entries are the caller's to mem_free either way.  Every entry is checked by itself: type,
 * shape and byte range agree, and the range lies within the file.  What tensors point to comes from
 * the arena of the model, whose metadata gets the entries of __metadata__. */
bool safetensors_parse(struct safetensors_header *header, struct model *model,
                       const struct content *file, const char *text, size_t length,
                       struct error *error);

#endif
