/* SPDX-License-Identifier: MIT */
#include "model/protobuf.h"

#include <inttypes.h>

size_t protobuf_decode(const unsigned char *bytes, size_t n, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < n && i < PROTOBUF_VARINT_MOST; i++) {
        uint64_t bits = bytes[i] & 0x7fu;
        *value |= bits << 7 * i;
        if (bytes[i] < 0x80)
            return bits << 7 * i >> 7 * i == bits ? i + 1 : 0;
    }
    return 0;
}

bool protobuf_take(struct cursor *cursor, uint64_t end, uint64_t *value)
{
    unsigned char bytes[PROTOBUF_VARINT_MOST];
    uint64_t at = cursor->at, left = end - at;
    size_t n = left < sizeof bytes ? (size_t)left : sizeof bytes;
    if (!cursor_take(cursor, bytes, n))
        return false;
    size_t size = protobuf_decode(bytes, n, value);
    cursor->at = at + size;
    return size > 0 ||
           cursor_fail(cursor, at,
                       n < sizeof bytes ? "a number is cut short by the end of its message"
                                        : "a number is beyond 64 bits");
}

/* Reads what says how long the value is. */
static bool take_length(struct cursor *cursor, uint64_t end, struct protobuf_field *field)
{
    field->offset = cursor->at;
    switch (field->tag & 7) {
    case PROTOBUF_VARINT:
        if (!protobuf_take(cursor, end, &field->value))
            return false;
        field->length = cursor->at - field->offset;
        return true;
    case PROTOBUF_BYTES:
        if (!protobuf_take(cursor, end, &field->length))
            return false;
        field->offset = cursor->at;
        return true;
    case PROTOBUF_FIXED64:
        field->length = 8;
        return true;
    case PROTOBUF_FIXED32:
        field->length = 4;
        return true;
    default:
        return cursor_fail(cursor, field->at,
                           "field %" PRIu32 " has wire type %" PRIu32 ", which is not read",
                           PROTOBUF_NUMBER(field->tag), field->tag & 7);
    }
}

static bool take_field(struct cursor *cursor, uint64_t end, struct protobuf_field *field)
{
    uint64_t tag;
    *field = (struct protobuf_field){.at = cursor->at};
    if (!protobuf_take(cursor, end, &tag))
        return false;
    if (PROTOBUF_NUMBER(tag) == 0 || tag > UINT32_MAX)
        return cursor_fail(cursor, field->at, "field number %" PRIu64 " cannot be",
                           PROTOBUF_NUMBER(tag));
    field->tag = (uint32_t)tag;
    if (!take_length(cursor, end, field))
        return false;
    return field->length <= end - field->offset ||
           cursor_fail(cursor, field->at,
                       "field %" PRIu32 " has %" PRIu64 " bytes, but its message only %" PRIu64
                       " more; the file is cut short or damaged",
                       PROTOBUF_NUMBER(field->tag), field->length, end - field->offset);
}

bool protobuf_each(struct cursor *cursor, const struct protobuf_field *message, void *context,
                   bool (*take)(void *context, const struct protobuf_field *field))
{
    uint64_t end = message->offset + message->length;
    struct protobuf_field field;
    for (uint64_t at = message->offset; at < end; at = field.offset + field.length) {
        cursor->at = at;
        if (!take_field(cursor, end, &field) || !take(context, &field))
            return false;
    }
    return true;
}
