/* SPDX-License-Identifier: MIT
 *
 * Safetensors files of chosen F32 values, for the tests of activation files.
 */
#ifndef TESTS_TENSOR_WRITER_H
#define TESTS_TENSOR_WRITER_H

#include <stddef.h>
#include <string.h>

#include "base/text.h"
#include "fixture.h"

/* A file in the making; all zero is the empty one. */
struct tensor_writer {
    struct text header, data;
};

/* Adds metadata of one key. */
static inline void tensor_writer_kind(struct tensor_writer *writer, const char *kind)
{
    text_printf(&writer->header, "%s\"__metadata__\":{\"kind\":\"%s\"}",
                writer->header.length ? "," : "", kind);
}

/* Adds a tensor of this shape, as JSON writes it without brackets, whose n values follow. */
static inline void tensor_writer_add(struct tensor_writer *writer, const char *name,
                                     const char *shape, const float values[], size_t n)
{
    text_printf(&writer->header,
                "%s\"%s\":{\"dtype\":\"F32\",\"shape\":[%s],\"data_offsets\":[%zu,%zu]}",
                writer->header.length ? "," : "", name, shape, writer->data.length,
                writer->data.length + 4 * n);
    for (size_t i = 0; i < n; i++) {
        char bytes[4];
        memcpy(bytes, &values[i], sizeof bytes);
        text_add(&writer->data, bytes, sizeof bytes);
    }
}

/* Adds a tensor of zeros. */
static inline void tensor_writer_zeros(struct tensor_writer *writer, const char *name, size_t rows,
                                       size_t columns)
{
    static const float zeros[256];
    char shape[64];
    snprintf(shape, sizeof shape, "%zu,%zu", rows, columns);
    tensor_writer_add(writer, name, shape, zeros, rows * columns);
}

/* Writes the file; returns its path.  The writer is empty again. */
static inline const char *tensor_writer_write(struct tensor_writer *writer, const char *name)
{
    struct text file = {0};
    size_t length = writer->header.length + 2;
    for (unsigned i = 0; i < 8; i++)
        text_add(&file, (const char[]){(char)(length >> 8 * i & 0xff)}, 1);
    text_puts(&file, "{");
    text_add(&file, writer->header.data ? writer->header.data : "", writer->header.length);
    text_puts(&file, "}");
    text_add(&file, writer->data.data ? writer->data.data : "", writer->data.length);
    const char *path = fixture_write(name, file.data, file.length);
    text_done(&file);
    text_done(&writer->header);
    text_done(&writer->data);
    return path;
}

#endif
