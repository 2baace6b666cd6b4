/* SPDX-License-Identifier: MIT */
#include "model/safetensors_header.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "model/dtype.h"
#include "model/json.h"
#include "model/label.h"
#include "model/parts.h"

#define RANK_MAX 64

/* A header that is being read. */
struct reader {
    struct json json;
    struct model *model;
    struct arena *arena; /* the model's */
    const struct content *file;
    const char *source; /* of metadata */
    uint64_t data; /* first byte behind the header */
    struct safetensors_header *header;
    bool has_metadata;
    const char *key; /* of the entry of __metadata__ being read */
    size_t key_length;

    /* The tensor being read. */
    struct safetensors_entry entry;
    bool has_dtype, has_shape, has_offsets;
    uint64_t dims[RANK_MAX];
    uint64_t offsets[2]; /* begin and end, from data */
    unsigned offset_count;
};

enum place {
    HEADER,
    TOP,
    METADATA,
    METADATA_KEY,
    METADATA_VALUE,
    ENTRY,
    FIELD,
    DTYPE,
    SHAPE,
    DIM,
    OFFSETS,
    OFFSET,
    END,
};

static bool fail_here(struct reader *reader, const char *text)
{
    return json_fail(&reader->json, json_at(&reader->json), "%s", text);
}

static bool take_name(struct json *json, const char *bytes, size_t length)
{
    struct reader *reader = json->context;
    if (length == 12 && memcmp(bytes, "__metadata__", 12) == 0) {
        if (reader->has_metadata)
            return fail_here(reader, "has __metadata__ twice");
        reader->has_metadata = true;
        json->place = METADATA;
        return true;
    }
    json->tensor = arena_string(reader->arena, bytes, length);
    json->tensor_length = length;
    if (!label_valid(bytes, length))
        return fail_here(reader, "its name is not valid UTF-8");
    reader->entry = (struct safetensors_entry){
        .tensor = {.name = json->tensor,
                   .name_length = length,
                   .label = label_of(reader->arena, json->tensor, length),
                   .content = reader->file},
        .at = json_at(json),
    };
    reader->has_dtype = reader->has_shape = reader->has_offsets = false;
    reader->offset_count = 0;
    return true;
}

static bool take_key(struct json *json, const char *bytes, size_t length)
{
    struct reader *reader = json->context;
    reader->key = arena_string(reader->arena, bytes, length);
    reader->key_length = length;
    return true;
}

static bool take_value(struct json *json, const char *bytes, size_t length)
{
    struct reader *reader = json->context;
    metadata_add(&reader->model->metadata, reader->arena, reader->source, "string", reader->key,
                 reader->key_length, bytes, length);
    return true;
}

/* Notes that a field is there. */
static bool mark(struct reader *reader, bool *seen, unsigned place, const char *name)
{
    if (*seen)
        return json_fail(&reader->json, json_at(&reader->json), "has \"%s\" twice", name);
    *seen = true;
    reader->json.place = place;
    return true;
}

static bool is(const char *bytes, size_t length, const char *word)
{
    return strlen(word) == length && memcmp(bytes, word, length) == 0;
}

static bool take_field(struct json *json, const char *bytes, size_t length)
{
    struct reader *reader = json->context;
    if (is(bytes, length, "dtype"))
        return mark(reader, &reader->has_dtype, DTYPE, "dtype");
    if (is(bytes, length, "shape"))
        return mark(reader, &reader->has_shape, SHAPE, "shape");
    if (is(bytes, length, "data_offsets"))
        return mark(reader, &reader->has_offsets, OFFSETS, "data_offsets");
    json_skip(json); /* as the reference does, so that a later version may add fields */
    return true;
}

static bool take_dtype(struct json *json, const char *bytes, size_t length)
{
    struct reader *reader = json->context;
    struct tensor *tensor = &reader->entry.tensor;
    tensor->dtype = dtype_of_safetensors(bytes, length);
    if (tensor->dtype) {
        tensor->dtype_name = tensor->dtype->name;
        return true;
    }
    const char *name = arena_string(reader->arena, bytes, length);
    tensor->dtype_name = label_of(reader->arena, name, length);
    return true;
}

static bool take_dim(struct json *json, const char *digits, size_t length)
{
    struct reader *reader = json->context;
    unsigned rank = reader->entry.tensor.rank;
    if (rank == RANK_MAX)
        return fail_here(reader, "has more than 64 dimensions");
    reader->entry.tensor.rank++;
    return json_whole(json, "a dimension", digits, length, &reader->dims[rank]);
}

static bool take_offset(struct json *json, const char *digits, size_t length)
{
    struct reader *reader = json->context;
    if (reader->offset_count == 2)
        return fail_here(reader, "has more than two data_offsets");
    uint64_t *offset = &reader->offsets[reader->offset_count++];
    return json_whole(json, "offset", digits, length, offset);
}

static bool close_offsets(struct json *json)
{
    struct reader *reader = json->context;
    return reader->offset_count == 2 || fail_here(reader, "has fewer than two data_offsets");
}

