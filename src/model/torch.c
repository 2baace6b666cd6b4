/* SPDX-License-Identifier: MIT */
#include "model/torch.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "model/label.h"
#include "model/loads.h"
#include "model/parts.h"

#define TENSORS_MOST    (1u << 20)   /* ten times those of the largest models */
#define NAME_BYTES_MOST (256u << 20) /* of all names: shared containers may repeat long ones */
#define WINDOW          4096u        /* bytes that a pickle is first sought in */
#define WINDOW_GROWTH   8u

void torch_begin(struct torch *torch, struct model *model, const struct content *file,
                 struct error *error)
{
    struct text source = {0};
    torch->model = model;
    torch->file = file;
    torch->error = error;
    label_last(&source, file->path ? file->path : file->label);
    torch->source =
        arena_string(&model->parts->arena, source.data ? source.data : "", source.length);
    text_done(&source);
    if (!torch->part)
        torch->part = "";
}

void torch_done(struct torch *torch)
{
    arena_done(&torch->pickles);
    mem_free(torch->storages);
    mem_free(torch->tensors);
    text_done(&torch->path);
    *torch = (struct torch){0};
}

bool torch_fail(const struct torch *torch, uint64_t at, const char *format, ...)
{
    char reason[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof reason, format, arguments);
    va_end(arguments);
    return error_set(torch->error, ERROR_FILE, "%s: %s%s (byte %" PRIu64 ")", torch->file->label,
                     torch->part, reason, at);
}

/* The pickle at a place of the file, if it ends within so many bytes. */
static struct pickle_value *try_pickle(struct torch *torch, uint64_t at, size_t length,
                                       size_t *used, struct error *error)
{
    const struct content *file = torch->file;
    const struct pickle_place place = {file->label, torch->part, at, TORCH_ADVICE};
    unsigned char *bytes = mem_try(length, 1);
    struct pickle_value *value = NULL;
    if (!bytes)
        error_set(error, ERROR_SYSTEM, "%s: no memory for its pickle", file->label);
    else if (content_read(file, at, length, bytes, error))
        value =
            pickle_read(&place, bytes, length, torch_globals(torch), &torch->pickles, used, error);
    mem_free(bytes);
    return value;
}

/* A pickle does not say how long it is: it is read from a copy of the next bytes, and from a
 * larger one if it fails there.  What failed attempts leave in the arena is little beside what the
 * last one takes. */
struct pickle_value *torch_read_pickle(struct torch *torch, uint64_t *at, uint64_t most)
{
    uint64_t rest = torch->file->size - *at, limit = rest < most ? rest : most;
    struct pickle_value *value;
    struct error error = {0};
    size_t used = 0;
    uint64_t window = WINDOW;
    while (!(value = try_pickle(torch, *at, (size_t)(window < limit ? window : limit), &used,
                                &error)) &&
           window < limit)
        window *= WINDOW_GROWTH;
    *at += used;
    if (!value && torch->error)
        *torch->error = error;
    return value;
}

static bool is_text(const struct pickle_value *value)
{
    return value->kind == PICKLE_TEXT || value->kind == PICKLE_BYTES;
}

/* The key of a storage, which is a text, or a number of the first versions. */
static bool take_key(struct torch *torch, const struct pickle_value *key,
                     struct torch_storage *storage)
{
    if (key->kind == PICKLE_INTEGER) {
        char digits[24];
        int length = snprintf(digits, sizeof digits, "%" PRId64, key->integer);
        storage->key = arena_string(&torch->pickles, digits, (size_t)length);
        storage->key_length = (size_t)length;
        return true;
    }
    if (!is_text(key) || strlen(key->text) != key->length)
        return torch_fail(torch, key->at, "the key of a storage is not a text");
    storage->key = key->text;
    storage->key_length = key->length;
    return true;
}

/* The part of a storage that another storage of the pickle is: its key, first element, count. */
static bool take_part(struct torch *torch, const struct pickle_value *part,
                      struct torch_storage *storage)
{
    if (part->kind == PICKLE_NONE)
        return true;
    if (part->kind != PICKLE_TUPLE || part->length != 3 || part->items[1]->kind != PICKLE_INTEGER ||
        part->items[2]->kind != PICKLE_INTEGER || part->items[1]->integer < 0 ||
        part->items[2]->integer < 0)
        return torch_fail(torch, part->at, "the part of a storage is not described by its numbers");
    storage->first = (uint64_t)part->items[1]->integer;
    storage->shown = (uint64_t)part->items[2]->integer;
    return (storage->first <= storage->count &&
            storage->shown <= storage->count - storage->first) ||
           torch_fail(torch, part->at, "the part of a storage does not lie within it");
}

static bool take_class(struct torch *torch, const struct pickle_value *class,
                       struct torch_storage *storage)
{
    struct quote quote;
    if (class->kind != PICKLE_GLOBAL)
        return torch_fail(torch, class->at, "the type of a storage is not a class");
    storage->type = torch_type_of_storage(class->text);
    if (storage->type) {
        storage->type_name = storage->type->shown;
        return true;
    }
    label_quote(&quote, class->text, class->length);
    storage->type_name = arena_string(&torch->model->parts->arena, quote.text, strlen(quote.text));
    return true;
}

