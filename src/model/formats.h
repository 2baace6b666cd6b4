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
#include "model/content.h"
#include "model/model.h"

/* Bytes from the start of a file that recognise() gets, zeros behind the end of a shorter one. */
#define FORMAT_PREFIX 512

struct format {
    const char *name;
    const char *suffix; /* of names of files whose content says nothing: who complains; or NULL */
    bool (*recognise)(const unsigned char prefix[FORMAT_PREFIX], uint64_t size);
    /* Appends the tensors of a file, which the model owns already; false with *error.  A reader of
     * several formats sets model->format, if it is NULL, to a name better than its own. */
    bool (*read)(struct model *model, const struct content *file, struct error *error);
};

extern const struct format format_gguf, format_safetensors;
extern const struct format format_npy;
extern const struct format format_zip, format_torch_legacy, format_torch_tar;
extern const struct format format_onnx;
extern const struct format format_gzip;

/* Reads a file of any format into the model, which owns it from here on. */
bool formats_read(struct model *model, struct content *file, struct error *error);

/* The place in the table of the format of a file, by its content: formats that hold nothing but
 * weights come first, which is what a directory that has several prefers.  -1 if it is no regular
 * file, of no known format, or an importance matrix, which lies beside models and is none. */
int formats_rank(const char *path);

#endif
