/* SPDX-License-Identifier: MIT */
#include "model/onnx_data.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "model/parts.h"

#define LOCATION_MOST 4096 /* bytes: what Linux takes for a path */
#define DIGITS_MOST   20   /* of a number of 64 bits */

enum {
    RAW_DATA = PROTOBUF_TAG(9, PROTOBUF_BYTES),
    EXTERNAL_DATA = PROTOBUF_TAG(13, PROTOBUF_BYTES),
    DATA_LOCATION = PROTOBUF_TAG(14, PROTOBUF_VARINT),
    ENTRY_KEY = PROTOBUF_TAG(1, PROTOBUF_BYTES),
    ENTRY_VALUE = PROTOBUF_TAG(2, PROTOBUF_BYTES),
};

enum { LOCATION_EXTERNAL = 1 };

/* An entry of external_data. */
struct entry {
    struct protobuf_field key, value;
};

static bool take_entry_field(void *context, const struct protobuf_field *field)
{
    struct entry *entry = context;
    if (field->tag == ENTRY_KEY)
        entry->key = *field;
    else if (field->tag == ENTRY_VALUE)
        entry->value = *field;
    return true;
}

/* Reads the bytes of a field, of which there are no more than out has room for. */
static bool read_bytes(struct onnx *onnx, const struct protobuf_field *field, char *out)
{
    onnx->cursor.at = field->offset;
    return cursor_take(&onnx->cursor, out, field->length);
}

/* Other keys, such as a checksum of the whole file, are left alone. */
static bool take_entry(struct onnx_data *data, struct onnx *onnx,
                       const struct protobuf_field *field)
{
    struct entry entry = {.value = {.length = 0}};
    char key[8];
    if (!protobuf_each(&onnx->cursor, field, &entry, take_entry_field))
        return false;
    if (entry.key.length > sizeof key)
        return true;
    if (!read_bytes(onnx, &entry.key, key))
        return false;
    if (entry.key.length == 8 && memcmp(key, "location", 8) == 0)
        data->location = entry.value;
    else if (entry.key.length == 6 && memcmp(key, "offset", 6) == 0)
        data->offset = entry.value;
    else if (entry.key.length == 6 && memcmp(key, "length", 6) == 0)
        data->length = entry.value;
    return true;
}

/* How the numbers of a field are stored if they are not packed; PROTOBUF_BYTES if it has none. */
static enum protobuf_wire wire_of(unsigned number)
{
    switch (number) {
    case ONNX_FLOAT_DATA:
        return PROTOBUF_FIXED32;
    case ONNX_DOUBLE_DATA:
        return PROTOBUF_FIXED64;
    case ONNX_INT32_DATA:
    case ONNX_INT64_DATA:
    case ONNX_UINT64_DATA:
        return PROTOBUF_VARINT;
    default:
        return PROTOBUF_BYTES;
    }
}

/* Whether a field has numbers, packed (any of them) or a single one. */
static bool has_numbers(const struct protobuf_field *field)
{
    enum protobuf_wire wire = wire_of(PROTOBUF_NUMBER(field->tag)), own = field->tag & 7;
    return wire != PROTOBUF_BYTES && (own == PROTOBUF_BYTES || own == wire) && field->length > 0;
}

static bool take_numbers(struct onnx_data *data, struct onnx *onnx,
                         const struct protobuf_field *field)
{
    unsigned number = PROTOBUF_NUMBER(field->tag), before = PROTOBUF_NUMBER(data->numbers.tag);
    if (data->number_fields > 0 && number != before)
        return cursor_fail(&onnx->cursor, field->at, "has elements in fields %u and %u", before,
                           number);
    data->numbers = *field;
    data->number_bytes += field->length;
    data->number_fields++;
    return true;
}

bool onnx_data_take(struct onnx_data *data, struct onnx *onnx, const struct protobuf_field *field)
{
    switch (field->tag) {
    case RAW_DATA:
        data->raw = *field;
        return true;
    case EXTERNAL_DATA:
        return take_entry(data, onnx, field);
    case DATA_LOCATION:
        data->external = field->value == LOCATION_EXTERNAL;
        return true;
    default:
        return !has_numbers(field) || take_numbers(data, onnx, field);
    }
}