static bool check_range(struct reader *reader)
{
    struct json *json = &reader->json;
    uint64_t begin = reader->offsets[0], end = reader->offsets[1];
    uint64_t size = reader->file->size - reader->data;
    if (end < begin)
        return json_fail(json, json_at(json),
                         "end of data %" PRIu64 " is before its begin %" PRIu64, end, begin);
    if (end > size)
        return json_fail(json, json_at(json),
                         "end of data %" PRIu64 " is beyond the file's %" PRIu64
                         " bytes of data; the file is cut short or the header wrong",
                         end, size);
    return true;
}

/* Elements by the shape, and whether they fill the range of bytes. */
static bool check_shape(struct reader *reader)
{
    struct json *json = &reader->json;
    struct tensor *tensor = &reader->entry.tensor;
    uint64_t elements = 1, bytes = 0;
    for (unsigned i = 0; i < tensor->rank; i++)
        if (!mem_multiply(elements, reader->dims[i], &elements))
            return fail_here(reader, "the product of its shape is beyond 64 bits");
    tensor->elements = elements;
    tensor->bytes = reader->offsets[1] - reader->offsets[0];
    /* An unknown type has a bit per element at least: sums of elements then stay within 64 bits. */
    if (!tensor->dtype)
        return elements / 8 + (elements % 8 != 0) <= tensor->bytes ||
               fail_here(reader, "has more elements than its data has bits");
    uint64_t row = tensor->rank > 0 ? reader->dims[tensor->rank - 1] : 1;
    if (elements > 0 && row % tensor->dtype->block != 0)
        return json_fail(json, json_at(json),
                         "its rows of %" PRIu64 " elements are not whole blocks of %u", row,
                         tensor->dtype->block);
    if (!dtype_bytes(tensor->dtype, elements, &bytes))
        return fail_here(reader, "its size is beyond 64 bits");
    return bytes == tensor->bytes ||
           json_fail(json, json_at(json),
                     "shape and type need %" PRIu64 " bytes, but its data has %" PRIu64, bytes,
                     tensor->bytes);
}

static bool close_entry(struct json *json)
{
    struct reader *reader = json->context;
    if (!reader->has_dtype)
        return fail_here(reader, "has no \"dtype\"");
    if (!reader->has_shape)
        return fail_here(reader, "has no \"shape\"");
    if (!reader->has_offsets)
        return fail_here(reader, "has no \"data_offsets\"");
    if (!check_range(reader) || !check_shape(reader))
        return false;
    struct tensor *tensor = &reader->entry.tensor;
    uint64_t *dims = arena_take(reader->arena, tensor->rank * sizeof *dims);
    memcpy(dims, reader->dims, tensor->rank * sizeof *dims);
    tensor->dims = dims;
    tensor->offset = reader->data + reader->offsets[0];
    struct safetensors_header *header = reader->header;
    header->entries =
        mem_grow(header->entries, &header->capacity, header->count + 1, sizeof *header->entries);
    header->entries[header->count++] = reader->entry;
    json->tensor = NULL;
    return true;
}

static const struct json_rule rules[] = {
    [HEADER] = {"it", "an object", JSON_OBJECT, TOP, NULL, JSON_NONE, 0, NULL},
    [TOP] = {"a name", "a string", JSON_KEY, ENTRY, take_name, JSON_OBJECT_END, END, NULL},
    [METADATA] = {"__metadata__", "an object", JSON_OBJECT, METADATA_KEY, NULL, JSON_NONE, 0, NULL},
    [METADATA_KEY] = {"a key", "a string", JSON_KEY, METADATA_VALUE, take_key, JSON_OBJECT_END,
                      TOP, NULL},
    [METADATA_VALUE] = {"a value of __metadata__", "a string", JSON_STRING, METADATA_KEY,
                        take_value, JSON_NONE, 0, NULL},
    [ENTRY] = {"its description", "an object", JSON_OBJECT, FIELD, NULL, JSON_NONE, 0, NULL},
    [FIELD] = {"a field", "a string", JSON_KEY, FIELD, take_field, JSON_OBJECT_END, TOP,
               close_entry},
    [DTYPE] = {"its dtype", "a string", JSON_STRING, FIELD, take_dtype, JSON_NONE, 0, NULL},
    [SHAPE] = {"its shape", "an array", JSON_ARRAY, DIM, NULL, JSON_NONE, 0, NULL},
    [DIM] = {"a dimension", "a whole number", JSON_NUMBER, DIM, take_dim, JSON_ARRAY_END, FIELD,
             NULL},
    [OFFSETS] = {"its data_offsets", "an array", JSON_ARRAY, OFFSET, NULL, JSON_NONE, 0, NULL},
    [OFFSET] = {"offset", "a whole number", JSON_NUMBER, OFFSET, take_offset, JSON_ARRAY_END, FIELD,
                close_offsets},
    [END] = {"the rest", "nothing", JSON_NONE, END, NULL, JSON_NONE, 0, NULL},
};

bool safetensors_parse(struct safetensors_header *header, struct model *model,
                       const struct content *file, const char *text, size_t length,
                       struct error *error)
{
    struct reader reader = {.header = header,
                            .model = model,
                            .arena = &model->parts->arena,
                            .file = file,
                            .source = parts_source(model, file),
                            .data = SAFETENSORS_LENGTH_BYTES + length,
                            .json = {.rules = rules,
                                     .file = file->label,
                                     .part = "header: ",
                                     .base = SAFETENSORS_LENGTH_BYTES,
                                     .error = error}};
    reader.json.context = &reader;
    return json_read(&reader.json, text, length);
}
