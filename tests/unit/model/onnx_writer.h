/* SPDX-License-Identifier: MIT
 *
 * Messages of protobuf, and ONNX models made of them, for tests.  A struct text is a message;
 * numbers of fields are those of onnx.proto3.
 */
#ifndef TESTS_ONNX_WRITER_H
#define TESTS_ONNX_WRITER_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "fixture.h"

/* A literal, which may hold NULs, and its length. */
#define BYTES(LITERAL) (LITERAL), sizeof(LITERAL) - 1

enum {
    FLOAT = 1,
    UINT8,
    INT8,
    UINT16,
    INT16,
    INT32,
    INT64,
    STRING,
    BOOL,
    FLOAT16,
    DOUBLE,
    UINT32,
    UINT64,
    COMPLEX64,
    COMPLEX128,
    BFLOAT16,
    E4M3FN,
    E4M3FNUZ,
    E5M2,
    E5M2FNUZ,
    UINT4,
    INT4,
    E2M1,
    E8M0,
    UINT2,
    INT2
};

static inline void put_varint(struct text *out, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        text_add(out, (const char[]){(char)(value | 0x80)}, 1);
    text_add(out, (const char[]){(char)value}, 1);
}

static inline void put_number(struct text *out, unsigned field, uint64_t value)
{
    put_varint(out, field << 3);
    put_varint(out, value);
}

static inline void put_bytes(struct text *out, unsigned field, const void *bytes, size_t n)
{
    put_varint(out, field << 3 | 2);
    put_varint(out, n);
    text_add(out, bytes, n);
}

static inline void put_text(struct text *out, unsigned field, const char *string)
{
    put_bytes(out, field, string, strlen(string));
}

/* Puts a message into another and frees it. */
static inline void put_message(struct text *out, unsigned field, struct text *inner)
{
    put_bytes(out, field, inner->data, inner->length);
    text_done(inner);
}

/* A TensorProto without elements, of rank 0 if dim < 0, else 1. */
static inline struct text tensor_of(const char *name, unsigned type, int64_t dim)
{
    struct text tensor = {0};
    if (dim >= 0)
        put_number(&tensor, 1, (uint64_t)dim);
    put_number(&tensor, 2, type);
    put_text(&tensor, 8, name);
    return tensor;
}

/* A tensor with raw_data. */
static inline struct text raw_tensor(const char *name, unsigned type, int64_t dim,
                                     const char *bytes, size_t n)
{
    struct text tensor = tensor_of(name, type, dim);
    put_bytes(&tensor, 9, bytes, n);
    return tensor;
}

/* Puts an entry of external_data, or of metadata_props (14). */
static inline void put_pair(struct text *out, unsigned field, const char *key, const char *value)
{
    struct text pair = {0};
    put_text(&pair, 1, key);
    put_text(&pair, 2, value);
    put_message(out, field, &pair);
}

/* Writes a model of this graph, which is freed. */
static inline const char *write_model(const char *name, struct text *graph)
{
    struct text model = {0}, opset = {0};
    put_number(&model, 1, 8);
    put_text(&model, 2, "test");
    put_message(&model, 7, graph);
    put_number(&opset, 2, 17);
    put_message(&model, 8, &opset);
    const char *path = fixture_write(name, model.data, model.length);
    text_done(&model);
    return path;
}

/* Opens a model of this graph, which is freed. */
static inline struct model *open_graph(struct text *graph)
{
    struct error error = {0};
    struct model *model = fixture_open(write_model("good", graph), &error);
    if (!model)
        fail_msg("%s", error.text);
    assert_string_equal(model->format, "ONNX");
    return model;
}

static inline void graph_refused(struct text *graph, const char *part)
{
    fixture_refused(write_model("bad", graph), part);
}

/* Opens a model of one tensor, which is freed. */
static inline struct model *open_tensor(struct text *tensor)
{
    struct text graph = {0};
    put_message(&graph, 5, tensor);
    return open_graph(&graph);
}

static inline void tensor_refused(struct text *tensor, const char *part)
{
    struct text graph = {0};
    put_message(&graph, 5, tensor);
    graph_refused(&graph, part);
}

/* Asserts that a tensor can be read and has these values. */
static inline void check_values(const struct tensor *tensor, const double values[], size_t n)
{
    const char *reason = NULL;
    struct error error = {0};
    double value;
    assert_int_equal(tensor->elements, n);
    if (!tensor_readable(tensor, &reason))
        fail_msg("%s", reason);
    for (size_t i = 0; i < n; i++) {
        assert_true(tensor_read(tensor, (struct tensor_view){0}, i, 1, &value, &error));
        if (value != values[i])
            fail_msg("element %zu is %g, not %g", i, value, values[i]);
    }
}

/* The same of a model of one tensor, whose model is freed. */
static inline void check_tensor(struct text *tensor, const double values[], size_t n)
{
    struct model *model = open_tensor(tensor);
    assert_int_equal(model->count, 1);
    check_values(&model->tensors[0], values, n);
    model_free(model);
}

#define VALUES(...) (const double[]){__VA_ARGS__}, sizeof(double[]){__VA_ARGS__} / sizeof(double)

static inline void check_reason(const struct tensor *tensor, const char *part)
{
    const char *reason = NULL;
    assert_false(tensor_readable(tensor, &reason));
    if (!strstr(reason, part))
        fail_msg("\"%s\" has no \"%s\"", reason, part);
}

#endif