/* Elements of less than a byte share bytes whatever rows they are in, and fill up the last one. */
static bool set_bytes(struct onnx *onnx, struct onnx_tensor *out)
{
    struct tensor *tensor = &out->tensor;
    unsigned block = tensor->dtype->block;
    uint64_t blocks = tensor->elements / block + (tensor->elements % block != 0);
    return mem_multiply(blocks, tensor->dtype->block_bytes, &tensor->bytes) ||
           parts_fail(tensor, out->at, onnx->error, "its size is beyond 64 bits");
}

static bool check_bytes(struct onnx *onnx, const struct onnx_tensor *out, uint64_t bytes)
{
    return bytes == out->tensor.bytes ||
           parts_fail(&out->tensor, out->at, onnx->error,
                      "shape and type need %" PRIu64 " bytes, but its data has %" PRIu64,
                      out->tensor.bytes, bytes);
}

/* A whole number written as digits; *value stays if the field is not there. */
static bool read_digits(struct onnx *onnx, const struct protobuf_field *field,
                        const struct onnx_tensor *out, uint64_t *value)
{
    char digits[DIGITS_MOST];
    if (field->length == 0)
        return true;
    bool good = field->length <= sizeof digits;
    if (good && !read_bytes(onnx, field, digits))
        return false;
    *value = 0;
    for (size_t i = 0; good && i < field->length; i++)
        good = digits[i] >= '0' && digits[i] <= '9' && mem_multiply(*value, 10, value) &&
               mem_sum(*value, (uint64_t)(digits[i] - '0'), value);
    return good || parts_fail(&out->tensor, field->at, onnx->error,
                              "a place in its data file is not a whole number of 64 bits");
}

static bool place_external(const struct onnx_data *data, struct onnx *onnx, struct onnx_tensor *out)
{
    struct tensor *tensor = &out->tensor;
    uint64_t offset = 0, length = 0, at = data->location.at;
    char location[LOCATION_MOST + 1] = "";
    if (data->location.length == 0 || data->location.length > LOCATION_MOST)
        return parts_fail(tensor, out->at, onnx->error,
                          "the name of its data file has %" PRIu64 " bytes", data->location.length);
    if (!read_bytes(onnx, &data->location, location) ||
        !read_digits(onnx, &data->offset, out, &offset) ||
        !read_digits(onnx, &data->length, out, &length))
        return false;
    /* A length of 0 is that of all writers which leave it to the shape. */
    if (length > 0 && !check_bytes(onnx, out, length))
        return false;
    const struct content *content = onnx_files_open(&onnx->files, onnx->model, tensor, at, location,
                                                    (size_t)data->location.length, onnx->error);
    if (!content)
        return false;
    if (offset > content->size || tensor->bytes > content->size - offset)
        return parts_fail(tensor, at, onnx->error,
                          "its %" PRIu64 " bytes from %" PRIu64 " on are not all in the %" PRIu64
                          " of its data file",
                          tensor->bytes, offset, content->size);
    tensor->content = content;
    tensor->offset = offset;
    return true;
}

/* Packed numbers of fixed size lie as they are; others are decoded when all are known. */
static bool place_numbers(const struct onnx_data *data, struct onnx *onnx,
                          const struct onnx_type *type, struct onnx_tensor *out)
{
    struct tensor *tensor = &out->tensor;
    unsigned number = PROTOBUF_NUMBER(data->numbers.tag);
    if (number != type->field)
        return parts_fail(tensor, out->at, onnx->error,
                          "elements of type %s are in field %u instead of %u", type->name, number,
                          (unsigned)type->field);
    bool fixed = wire_of(number) != PROTOBUF_VARINT;
    if (fixed && !check_bytes(onnx, out, data->number_bytes))
        return false;
    if (fixed && data->number_fields == 1) {
        tensor->offset = data->numbers.offset;
        return true;
    }
    /* A varint has a byte at least: a shape cannot claim more memory than the file has bytes. */
    uint64_t values = tensor->bytes / tensor->dtype->block_bytes;
    out->numbers = number;
    return fixed || (values > 0 && values <= data->number_bytes) ||
           parts_fail(tensor, out->at, onnx->error,
                      "shape and type need %" PRIu64 " numbers, but its data has %" PRIu64 " bytes",
                      values, data->number_bytes);
}

