/* SPDX-License-Identifier: MIT */
#include "model/onnx_tensor.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "model/label.h"
#include "model/onnx_data.h"
#include "model/onnx_type.h"
#include "model/parts.h"

#define NAME_MOST 65535 /* bytes; a hundred are many */

enum {
    TENSOR_DIMS = PROTOBUF_TAG(1, PROTOBUF_BYTES),
    TENSOR_DIM = PROTOBUF_TAG(1, PROTOBUF_VARINT),
    TENSOR_TYPE = PROTOBUF_TAG(2, PROTOBUF_VARINT),
    TENSOR_SEGMENT = PROTOBUF_TAG(3, PROTOBUF_BYTES),
    TENSOR_NAME = PROTOBUF_TAG(8, PROTOBUF_BYTES),
    SPARSE_VALUES = PROTOBUF_TAG(1, PROTOBUF_BYTES),
    SPARSE_DIMS = PROTOBUF_TAG(3, PROTOBUF_BYTES),
    SPARSE_DIM = PROTOBUF_TAG(3, PROTOBUF_VARINT),
};

struct shape {
    unsigned rank;
    uint64_t dims[TENSOR_RANK_MOST];
};

/* A TensorProto. */
struct description {
    struct onnx *onnx;
    struct shape shape;
    uint64_t type;
    struct protobuf_field name;
    bool segmented;
    struct onnx_data data;
};

/* A SparseTensorProto. */
struct sparse {
    struct onnx *onnx;
    struct shape shape;
    struct protobuf_field values; /* tag 0 if there are none */
};

/* Adds one dimension, or several that are packed. */
static bool take_dims(struct onnx *onnx, const struct protobuf_field *field, struct shape *shape)
{
    struct cursor *cursor = &onnx->cursor;
    uint64_t end = field->offset + field->length;
    for (cursor->at = field->offset; cursor->at < end;) {
        uint64_t at = cursor->at, dim;
        if (!protobuf_take(cursor, end, &dim))
            return false;
        if (dim > INT64_MAX)
            return cursor_fail(cursor, at, "a dimension is negative");
        if (shape->rank == TENSOR_RANK_MOST)
            return cursor_fail(cursor, at, "has more than %d dimensions", TENSOR_RANK_MOST);
        shape->dims[shape->rank++] = dim;
    }
    return true;
}

static bool take_field(void *context, const struct protobuf_field *field)
{
    struct description *description = context;
    switch (field->tag) {
    case TENSOR_DIMS:
    case TENSOR_DIM:
        return take_dims(description->onnx, field, &description->shape);
    case TENSOR_TYPE:
        description->type = field->value;
        return true;
    case TENSOR_SEGMENT:
        description->segmented = true;
        return true;
    case TENSOR_NAME:
        description->name = *field;
        return true;
    default:
        return onnx_data_take(&description->data, description->onnx, field);
    }
}

static bool set_name(struct onnx *onnx, const struct protobuf_field *field, struct tensor *tensor)
{
    struct cursor *cursor = &onnx->cursor;
    struct arena *arena = &onnx->model->parts->arena;
    size_t length = (size_t)field->length;
    if (field->length > NAME_MOST)
        return cursor_fail(cursor, field->at, "its name has %" PRIu64 " bytes, more than %d",
                           field->length, NAME_MOST);
    char *name = arena_take(arena, length + 1);
    name[length] = '\0';
    cursor->at = field->offset;
    if (!cursor_take(cursor, name, length))
        return false;
    if (!label_valid(name, length))
        return cursor_fail(cursor, field->at, "its name is not valid UTF-8");
    tensor->name = name;
    tensor->name_length = length;
    tensor->label = label_of(arena, name, length);
    return true;
}

/* Sets dims and elements; bytes and all that depends on the type is left to others. */
static bool set_shape(struct onnx *onnx, const struct shape *shape, struct onnx_tensor *out)
{
    struct tensor *tensor = &out->tensor;
    size_t size = shape->rank * sizeof *shape->dims;
    tensor->rank = shape->rank;
    tensor->dims = memcpy(arena_take(&onnx->model->parts->arena, size), shape->dims, size);
    return parts_place(tensor, out->at, onnx->error);
}

static const char *name_of_unknown(struct onnx *onnx, uint64_t type)
{
    char name[32];
    int length = type == 0 ? snprintf(name, sizeof name, "UNDEFINED")
                           : snprintf(name, sizeof name, "type %" PRId64, (int64_t)type);
    return arena_string(&onnx->model->parts->arena, name, (size_t)length);
}