bool torch_take_storage(struct torch *torch, const struct pickle_value *id, uint64_t at,
                        size_t *index)
{
    struct torch_storage storage = {.at = at, .folder = torch->folder};
    if (id->kind != PICKLE_TUPLE || id->length < 5 || !is_text(id->items[0]) ||
        strcmp(id->items[0]->text, "storage") != 0)
        return torch_fail(torch, at, "a persistent id is not that of a storage");
    const struct pickle_value *count = id->items[4];
    if (count->kind != PICKLE_INTEGER || count->integer < 0)
        return torch_fail(torch, at, "the size of a storage is not a number of elements");
    storage.count = storage.shown = (uint64_t)count->integer;
    if (!take_class(torch, id->items[1], &storage) || !take_key(torch, id->items[2], &storage) ||
        (id->length > 5 && !take_part(torch, id->items[5], &storage)))
        return false;
    torch->storages = mem_grow(torch->storages, &torch->storage_capacity, torch->storage_count + 1,
                               sizeof *torch->storages);
    *index = torch->storage_count++;
    torch->storages[*index] = storage;
    return true;
}

/* Names that are not UTF-8 become their printable form. */
static void name_tensor(struct torch *torch, struct tensor *tensor)
{
    struct arena *arena = &torch->model->parts->arena;
    const char *path = torch->path.length > 0 ? torch->path.data : "";
    tensor->name = arena_string(arena, path, torch->path.length);
    tensor->name_length = torch->path.length;
    tensor->label = label_of(arena, tensor->name, tensor->name_length);
    if (!label_valid(tensor->name, tensor->name_length)) {
        tensor->name = tensor->label;
        tensor->name_length = strlen(tensor->label);
    }
}

bool torch_add_tensor(struct torch *torch, const struct torch_tensor *tensor)
{
    torch->name_bytes += torch->path.length;
    if (torch->path.length > TORCH_NAME_MOST)
        return torch_fail(torch, tensor->at, "the name of a tensor has more than %u bytes",
                          TORCH_NAME_MOST);
    if (torch->tensor_count == TENSORS_MOST || torch->name_bytes > NAME_BYTES_MOST)
        return torch_fail(torch, tensor->at, "there are more tensors than any model has");
    torch->tensors = mem_grow(torch->tensors, &torch->tensor_capacity, torch->tensor_count + 1,
                              sizeof *torch->tensors);
    struct torch_tensor *added = &torch->tensors[torch->tensor_count++];
    *added = *tensor;
    name_tensor(torch, &added->tensor);
    return true;
}

bool torch_storage_bytes(const struct torch *torch, const struct torch_storage *storage,
                         uint64_t *bytes)
{
    return mem_multiply(storage->count, storage->type->bytes, bytes) ||
           torch_fail(torch, storage->at, "the size of a storage is beyond 64 bits");
}

bool torch_skip_elements(const struct torch *torch, uint64_t *at, uint64_t end, unsigned unit,
                         uint64_t *count)
{
    unsigned char bytes[8];
    uint64_t length;
    if (*at > end || end - *at < sizeof bytes)
        return torch_fail(torch, end, "is cut short before the size of a storage");
    if (!content_read(torch->file, *at, sizeof bytes, bytes, torch->error))
        return false;
    *count = load64(bytes);
    if (!mem_multiply(*count, unit, &length) || length > end - *at - sizeof bytes)
        return torch_fail(torch, *at, "the %" PRIu64 " elements of a storage are not all there",
                          *count);
    *at += sizeof bytes + length;
    return true;
}

/* Puts a tensor into its storage, which the reader found to lie within its content. */
static bool place(struct torch *torch, struct torch_tensor *described)
{
    struct tensor *tensor = &described->tensor;
    tensor->content = torch->file;
    tensor->big_endian = torch->big_endian;
    if (!tensor->dtype)
        return parts_place(tensor, described->at, torch->error);
    const struct torch_storage *storage = &torch->storages[described->storage];
    uint64_t unit = storage->type->bytes, room = storage->shown * unit, skip;
    tensor->content = storage->content;
    tensor->offset = storage->offset + storage->first * unit;
    if (!parts_place(tensor, described->at, torch->error))
        return false;
    if (tensor->elements == 0)
        return true;
    if (!mem_multiply(described->first, tensor->dtype->block_bytes, &skip) || skip > room ||
        tensor->bytes > room - skip)
        return parts_fail(tensor, described->at, torch->error,
                          "its %" PRIu64 " bytes from element %" PRIu64
                          " on are not all in its storage of %" PRIu64 " bytes",
                          tensor->bytes, described->first, room);
    tensor->offset += skip;
    return true;
}

static bool check_twins(const struct torch *torch, const struct tensor *tensors)
{
    const struct tensor **ordered = parts_by_name(tensors, torch->tensor_count);
    const struct tensor *const *twin = parts_twin(ordered, torch->tensor_count);
    if (twin) {
        size_t first = (size_t)(twin[0] - tensors), second = (size_t)(twin[1] - tensors);
        parts_fail(twin[0], torch->tensors[first > second ? first : second].at, torch->error,
                   "is there twice");
    }
    mem_free(ordered);
    return !twin;
}

bool torch_finish(struct torch *torch)
{
    struct model *model = torch->model;
    size_t before = model->count, count = torch->tensor_count;
    for (size_t i = 0; i < count; i++)
        if (!place(torch, &torch->tensors[i]))
            return false;
    for (size_t i = 0; i < count; i++)
        parts_add_tensor(model, &torch->tensors[i].tensor);
    if (count == 0)
        return true;
    torch_find_aliases(model->tensors + before, count);
    return check_twins(torch, model->tensors + before);
}
