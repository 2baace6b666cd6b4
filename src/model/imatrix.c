/* SPDX-License-Identifier: MIT
 *
 * The file is a count of entries; entries of a name's length, the name, the number of calls, the
 * number of values, the values; and, in all but the oldest files, the number of chunks and the name
 * of the text.  Whole numbers have 32 bits and a sign, values are single precision, little-endian.
 * A value is the mean square times the number of calls.
 */
#include "model/imatrix.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "model/cursor.h"
#include "model/label.h"
#include "model/loads.h"
#include "model/parts.h"

#define ENTRIES_MOST (PARTS_TENSORS_MOST / 2) /* two tensors each */
#define NAME_MOST    256u                     /* bytes; ggml itself takes 63 */
#define ENTRY_LEAST  (4u + 1 + 4 + 4 + 4)     /* bytes of an entry of a short name and one value */
#define TEXT_MOST    65536u                   /* bytes of the name of the text */

struct reader {
    struct cursor cursor;
    struct model *model;
    struct error *error;
};

/* The count of entries and, in the first, the name and the counts must be credible. */
static bool recognise(const unsigned char prefix[FORMAT_PREFIX], uint64_t size)
{
    uint32_t entries = load32(prefix), length = load32(prefix + 4);
    if (size < 4 + ENTRY_LEAST || entries == 0 || entries > ENTRIES_MOST ||
        entries > size / ENTRY_LEAST || length == 0 || length > NAME_MOST || 16 + length > size)
        return false;
    uint32_t calls = load32(prefix + 8 + length), values = load32(prefix + 12 + length);
    return utf8_printable((const char *)prefix + 8, length) && calls <= INT32_MAX && values > 0 &&
           values <= (size - 16 - length) / 4;
}

/* What llama.cpp writes first into the newer ones: general.type is the string (type 8) imatrix. */
bool imatrix_is(const unsigned char prefix[FORMAT_PREFIX], uint64_t size)
{
    static const char type[] = "general.type\10\0\0\0\7\0\0\0\0\0\0\0imatrix";
    return format_gguf.recognise(prefix, size)
               ? memmem(prefix, FORMAT_PREFIX, type, sizeof type - 1) != NULL
               : recognise(prefix, size);
}

/* Takes a whole number from least to most. */
static bool take_number(struct reader *reader, const char *what, uint32_t least, uint32_t most,
                        uint64_t *number)
{
    uint64_t at = reader->cursor.at;
    return cursor_take_number(&reader->cursor, 4, number) &&
           ((*number >= least && *number <= most) ||
            cursor_fail(&reader->cursor, at, "%s is %" PRId32 ", not from %" PRIu32 " to %" PRIu32,
                        what, (int32_t)*number, least, most));
}

static bool take_name(struct reader *reader, char name[NAME_MOST], size_t *length)
{
    uint64_t size, at = reader->cursor.at + 4;
    if (!take_number(reader, "the length of its name", 1, NAME_MOST, &size) ||
        !cursor_take(&reader->cursor, name, size))
        return false;
    *length = (size_t)size;
    return label_valid(name, *length) ||
           cursor_fail(&reader->cursor, at, "its name is not valid UTF-8");
}

/* Adds the tensor NAME.suffix of n elements that lie at the byte `offset`. */
static bool add_tensor(struct reader *reader, const char *name, size_t length, const char *suffix,
                       const struct dtype *dtype, uint64_t n, uint64_t offset)
{
    struct arena *arena = &reader->model->parts->arena;
    struct text whole = {0};
    text_add(&whole, name, length);
    text_puts(&whole, suffix);
    uint64_t *dims = arena_take(arena, sizeof *dims);
    dims[0] = n;
    struct tensor tensor = {
        .name = arena_string(arena, whole.data, whole.length),
        .name_length = whole.length,
        .dtype = dtype,
        .dtype_name = dtype->name,
        .rank = 1,
        .dims = dims,
        .content = reader->cursor.content,
        .offset = offset,
    };
    text_done(&whole);
    tensor.label = label_of(arena, tensor.name, tensor.name_length);
    if (!parts_place(&tensor, offset, reader->error))
        return false;
    parts_add_tensor(reader->model, &tensor);
    return true;
}

static bool take_entry(struct reader *reader)
{
    char name[NAME_MOST];
    size_t length;
    uint64_t calls, values;
    if (!take_name(reader, name, &length))
        return false;
    uint64_t calls_at = reader->cursor.at, values_at = calls_at + 8;
    return take_number(reader, "the number of calls", 0, INT32_MAX, &calls) &&
           take_number(reader, "the number of values", 1, INT32_MAX, &values) &&
           cursor_skip(&reader->cursor, 4 * values) &&
           add_tensor(reader, name, length, IMATRIX_SUMS, &dtype_f32, values, values_at) &&
           add_tensor(reader, name, length, IMATRIX_COUNTS, &dtype_i32, 1, calls_at);
}

static void add_metadata(struct reader *reader, const char *key, const char *type,
                         const char *value, size_t length)
{
    metadata_add(&reader->model->metadata, &reader->model->parts->arena,
                 parts_source(reader->model, reader->cursor.content), type, key, strlen(key), value,
                 length);
}

/* Takes what later versions wrote behind the entries, under the keys of the newer format. */
static bool take_end(struct reader *reader)
{
    struct cursor *cursor = &reader->cursor;
    uint64_t chunks, length;
    char digits[24], text[METADATA_VALUE_MOST + 1];
    cursor->part = "end";
    cursor->number = 0;
    if (cursor_left(cursor) == 0)
        return true;
    if (!take_number(reader, "the number of chunks", 0, INT32_MAX, &chunks))
        return false;
    int n = snprintf(digits, sizeof digits, "%" PRIu64, chunks);
    add_metadata(reader, "imatrix.chunk_count", "i32", digits, (size_t)n);
    if (cursor_left(cursor) == 0)
        return true;
    if (!take_number(reader, "the length of the text's name", 0, TEXT_MOST, &length))
        return false;
    size_t kept = length < sizeof text ? (size_t)length : sizeof text;
    if (!cursor_take(cursor, text, kept) || !cursor_skip(cursor, length - kept))
        return false;
    add_metadata(reader, "imatrix.datasets", "string", text, (size_t)length);
    return cursor_left(cursor) == 0 ||
           cursor_fail(cursor, cursor->at, "the last %" PRIu64 " bytes belong to nothing",
                       cursor_left(cursor));
}

static bool check_twins(const struct model *model, struct error *error)
{
    const struct tensor **ordered = parts_by_name(model->tensors, model->count);
    const struct tensor *const *twin = parts_twin(ordered, model->count);
    if (twin) {
        const struct tensor *later = twin[0]->offset > twin[1]->offset ? twin[0] : twin[1];
        parts_fail(later, later->offset, error, "is there twice");
    }
    mem_free(ordered);
    return !twin;
}

static bool read_imatrix(struct model *model, const struct content *file, struct error *error)
{
    struct reader reader = {.model = model, .error = error};
    uint64_t count;
    cursor_start(&reader.cursor, file, "header", error);
    if (!cursor_take_count(&reader.cursor, 4, ENTRY_LEAST, "entries", &count))
        return false;
    if (count > ENTRIES_MOST)
        return cursor_fail(&reader.cursor, 0, "claims more entries than any model has weights");
    reader.cursor.part = "entry";
    for (uint64_t i = 1; i <= count; i++) {
        reader.cursor.number = i;
        if (!take_entry(&reader))
            return false;
    }
    return take_end(&reader) && check_twins(model, error);
}

const struct format format_imatrix = {"imatrix", NULL, recognise, read_imatrix};