bool onnx_data_place(const struct onnx_data *data, struct onnx *onnx, const struct onnx_type *type,
                     struct onnx_tensor *out)
{
    struct tensor *tensor = &out->tensor;
    if (!set_bytes(onnx, out))
        return false;
    if (data->external)
        return tensor->bytes == 0 || place_external(data, onnx, out);
    if (data->raw.length > 0) {
        tensor->offset = data->raw.offset;
        return check_bytes(onnx, out, data->raw.length);
    }
    if (data->number_fields > 0)
        return place_numbers(data, onnx, type, out);
    if (tensor->bytes > 0)
        tensor->reason = "its elements are not in the file";
    tensor->bytes = 0;
    return true;
}

/* A row of numbers that is being decoded. */
struct decoding {
    struct onnx *onnx;
    const struct onnx_tensor *tensor;
    unsigned char *next, *end;
};

static bool check_room(const struct decoding *decoding, uint64_t at, uint64_t bytes)
{
    return bytes <= (uint64_t)(decoding->end - decoding->next) ||
           parts_fail(&decoding->tensor->tensor, at, decoding->onnx->error,
                      "has more elements than its shape");
}

/* The lowest bytes of each number, which is wider than the elements of most types: the reference
 * does not look at the others either. */
static bool decode_varints(struct decoding *decoding, const struct protobuf_field *field)
{
    struct cursor *cursor = &decoding->onnx->cursor;
    unsigned width = decoding->tensor->tensor.dtype->block_bytes;
    uint64_t end = field->offset + field->length, value;
    for (cursor->at = field->offset; cursor->at < end;) {
        if (!check_room(decoding, cursor->at, width) || !protobuf_take(cursor, end, &value))
            return false;
        for (unsigned i = 0; i < width; i++)
            *decoding->next++ = (unsigned char)(value >> 8 * i);
    }
    return true;
}

static bool decode_field(void *context, const struct protobuf_field *field)
{
    struct decoding *decoding = context;
    struct cursor *cursor = &decoding->onnx->cursor;
    if (PROTOBUF_NUMBER(field->tag) != decoding->tensor->numbers || !has_numbers(field))
        return true;
    if (wire_of(decoding->tensor->numbers) == PROTOBUF_VARINT)
        return decode_varints(decoding, field);
    cursor->at = field->offset;
    if (!check_room(decoding, field->offset, field->length) ||
        !cursor_take(cursor, decoding->next, field->length))
        return false;
    decoding->next += field->length;
    return true;
}

static bool decode(struct onnx *onnx, const struct onnx_tensor *tensor, unsigned char *memory)
{
    unsigned char *first = memory + tensor->tensor.offset;
    struct decoding decoding = {onnx, tensor, first, first + tensor->tensor.bytes};
    return protobuf_each(&onnx->cursor, &tensor->message, &decoding, decode_field) &&
           (decoding.next == decoding.end || parts_fail(&tensor->tensor, tensor->at, onnx->error,
                                                        "has fewer elements than its shape"));
}

/* Gives each a place in memory; how much of that is needed, which is below 8 times the file. */
static uint64_t assign_places(struct onnx *onnx)
{
    uint64_t size = 0;
    for (size_t i = 0; i < onnx->count; i++) {
        struct onnx_tensor *tensor = &onnx->tensors[i];
        if (tensor->numbers == 0)
            continue;
        tensor->tensor.offset = size;
        size += tensor->tensor.bytes;
    }
    return size;
}

bool onnx_data_decode(struct onnx *onnx)
{
    unsigned char *memory;
    uint64_t size = assign_places(onnx);
    if (size == 0)
        return true;
    struct content *content = content_of_memory(onnx->file->label, size, &memory, onnx->error);
    if (!content)
        return false;
    content->path = onnx->file->path; /* whose the elements are */
    parts_add_content(onnx->model, content);
    for (size_t i = 0; i < onnx->count; i++) {
        struct onnx_tensor *tensor = &onnx->tensors[i];
        if (tensor->numbers == 0)
            continue;
        if (!decode(onnx, tensor, memory))
            return false;
        tensor->tensor.content = content;
    }
    return true;
}
