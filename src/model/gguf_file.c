/* SPDX-License-Identifier: MIT */
#include "model/gguf_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/ggml_types.h"
#include "model/label.h"
#include "model/parts.h"

#define VERSION_MOST    3
#define RANK_MOST       4          /* dimensions of a tensor, in ggml as in the specification */
#define NAME_MOST       65535      /* bytes of a name; ggml itself takes 63 */
#define ALIGNMENT_USUAL 32         /* bytes, where general.alignment is not given */
#define ALIGNMENT_MOST  (1u << 24) /* more than any page that memory is mapped by */

/* A file that is being read. */
struct reader {
    struct cursor cursor;
    struct gguf_file *file;
    struct arena *arena;
    struct error *error;
    unsigned length_bytes; /* of counts, lengths and dimensions: 4 in version 1, 8 since */
    uint64_t tensor_count, key_count;
    uint64_t alignment, data; /* of the data section, and its first byte */
};

/* Version 3 brought big-endian files, without a mark of their own: the version's low half tells. */
static bool take_version(struct reader *reader)
{
    uint64_t version, at = reader->cursor.at;
    if (!cursor_take_number(&reader->cursor, 4, &version))
        return false;
    if ((version & 0xffff) == 0) {
        reader->cursor.big_endian = true;
        version = __builtin_bswap32((uint32_t)version);
    }
    reader->length_bytes = version == 1 ? 4 : 8;
    return (version >= 1 && version <= VERSION_MOST) ||
           cursor_fail(&reader->cursor, at,
                       "version %" PRIu64 " of the format is not one from 1 to %d", version,
                       VERSION_MOST);
}

static bool take_header(struct reader *reader)
{
    char magic[4];
    struct cursor *cursor = &reader->cursor;
    if (!cursor_take(cursor, magic, sizeof magic))
        return false;
    if (memcmp(magic, GGUF_MAGIC, sizeof magic) != 0)
        return cursor_fail(cursor, 0, "does not begin with \"" GGUF_MAGIC "\"");
    if (!take_version(reader))
        return false;
    /* A tensor has at least a length of its name, a rank, a type and an offset. */
    unsigned size = reader->length_bytes;
    if (!cursor_take_count(cursor, size, size + 4 + 4 + 8, "tensors", &reader->tensor_count) ||
        !cursor_take_count(cursor, size, GGUF_KEY_LEAST(size), "key-values", &reader->key_count))
        return false;
    if (reader->tensor_count > PARTS_TENSORS_MOST || reader->key_count > METADATA_ENTRIES_MOST)
        return cursor_fail(cursor, 8, "claims more tensors or key-values than any model has");
    /* The writers of version 1 all gave an architecture: zeros are those of another layout. */
    return size == 8 || reader->tensor_count > 0 || reader->key_count > 0 ||
           cursor_fail(cursor, 4, "version 1 without any tensors and key-values is not credible");
}

static const char *source_of(struct arena *arena, const struct content *content)
{
    struct text source = {0};
    label_last(&source, content->path ? content->path : content->label);
    const char *copy = arena_string(arena, source.data ? source.data : "", source.length);
    text_done(&source);
    return copy;
}

static bool take_name(struct reader *reader, struct tensor *tensor)
{
    uint64_t at = reader->cursor.at, length;
    if (!cursor_take_count(&reader->cursor, reader->length_bytes, 1, "bytes of a name", &length))
        return false;
    if (length > NAME_MOST)
        return cursor_fail(&reader->cursor, at, "its name has %" PRIu64 " bytes, more than %d",
                           length, NAME_MOST);
    char *name = arena_take(reader->arena, (size_t)length + 1);
    name[length] = '\0';
    if (!cursor_take(&reader->cursor, name, length))
        return false;
    tensor->label = label_of(reader->arena, name, (size_t)length);
    /* Some converters have cut names inside a character: their escaped form must do. */
    bool valid = label_valid(name, (size_t)length);
    tensor->name = valid ? name : tensor->label;
    tensor->name_length = valid ? (size_t)length : strlen(tensor->label);
    return true;
}

