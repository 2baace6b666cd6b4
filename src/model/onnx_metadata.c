/* SPDX-License-Identifier: MIT */
#include "model/onnx_metadata.h"

#include <inttypes.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/parts.h"

enum {
    GRAPH_NAME = PROTOBUF_TAG(2, PROTOBUF_BYTES),
    MODEL_OPSET = PROTOBUF_TAG(8, PROTOBUF_BYTES),
    MODEL_PROPERTY = PROTOBUF_TAG(14, PROTOBUF_BYTES),
    PAIR_FIRST = PROTOBUF_TAG(1, PROTOBUF_BYTES),
    PAIR_TEXT = PROTOBUF_TAG(2, PROTOBUF_BYTES),
    PAIR_NUMBER = PROTOBUF_TAG(2, PROTOBUF_VARINT),
};

/* Fields of ModelProto that are a text or a number. */
static const struct plain {
    uint32_t tag;
    const char *key;
} plain[] = {
    {PROTOBUF_TAG(1, PROTOBUF_VARINT), "ir_version"},
    {PROTOBUF_TAG(2, PROTOBUF_BYTES), "producer_name"},
    {PROTOBUF_TAG(3, PROTOBUF_BYTES), "producer_version"},
    {PROTOBUF_TAG(4, PROTOBUF_BYTES), "domain"},
    {PROTOBUF_TAG(5, PROTOBUF_VARINT), "model_version"},
    {PROTOBUF_TAG(6, PROTOBUF_BYTES), "doc_string"},
};

/* A property, key and value, or a set of operators, domain and version. */
struct pair {
    struct protobuf_field first, second;
};

static void add(struct onnx *onnx, const char *type, const char *key, size_t key_length,
                const char *value, size_t value_length)
{
    metadata_add(&onnx->model->metadata, &onnx->model->parts->arena, onnx->source, type, key,
                 key_length, value, value_length);
}

/* Bytes of a field that are read: those that are kept, and the one more that metadata_add sees. */
static size_t shown(const struct protobuf_field *field)
{
    return field->length <= METADATA_VALUE_MOST ? (size_t)field->length : METADATA_VALUE_MOST + 1;
}

/* The first bytes of a field, the caller's to mem_free; NULL with an error. */
static char *text_of(struct onnx *onnx, const struct protobuf_field *field)
{
    struct cursor *cursor = &onnx->cursor;
    char *text = mem_zero(shown(field) + 1, 1);
    cursor->at = field->offset;
    if (cursor_take(cursor, text, shown(field)))
        return text;
    mem_free(text);
    return NULL;
}

static bool add_text(struct onnx *onnx, const char *key, size_t key_length,
                     const struct protobuf_field *value)
{
    char *text = text_of(onnx, value);
    if (!text)
        return false;
    add(onnx, "string", key, key_length, text, (size_t)value->length);
    mem_free(text);
    return true;
}

static bool add_number(struct onnx *onnx, const char *key, uint64_t value)
{
    struct text digits = {0};
    text_printf(&digits, "%" PRId64, (int64_t)value);
    add(onnx, "int64", key, strlen(key), digits.data, digits.length);
    text_done(&digits);
    return true;
}

static bool take_pair_field(void *context, const struct protobuf_field *field)
{
    struct pair *pair = context;
    if (field->tag == PAIR_FIRST)
        pair->first = *field;
    else if (field->tag == PAIR_TEXT || field->tag == PAIR_NUMBER)
        pair->second = *field;
    return true;
}

/* An opset without a domain is that of the standard, ai.onnx. */
static bool add_opset(struct onnx *onnx, const struct pair *opset)
{
    struct text value = {0};
    char *domain = text_of(onnx, &opset->first);
    if (!domain)
        return false;
    if (opset->first.length == 0)
        text_puts(&value, "ai.onnx");
    text_add(&value, domain, shown(&opset->first));
    text_printf(&value, " %" PRId64, (int64_t)opset->second.value);
    add(onnx, "domain and version", "opset_import", strlen("opset_import"), value.data,
        value.length);
    text_done(&value);
    mem_free(domain);
    return true;
}

static bool add_property(struct onnx *onnx, const struct pair *property)
{
    char *key = text_of(onnx, &property->first);
    bool good = key && add_text(onnx, key, (size_t)property->first.length, &property->second);
    mem_free(key);
    return good;
}

static bool take_pair(struct onnx *onnx, const struct protobuf_field *field,
                      bool (*use)(struct onnx *onnx, const struct pair *pair))
{
    struct pair pair = {.second = {.length = 0}};
    return protobuf_each(&onnx->cursor, field, &pair, take_pair_field) && use(onnx, &pair);
}

bool onnx_metadata_take_model(struct onnx *onnx, const struct protobuf_field *field)
{
    for (size_t i = 0; i < sizeof plain / sizeof plain[0]; i++)
        if (plain[i].tag == field->tag)
            return (field->tag & 7) == PROTOBUF_VARINT
                       ? add_number(onnx, plain[i].key, field->value)
                       : add_text(onnx, plain[i].key, strlen(plain[i].key), field);
    if (field->tag == MODEL_OPSET)
        return take_pair(onnx, field, add_opset);
    return field->tag != MODEL_PROPERTY || take_pair(onnx, field, add_property);
}

bool onnx_metadata_take_graph(struct onnx *onnx, const struct protobuf_field *field)
{
    static const char key[] = "graph name";
    return field->tag != GRAPH_NAME || add_text(onnx, key, sizeof key - 1, field);
}
