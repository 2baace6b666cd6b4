/* SPDX-License-Identifier: MIT
 *
 * GGUF files for the tests of model/, of any version and byte order, put together piece by piece.
 */
#ifndef TESTS_GGUF_WRITER_H
#define TESTS_GGUF_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "fixture.h"

/* Types of values by their numbers in the file. */
enum {
    GGUF_U8,
    GGUF_I8,
    GGUF_U16,
    GGUF_I16,
    GGUF_U32,
    GGUF_I32,
    GGUF_F32,
    GGUF_BOOL,
    GGUF_STRING,
    GGUF_ARRAY,
    GGUF_U64,
    GGUF_I64,
    GGUF_F64
};

/* Types of elements. */
enum { GGML_F32 = 0, GGML_F16 = 1, GGML_Q8_0 = 8, GGML_Q4_K = 12, GGML_IQ2_XXS = 16 };

/* A file in the making; a version of 0 stands for 3. */
struct gguf_writer {
    unsigned version;
    bool big_endian;
    struct text bytes;
};

static inline void gguf_put(struct gguf_writer *writer, unsigned size, uint64_t value)
{
    for (unsigned i = 0; i < size; i++) {
        unsigned shift = 8 * (writer->big_endian ? size - 1 - i : i);
        text_add(&writer->bytes, (const char[]){(char)(value >> shift & 0xff)}, 1);
    }
}

/* A count, length or dimension. */
static inline void gguf_put_length(struct gguf_writer *writer, uint64_t length)
{
    gguf_put(writer, writer->version == 1 ? 4 : 8, length);
}

static inline void gguf_put_bytes(struct gguf_writer *writer, const char *bytes, size_t length)
{
    gguf_put_length(writer, length);
    text_add(&writer->bytes, bytes, length);
}

static inline void gguf_put_string(struct gguf_writer *writer, const char *string)
{
    gguf_put_bytes(writer, string, strlen(string));
}

static inline void gguf_begin(struct gguf_writer *writer, uint64_t tensors, uint64_t keys)
{
    text_puts(&writer->bytes, "GGUF");
    gguf_put(writer, 4, writer->version ? writer->version : 3);
    gguf_put_length(writer, tensors);
    gguf_put_length(writer, keys);
}

/* A key and the type of its value, which is still to come. */
static inline void gguf_key(struct gguf_writer *writer, const char *key, unsigned type)
{
    gguf_put_string(writer, key);
    gguf_put(writer, 4, type);
}

static inline void gguf_key_number(struct gguf_writer *writer, const char *key, unsigned type,
                                   unsigned size, uint64_t value)
{
    gguf_key(writer, key, type);
    gguf_put(writer, size, value);
}

/* The type and count of an array's elements, which are still to come. */
static inline void gguf_array(struct gguf_writer *writer, unsigned type, uint64_t count)
{
    gguf_put(writer, 4, type);
    gguf_put_length(writer, count);
}

/* Dimensions in the file's order, fastest first. */
static inline void gguf_tensor(struct gguf_writer *writer, const char *name, unsigned type,
                               unsigned rank, const uint64_t *dims, uint64_t offset)
{
    gguf_put_string(writer, name);
    gguf_put(writer, 4, rank);
    for (unsigned i = 0; i < rank; i++)
        gguf_put_length(writer, dims[i]);
    gguf_put(writer, 4, type);
    gguf_put(writer, 8, offset);
}

static inline void gguf_vector(struct gguf_writer *writer, const char *name, unsigned type,
                               uint64_t length, uint64_t offset)
{
    gguf_tensor(writer, name, type, 1, &length, offset);
}

/* Zeros up to a multiple of the alignment: the data section begins there. */
static inline void gguf_align(struct gguf_writer *writer, size_t alignment)
{
    while (writer->bytes.length % alignment != 0)
        gguf_put(writer, 1, 0);
}

/* Writes the file; returns its path.  The writer is empty again. */
static inline const char *gguf_write(struct gguf_writer *writer, const char *name)
{
    const char *path = fixture_write(name, writer->bytes.data, writer->bytes.length);
    text_done(&writer->bytes);
    return path;
}

#endif
