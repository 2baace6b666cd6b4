/* SPDX-License-Identifier: MIT
 *
 * ONNX has no magic, and other formats of protobuf begin with a small number, too: the SavedModel
 * of TensorFlow, Core ML.  So every field that can be seen must be one of ModelProto's: the version
 * of the format first, names of a line of text, and a graph that begins as graphs do.
 */
#include "model/onnx_recognise.h"

#include <string.h>

#include "model/protobuf.h"

#define VERSION_MOST 31 /* of the format; 13 in 2025, one a year */

enum kind {
    VERSION, /* a small number */
    NUMBER,  /* any; all below have a length */
    NAME,    /* text without control characters */
    TEXT,    /* of several lines */
    MESSAGE, /* whose first tag is one of these bytes */
    GRAPH,   /* the same; nothing but a model of ours has one here */
};

static const struct expected {
    uint32_t tag;
    enum kind kind;
    const char *begins; /* first bytes of a message that is not empty */
} expected[] = {
    {PROTOBUF_TAG(1, PROTOBUF_VARINT), VERSION, NULL},
    {PROTOBUF_TAG(2, PROTOBUF_BYTES), NAME, NULL}, /* of the producer */
    {PROTOBUF_TAG(3, PROTOBUF_BYTES), NAME, NULL}, /* its version */
    {PROTOBUF_TAG(4, PROTOBUF_BYTES), NAME, NULL}, /* domain */
    {PROTOBUF_TAG(5, PROTOBUF_VARINT), NUMBER, NULL},
    {PROTOBUF_TAG(6, PROTOBUF_BYTES), TEXT, NULL},
    {PROTOBUF_TAG(7, PROTOBUF_BYTES), GRAPH, "\x0a\x12\x2a\x52\x5a\x62\x6a\x72\x7a"},
    {PROTOBUF_TAG(8, PROTOBUF_BYTES), MESSAGE, "\x0a\x10"},      /* set of operators */
    {PROTOBUF_TAG(14, PROTOBUF_BYTES), MESSAGE, "\x0a\x12"},     /* property */
    {PROTOBUF_TAG(20, PROTOBUF_BYTES), MESSAGE, "\x0a\x12\x1a"}, /* training */
    {PROTOBUF_TAG(25, PROTOBUF_BYTES), MESSAGE, "\x0a"},         /* function */
    {PROTOBUF_TAG(26, PROTOBUF_BYTES), MESSAGE, "\x0a"},         /* devices */
};

static const struct expected *expected_of(uint64_t tag)
{
    for (size_t i = 0; i < sizeof expected / sizeof expected[0]; i++)
        if (expected[i].tag == tag)
            return &expected[i];
    return NULL;
}

static bool is_text(const unsigned char *bytes, size_t n, bool lines)
{
    for (size_t i = 0; i < n; i++)
        if ((bytes[i] < ' ' && !(lines && memchr("\t\n\r", bytes[i], 3))) || bytes[i] == 0x7f)
            return false;
    return true;
}

/* Whether a value is what is expected; n bytes of it can be seen. */
static bool fits(const struct expected *field, uint64_t value, const unsigned char *bytes, size_t n)
{
    switch (field->kind) {
    case VERSION:
        return value >= 1 && value <= VERSION_MOST;
    case NUMBER:
        return true;
    case NAME:
    case TEXT:
        return is_text(bytes, n, field->kind == TEXT);
    default:
        return n == 0 || (bytes[0] != '\0' && strchr(field->begins, bytes[0]));
    }
}

bool onnx_recognise(const unsigned char prefix[FORMAT_PREFIX], uint64_t size)
{
    size_t seen = size < FORMAT_PREFIX ? (size_t)size : FORMAT_PREFIX;
    if (prefix[0] != expected[0].tag)
        return false;
    for (uint64_t at = 0; at < seen;) {
        uint64_t tag, value;
        size_t tag_size = protobuf_decode(prefix + at, seen - at, &tag);
        size_t value_size = protobuf_decode(prefix + at + tag_size, seen - at - tag_size, &value);
        if (tag_size == 0 || value_size == 0)
            return seen - at <= PROTOBUF_VARINT_MOST && seen < size; /* cut short by the prefix */
        const struct expected *field = expected_of(tag);
        at += tag_size + value_size;
        uint64_t length = field && field->kind > NUMBER ? value : 0;
        size_t shown = length < seen - at ? (size_t)length : (size_t)(seen - at);
        if (!field || length > size - at || !fits(field, value, prefix + at, shown))
            return false;
        if (field->kind == GRAPH)
            return true;
        at += length;
    }
    return seen < size;
}
