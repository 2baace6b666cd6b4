/* SPDX-License-Identifier: MIT
 *
 * What minizip takes for an open file: content, read through a buffer, as minizip asks for single
 * bytes.
 */
#ifndef MODEL_ZIP_STREAM_H
#define MODEL_ZIP_STREAM_H

#include <minizip/ioapi.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/content.h"

/* Begins as content and error with zeros. */
struct zip_stream {
    const struct content *content;
    struct error *error;
    uint64_t record; /* where minizip last went: the start of the record that it reads */
    bool failed;     /* the content could not be read, and *error says why */
    uint64_t offset; /* the rest is private */
    uint64_t buffer_offset;
    size_t buffered;
    unsigned char buffer[4096];
};

/* The functions for unzOpen2_64, which open this stream whatever the path. */
zlib_filefunc64_def zip_stream_functions(struct zip_stream *stream);

/* Copies n bytes from offset, wherever minizip stands, which must seek before it reads on; false if
 * there are fewer, or with `failed`. */
bool zip_stream_peek(struct zip_stream *stream, uint64_t offset, size_t n, void *out);

#endif
