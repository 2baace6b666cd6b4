/* SPDX-License-Identifier: MIT
 *
 * One file of the GGUF format; private to gguf*.c.
 */
#ifndef MODEL_GGUF_FILE_H
#define MODEL_GGUF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/gguf_metadata.h"
#include "model/tensor.h"

#define GGUF_MAGIC "GGUF"

/* A tensor, which comes first so that pointers to it are pointers to the whole. */
struct gguf_tensor {
    struct tensor tensor;
    uint64_t at; /* where the file describes it */
};

struct gguf_file {
    const struct content *content;
    struct gguf_facts facts;
    struct gguf_tensor *tensors; /* in the order in which the file describes them */
    size_t count, capacity;
};

/* Reads all but the data of a file into *file, which must be all zero, with what tensors point to
 * and the metadata going to the model; the tensors themselves do not.  False with ERROR_FILE;
 * gguf_file_done either way. */
bool gguf_file_read(struct gguf_file *file, struct model *model, const struct content *content,
                    struct error *error);
void gguf_file_done(struct gguf_file *file);

#endif
