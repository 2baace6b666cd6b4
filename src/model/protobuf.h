/* SPDX-License-Identifier: MIT
 *
 * The wire format of protobuf, after its encoding guide: a message is a row of fields, each a tag
 * and a value, and only who reads it knows whether the bytes of a value are text, packed numbers
 * or a message again.  A protobuf library would be larger than the few lines which that takes,
 * would need code generated for every message, and would want the weights in memory, too.
 */
#ifndef MODEL_PROTOBUF_H
#define MODEL_PROTOBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/cursor.h"

/* How a value is stored.  3 and 4 are the ends of groups, which nobody writes any more: refused. */
enum protobuf_wire {
    PROTOBUF_VARINT = 0,  /* a whole number, 7 bits a byte, lowest first */
    PROTOBUF_FIXED64 = 1, /* 8 bytes, little-endian, as 4 below */
    PROTOBUF_BYTES = 2,   /* a varint of their number before them */
    PROTOBUF_FIXED32 = 5,
};

/* What a field begins with. */
#define PROTOBUF_TAG(NUMBER, WIRE) ((NUMBER) << 3 | (WIRE))
#define PROTOBUF_NUMBER(TAG)       ((TAG) >> 3)

#define PROTOBUF_VARINT_MOST 10 /* bytes */

struct protobuf_field {
    uint64_t at; /* of its tag in the content */
    uint32_t tag;
    uint64_t value;          /* of a varint; 0 for others */
    uint64_t offset, length; /* of the bytes of the value, whatever it is */
};

/* Calls take for each field between offset and offset + length of message, which lie within the
 * cursor's content.  False with *cursor->error if one is not well formed or does not end within
 * the message, or as soon as take is.  take may move the cursor. */
bool protobuf_each(struct cursor *cursor, const struct protobuf_field *message, void *context,
                   bool (*take)(void *context, const struct protobuf_field *field));

/* Takes a varint that ends before `end`, a place in the content. */
bool protobuf_take(struct cursor *cursor, uint64_t end, uint64_t *value);

/* The varint at the start of n bytes: its size in bytes; 0 if it goes on behind them, or is beyond
 * 64 bits. */
size_t protobuf_decode(const unsigned char *bytes, size_t n, uint64_t *value);

#endif
