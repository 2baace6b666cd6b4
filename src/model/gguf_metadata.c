/* SPDX-License-Identifier: MIT */
#include "model/gguf_metadata.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/text.h"
#include "model/label.h"
#include "model/loads.h"
#include "model/parts.h"

#define KEY_MOST   65535 /* bytes, by the specification */
#define DEPTH_MOST 8     /* of arrays in arrays; no writer is known to have any */

/* Bytes of a string in an array that are shown: METADATA_ARRAY_SHOWN of them stay well below
 * METADATA_VALUE_MOST. */
#define ELEMENT_SHOWN 128

enum kind { UNSIGNED, SIGNED, REAL, TRUTH, STRING, ARRAY };

/* Types of values by their numbers in the file. */
static const struct type {
    const char *name, *plural;
    unsigned size; /* bytes; 0 if that depends on the value */
    enum kind kind;
} types[] = {
    {"u8", "u8", 1, UNSIGNED},     {"i8", "i8", 1, SIGNED},     {"u16", "u16", 2, UNSIGNED},
    {"i16", "i16", 2, SIGNED},     {"u32", "u32", 4, UNSIGNED}, {"i32", "i32", 4, SIGNED},
    {"f32", "f32", 4, REAL},       {"bool", "bools", 1, TRUTH}, {"string", "strings", 0, STRING},
    {"array", "arrays", 0, ARRAY}, {"u64", "u64", 8, UNSIGNED}, {"i64", "i64", 8, SIGNED},
    {"f64", "f64", 8, REAL},
};
enum { TYPE_U32 = 4 };

/* Key-values that are being read. */
struct reader {
    struct cursor *cursor;
    unsigned length_bytes;
    struct model *model;
    struct gguf_facts *facts;
    struct text key, value, type; /* of the current one; the memory is used again */
    uint64_t value_length;        /* of the value, of which `value` may hold but the beginning */
};