/* Sets the type and where the elements are, of a tensor that has its shape. */
static bool set_data(const struct description *description, struct onnx_tensor *out)
{
    struct onnx *onnx = description->onnx;
    struct tensor *tensor = &out->tensor;
    const struct onnx_type *type = onnx_type_of(description->type);
    tensor->dtype = type ? type->dtype : NULL;
    tensor->dtype_name = !type         ? name_of_unknown(onnx, description->type)
                         : type->dtype ? type->dtype->name
                                       : type->name;
    if (type && !type->dtype)
        tensor->reason = "its elements are no numbers";
    else if (description->segmented)
        tensor->reason = "a tensor in segments is not read";
    else if (type)
        return onnx_data_place(&description->data, onnx, type, out);
    return true;
}

/* Reads a tensor without appending it. */
static bool read(struct onnx *onnx, const struct protobuf_field *message, unsigned graph,
                 struct onnx_tensor *out)
{
    struct description description = {.onnx = onnx};
    *out = (struct onnx_tensor){
        .tensor = {.content = onnx->file}, .at = message->at, .graph = graph, .message = *message};
    return protobuf_each(&onnx->cursor, message, &description, take_field) &&
           set_name(onnx, &description.name, &out->tensor) &&
           set_shape(onnx, &description.shape, out) && set_data(&description, out);
}

static void append(struct onnx *onnx, const struct onnx_tensor *tensor)
{
    onnx->tensors =
        mem_grow(onnx->tensors, &onnx->capacity, onnx->count + 1, sizeof *onnx->tensors);
    onnx->tensors[onnx->count++] = *tensor;
}

/* Messages from here on are about a part of the file: number 0 if there is but one. */
static void name_part(struct onnx *onnx, const char *part, uint64_t number)
{
    onnx->cursor.part = part;
    onnx->cursor.number = number;
}

/* A tensor may be described by no bytes at all. */
static bool check_count(const struct onnx *onnx, const struct protobuf_field *message)
{
    return onnx->count < PARTS_TENSORS_MOST ||
           cursor_fail(&onnx->cursor, message->at, "is one more than any model has");
}

bool onnx_tensor_read(struct onnx *onnx, const struct protobuf_field *message, unsigned graph)
{
    struct onnx_tensor tensor;
    name_part(onnx, "initializer", onnx->count + 1);
    bool good = check_count(onnx, message) && read(onnx, message, graph, &tensor);
    if (good)
        append(onnx, &tensor);
    name_part(onnx, "model", 0);
    return good;
}

static bool take_sparse_field(void *context, const struct protobuf_field *field)
{
    struct sparse *sparse = context;
    switch (field->tag) {
    case SPARSE_VALUES:
        sparse->values = *field;
        return true;
    case SPARSE_DIMS:
    case SPARSE_DIM:
        return take_dims(sparse->onnx, field, &sparse->shape);
    default:
        return true;
    }
}

/* The values have the name and the type, and the bytes that there are. */
static bool read_sparse(struct onnx *onnx, const struct protobuf_field *message, unsigned graph,
                        struct onnx_tensor *out)
{
    struct sparse sparse = {.onnx = onnx};
    if (!protobuf_each(&onnx->cursor, message, &sparse, take_sparse_field))
        return false;
    if (sparse.values.tag == 0)
        return cursor_fail(&onnx->cursor, message->at, "has no values");
    if (!read(onnx, &sparse.values, graph, out))
        return false;
    const struct dtype *dtype = out->tensor.dtype;
    uint64_t bytes = out->tensor.bytes;
    out->tensor.dtype = NULL; /* so that no bytes are looked for */
    if (!set_shape(onnx, &sparse.shape, out))
        return false;
    out->tensor.dtype = dtype;
    out->tensor.bytes = bytes;
    out->tensor.reason = "a sparse tensor is not read";
    out->numbers = 0;
    return true;
}

bool onnx_tensor_read_sparse(struct onnx *onnx, const struct protobuf_field *message,
                             unsigned graph)
{
    struct onnx_tensor tensor;
    name_part(onnx, "sparse initializer", onnx->count + 1);
    bool good = check_count(onnx, message) && read_sparse(onnx, message, graph, &tensor);
    if (good)
        append(onnx, &tensor);
    name_part(onnx, "model", 0);
    return good;
}
