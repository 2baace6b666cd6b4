/* SPDX-License-Identifier: MIT
 *
 * The key-values of a GGUF file; private to gguf*.c.
 */
#ifndef MODEL_GGUF_METADATA_H
#define MODEL_GGUF_METADATA_H

#include <stdbool.h>
#include <stdint.h>

#include "model/cursor.h"
#include "model/model.h"

/* A whole number that the file may give under a key. */
struct gguf_number {
    bool given;
    uint64_t value;
    uint64_t at; /* where the file gives it */
};

/* What the reader itself needs of the key-values. */
struct gguf_facts {
    struct gguf_number alignment;     /* general.alignment, in bytes */
    struct gguf_number split_no;      /* which of the files of a model this is, from 0 */
    struct gguf_number split_count;   /* how many there are */
    struct gguf_number split_tensors; /* how many tensors there are in all of them */
};

/* The least bytes of a key-value whose lengths have so many bytes. */
#define GGUF_KEY_LEAST(LENGTH_BYTES) ((LENGTH_BYTES) + 4 + 1)

/* Takes count key-values at the cursor, whose lengths and counts have length_bytes (4 or 8), into
 * the model's metadata as those of source, and into *facts.  False with the cursor's error. */
bool gguf_read_metadata(struct cursor *cursor, unsigned length_bytes, uint64_t count,
                        struct model *model, const char *source, struct gguf_facts *facts);

#endif