/* Dimensions are stored fastest first. */
static bool take_shape(struct reader *reader, struct tensor *tensor)
{
    uint64_t at = reader->cursor.at, rank;
    if (!cursor_take_number(&reader->cursor, 4, &rank))
        return false;
    if (rank > RANK_MOST)
        return parts_fail(tensor, at, reader->error,
                          "has %" PRIu64 " dimensions, more than the %d of the format", rank,
                          RANK_MOST);
    uint64_t *dims = arena_take(reader->arena, rank * sizeof *dims);
    tensor->rank = (unsigned)rank;
    tensor->dims = dims;
    for (uint64_t *dim = dims + rank; dim-- > dims;) {
        at = reader->cursor.at;
        if (!cursor_take_number(&reader->cursor, reader->length_bytes, dim))
            return false;
        if (*dim == 0)
            return parts_fail(tensor, at, reader->error, "has a dimension of 0");
    }
    return true;
}

static bool take_type(struct reader *reader, struct tensor *tensor)
{
    uint64_t type;
    if (!cursor_take_number(&reader->cursor, 4, &type))
        return false;
    tensor->dtype = ggml_type((uint32_t)type);
    if (tensor->dtype) {
        tensor->dtype_name = tensor->dtype->name;
        return true;
    }
    char name[40];
    int length = snprintf(name, sizeof name, "type %" PRIu64 " (unknown)", type);
    tensor->dtype_name = arena_string(reader->arena, name, (size_t)length);
    return true;
}

/* Takes the description of a tensor; its offset is still that from the data section. */
static bool take_tensor(struct reader *reader)
{
    struct gguf_file *file = reader->file;
    struct gguf_tensor entry = {
        .tensor = {.content = file->content, .big_endian = reader->cursor.big_endian},
        .at = reader->cursor.at,
    };
    if (!take_name(reader, &entry.tensor) || !take_shape(reader, &entry.tensor) ||
        !take_type(reader, &entry.tensor) ||
        !cursor_take_number(&reader->cursor, 8, &entry.tensor.offset))
        return false;
    file->tensors = mem_grow(file->tensors, &file->capacity, file->count + 1, sizeof entry);
    file->tensors[file->count++] = entry;
    return true;
}

static bool take_tensors(struct reader *reader)
{
    bool good = true;
    reader->cursor.part = "tensor";
    for (uint64_t i = 0; good && i < reader->tensor_count; i++) {
        reader->cursor.number = i + 1;
        good = take_tensor(reader);
    }
    return good;
}

/* The next multiple of the alignment. */
static uint64_t align(const struct reader *reader, uint64_t at)
{
    return (at + reader->alignment - 1) & ~(reader->alignment - 1);
}

/* Finds where the data section begins, which may be behind the end of a file without tensors. */
static bool find_data(struct reader *reader)
{
    const struct gguf_number *given = &reader->file->facts.alignment;
    uint64_t alignment = given->given ? given->value : ALIGNMENT_USUAL;
    if (alignment == 0 || alignment > ALIGNMENT_MOST || (alignment & (alignment - 1)) != 0) {
        reader->cursor.part = "metadata";
        reader->cursor.number = 0;
        return cursor_fail(&reader->cursor, given->at,
                           "general.alignment %" PRIu64 " is not a power of two up to %u",
                           alignment, ALIGNMENT_MOST);
    }
    reader->alignment = alignment;
    reader->data = align(reader, reader->cursor.at);
    return true;
}

/* Turns offsets into those from the file's start, and checks that the data are there. */
static bool place_tensors(struct reader *reader)
{
    if (!find_data(reader))
        return false;
    for (size_t i = 0; i < reader->file->count; i++) {
        struct gguf_tensor *entry = &reader->file->tensors[i];
        struct tensor *tensor = &entry->tensor;
        uint64_t offset = tensor->offset;
        if (!mem_sum(reader->data, offset, &tensor->offset) || tensor->offset > tensor->content->size)
            return parts_fail(tensor, entry->at, reader->error,
                              "its offset %" PRIu64 " is beyond the end of the file", offset);
        if (!parts_place(tensor, entry->at, reader->error))
            return false;
    }
    return true;
}