/* The failure of the current key-value: `FILE: metadata NUMBER: key "KEY" TEXT (byte AT)`. */
static bool fail(const struct reader *reader, uint64_t at, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static bool fail(const struct reader *reader, uint64_t at, const char *format, ...)
{
    char reason[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    struct quote key;
    return cursor_fail(reader->cursor, at, "key %s %s",
                       label_quote(&key, reader->key.data, reader->key.length), reason);
}

/* Takes a string: appends at most the first `most` bytes to out and skips the others. */
static bool take_string(struct reader *reader, struct text *out, uint64_t most, uint64_t *length)
{
    char bytes[256];
    struct cursor *cursor = reader->cursor;
    if (!cursor_take_count(cursor, reader->length_bytes, 1, "bytes of text", length))
        return false;
    uint64_t kept = *length < most ? *length : most;
    for (uint64_t done = 0; done < kept;) {
        size_t n = kept - done < sizeof bytes ? (size_t)(kept - done) : sizeof bytes;
        if (!cursor_take(cursor, bytes, n))
            return false;
        text_add(out, bytes, n);
        done += n;
    }
    return cursor_skip(cursor, *length - kept);
}

/* NULL with *error if there is none, or none that is known. */
static const struct type *take_type(struct reader *reader)
{
    uint64_t at = reader->cursor->at, id;
    if (!cursor_take_number(reader->cursor, 4, &id))
        return NULL;
    if (id < sizeof types / sizeof types[0])
        return &types[id];
    fail(reader, at, "has a value of the unknown type %" PRIu64, id);
    return NULL;
}

static int64_t signed_of(uint64_t bits, unsigned size)
{
    unsigned unused = 64 - 8 * size;
    return (int64_t)(bits << unused) >> unused;
}

/* The shortest text that reads back as the same number, as 1e-05 for the F32 next to it. */
static void show_real(struct text *out, double value, bool single)
{
    char text[40]; /* more than any of them takes */
    if (isnan(value)) {
        text_puts(out, "nan"); /* without the sign, which means nothing */
        return;
    }
    int most = single ? 9 : 17; /* digits that always suffice */
    for (int digits = single ? 6 : 15; digits <= most; digits++) {
        snprintf(text, sizeof text, "%.*g", digits, value);
        double again = single ? (double)strtof(text, NULL) : strtod(text, NULL);
        if (again == value)
            break;
    }
    text_puts(out, text);
}

static void show_number(struct text *out, const struct type *type, uint64_t bits)
{
    switch (type->kind) {
    case UNSIGNED:
        text_printf(out, "%" PRIu64, bits);
        break;
    case SIGNED:
        text_printf(out, "%" PRId64, signed_of(bits, type->size));
        break;
    case TRUTH:
        text_puts(out, bits ? "true" : "false");
        break;
    default:
        show_real(out,
                  type->size == 4 ? (double)single_of_bits((uint32_t)bits) : double_of_bits(bits),
                  type->size == 4);
    }
}

/* The least bytes of an element: a string or array has its length, an array its type as well. */
static unsigned least_bytes(const struct reader *reader, const struct type *type)
{
    return type->kind == STRING  ? reader->length_bytes
           : type->kind == ARRAY ? 4 + reader->length_bytes
                                 : type->size;
}

/* Appends the first bytes of a string of this length, without the character that may be cut. */
static void show_string(struct text *out, const struct text *bytes, uint64_t length)
{
    size_t kept = bytes->length;
    if (kept < length)
        while (kept > 0 && (bytes->data[--kept] & 0xc0) == 0x80) {
        }
    text_puts(out, "\"");
    if (kept > 0)
        text_add(out, bytes->data, kept);
    text_puts(out, kept < length ? "…\"" : "\"");
}

static bool take_array(struct reader *reader, unsigned depth, struct text *type_shown,
                       struct text *shown);

/* Takes an element of an array, or skips it if shown is NULL. */
static bool take_element(struct reader *reader, const struct type *type, unsigned depth,
                         struct text *shown)
{
    uint64_t number;
    if (type->kind == ARRAY)
        return take_array(reader, depth + 1, shown, NULL);
    if (type->kind == STRING) {
        struct text bytes = {0};
        bool good = take_string(reader, &bytes, shown ? ELEMENT_SHOWN : 0, &number);
        if (good && shown)
            show_string(shown, &bytes, number);
        text_done(&bytes);
        return good;
    }
    if (!cursor_take_number(reader->cursor, type->size, &number))
        return false;
    show_number(shown, type, number);
    return true;
}

static bool take_shown_elements(struct reader *reader, const struct type *type, uint64_t count,
                                unsigned depth, struct text *shown)
{
    text_puts(shown, "[");
    for (uint64_t i = 0; i < count && i < METADATA_ARRAY_SHOWN; i++) {
        text_puts(shown, i > 0 ? ", " : "");
        if (!take_element(reader, type, depth, shown))
            return false;
    }
    if (count > METADATA_ARRAY_SHOWN)
        text_printf(shown, ", … (%" PRIu64 " more)", count - METADATA_ARRAY_SHOWN);
    text_puts(shown, "]");
    return true;
}

static bool skip_elements(struct reader *reader, const struct type *type, uint64_t count,
                          unsigned depth)
{
    if (type->size > 0)
        return cursor_skip(reader->cursor, count * type->size);
    for (uint64_t i = 0; i < count; i++)
        if (!take_element(reader, type, depth, NULL))
            return false;
    return true;
}

/* Takes an array: its type goes to type_shown, its first elements to shown; NULL for neither.  An
 * array in an array shows as its type alone. */
static bool take_array(struct reader *reader, unsigned depth, struct text *type_shown,
                       struct text *shown)
{
    uint64_t count;
    if (depth > DEPTH_MOST)
        return fail(reader, reader->cursor->at, "has arrays nested more than %d deep", DEPTH_MOST);
    const struct type *type = take_type(reader);
    if (!type || !cursor_take_count(reader->cursor, reader->length_bytes, least_bytes(reader, type),
                                    "elements of an array", &count))
        return false;
    if (type_shown)
        text_printf(type_shown, "array of %" PRIu64 " %s", count,
                    count == 1 ? type->name : type->plural);
    if (shown && !take_shown_elements(reader, type, count, depth, shown))
        return false;
    uint64_t taken = !shown ? 0 : count < METADATA_ARRAY_SHOWN ? count : METADATA_ARRAY_SHOWN;
    return skip_elements(reader, type, count - taken, depth);
}

static struct gguf_number *fact_of(struct reader *reader)
{
    const struct {
        const char *key;
        struct gguf_number *fact;
    } facts[] = {
        {"general.alignment", &reader->facts->alignment},
        {"split.no", &reader->facts->split_no},
        {"split.count", &reader->facts->split_count},
        {"split.tensors.count", &reader->facts->split_tensors},
    };
    for (size_t i = 0; i < sizeof facts / sizeof facts[0]; i++)
        if (strlen(facts[i].key) == reader->key.length &&
            memcmp(facts[i].key, reader->key.data, reader->key.length) == 0)
            return facts[i].fact;
    return NULL;
}

/* Checks the type of a number that we need.  The alignment is to be u32; of the others the
 * specification says nothing, and writers differ. */
static bool check_fact(struct reader *reader, const struct gguf_number *fact,
                       const struct type *type, uint64_t at)
{
    bool is_alignment = fact == &reader->facts->alignment;
    bool whole = type->kind == UNSIGNED || type->kind == SIGNED;
    if (fact->given)
        return fail(reader, at, "is there twice");
    return (is_alignment ? type == &types[TYPE_U32] : whole) ||
           fail(reader, at, "has a value of type %s instead of %s", type->name,
                is_alignment ? "u32" : "a whole number");
}

static bool take_scalar(struct reader *reader, const struct type *type, struct gguf_number *fact)
{
    uint64_t at = reader->cursor->at, bits;
    if (!cursor_take_number(reader->cursor, type->size, &bits))
        return false;
    show_number(&reader->value, type, bits);
    reader->value_length = reader->value.length;
    if (!fact)
        return true;
    *fact = (struct gguf_number){true, bits, at};
    return type->kind != SIGNED || signed_of(bits, type->size) >= 0 ||
           fail(reader, at, "is %s, which is below 0", reader->value.data);
}

static bool take_key(struct reader *reader)
{
    uint64_t at = reader->cursor->at, length;
    text_clear(&reader->key);
    text_puts(&reader->key, ""); /* so that there are bytes even of an empty key */
    if (!take_string(reader, &reader->key, KEY_MOST, &length))
        return false;
    return length <= KEY_MOST ||
           cursor_fail(reader->cursor, at, "its key has %" PRIu64 " bytes, which is more than %d",
                       length, KEY_MOST);
}

/* Takes a value; its text goes to reader->value, and that of an array's type to reader->type. */
static bool take_value(struct reader *reader, const struct type *type, struct gguf_number *fact)
{
    text_clear(&reader->value);
    text_clear(&reader->type);
    text_puts(&reader->value, "");
    if (type->kind == STRING) /* metadata_add looks at one byte more than it keeps */
        return take_string(reader, &reader->value, METADATA_VALUE_MOST + 1, &reader->value_length);
    if (type->kind != ARRAY)
        return take_scalar(reader, type, fact);
    bool good = take_array(reader, 1, &reader->type, &reader->value);
    reader->value_length = reader->value.length;
    return good;
}

static bool take_entry(struct reader *reader, const char *source)
{
    if (!take_key(reader))
        return false;
    uint64_t at = reader->cursor->at;
    struct gguf_number *fact = fact_of(reader);
    const struct type *type = take_type(reader);
    if (!type || (fact && !check_fact(reader, fact, type, at)) || !take_value(reader, type, fact))
        return false;
    struct arena *arena = &reader->model->parts->arena;
    const char *name = type->kind == ARRAY
                           ? arena_string(arena, reader->type.data, reader->type.length)
                           : type->name;
    metadata_add(&reader->model->metadata, arena, source, name, reader->key.data,
                 reader->key.length, reader->value.data, reader->value_length);
    return true;
}

bool gguf_read_metadata(struct cursor *cursor, unsigned length_bytes, uint64_t count,
                        struct model *model, const char *source, struct gguf_facts *facts)
{
    struct reader reader = {
        .cursor = cursor, .length_bytes = length_bytes, .model = model, .facts = facts};
    bool good = true;
    cursor->part = "metadata";
    for (uint64_t i = 0; good && i < count; i++) {
        cursor->number = i + 1;
        good = take_entry(&reader, source);
    }
    text_done(&reader.key);
    text_done(&reader.value);
    text_done(&reader.type);
    return good;
}