static int compare_places(const void *left, const void *right)
{
    const struct gguf_tensor *a = *(struct gguf_tensor *const *)left;
    const struct gguf_tensor *b = *(struct gguf_tensor *const *)right;
    if (a->tensor.offset != b->tensor.offset)
        return a->tensor.offset < b->tensor.offset ? -1 : 1;
    return (a->at > b->at) - (a->at < b->at);
}

/* Checks a tensor whose bytes cannot reach beyond next, where those of another or nothing begin.
 * One of an unknown type has all up to there; as it has a bit per element at least, it cannot claim
 * elements without end. */
static bool check_place(struct gguf_tensor *entry, const struct gguf_tensor *next,
                        struct error *error)
{
    struct tensor *tensor = &entry->tensor;
    uint64_t room = (next ? next->tensor.offset : tensor->content->size) - tensor->offset;
    struct quote name;
    if (tensor->bytes > room)
        return parts_fail(&next->tensor, next->at, error, "its data overlap those of tensor %s",
                          label_quote(&name, tensor->name, tensor->name_length));
    if (tensor->dtype)
        return true;
    tensor->bytes = room;
    return tensor->elements / 8 + (tensor->elements % 8 != 0) <= room ||
           parts_fail(tensor, entry->at, error, "has more elements than its data has bits");
}

/* Refuses data that belong to two tensors, or to none but for the padding before the next multiple
 * of the alignment: signs of damage, which ggml refuses as well. */
static bool check_layout(const struct reader *reader)
{
    const struct gguf_file *file = reader->file;
    uint64_t begin = reader->data;
    struct gguf_tensor **ordered = mem_alloc(file->count, sizeof *ordered);
    for (size_t i = 0; i < file->count; i++)
        ordered[i] = &file->tensors[i];
    qsort(ordered, file->count, sizeof *ordered, compare_places);
    bool good = true;
    for (size_t i = 0; good && i < file->count; i++) {
        const struct tensor *tensor = &ordered[i]->tensor;
        good = check_place(ordered[i], i + 1 < file->count ? ordered[i + 1] : NULL,
                           reader->error) &&
               (tensor->offset == begin ||
                parts_fail(tensor, ordered[i]->at, reader->error,
                           "its data begin at byte %" PRIu64 " instead of %" PRIu64,
                           tensor->offset, begin));
        begin = align(reader, tensor->offset + tensor->bytes);
    }
    mem_free(ordered);
    return good;
}

static bool check_twins(const struct gguf_file *file, struct error *error)
{
    const struct tensor **ordered = mem_alloc(file->count, sizeof *ordered);
    for (size_t i = 0; i < file->count; i++)
        ordered[i] = &file->tensors[i].tensor;
    qsort(ordered, file->count, sizeof *ordered, parts_compare_names);
    const struct tensor *const *twin = parts_twin(ordered, file->count);
    if (twin) {
        const struct gguf_tensor *a = (const struct gguf_tensor *)twin[0];
        const struct gguf_tensor *b = (const struct gguf_tensor *)twin[1];
        parts_fail(&a->tensor, a->at > b->at ? a->at : b->at, error, "is there twice");
    }
    mem_free(ordered);
    return !twin;
}

bool gguf_file_read(struct gguf_file *file, struct model *model, const struct content *content,
                    struct error *error)
{
    struct reader reader;
    cursor_start(&reader.cursor, content, "header", error);
    reader.file = file;
    reader.arena = &model->parts->arena;
    reader.error = error;
    file->content = content;
    return take_header(&reader) &&
           gguf_read_metadata(&reader.cursor, reader.length_bytes, reader.key_count, model,
                              source_of(reader.arena, content), &file->facts) &&
           take_tensors(&reader) && place_tensors(&reader) && check_layout(&reader) &&
           check_twins(file, error);
}

void gguf_file_done(struct gguf_file *file)
{
    mem_free(file->tensors);
    *file = (struct gguf_file){0};
}
