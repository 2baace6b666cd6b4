/* SPDX-License-Identifier: MIT
 *
 * The files of PyTorch 0.1: a tar archive of "storages" (their number, then of each a pickle of
 * its id and type, and its elements; then a pickle of those that are parts of others), "tensors"
 * (their number, then of each a pickle of its id and its storage's, and its rank, size, stride and
 * first element as numbers), and "pickle", the object, which names both by their ids.  After
 * legacy_load of torch/serialization.py.
 */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/formats.h"
#include "model/loads.h"
#include "model/parts.h"
#include "model/tar.h"
#include "model/torch.h"

#define PICKLE_MOST (256u << 20)
#define SMALL_MOST  (1u << 20)

/* What an id means. */
struct named {
    int64_t id;
    size_t index; /* of the storage, or of the tensor's description */
};

struct table {
    struct named *items;
    size_t count, capacity;
};

struct reader {
    struct torch torch;
    struct tar_range storages, tensors, object;
    struct table storage_ids, tensor_ids;
    struct torch_tensor *described; /* tensors without names */
    size_t described_count, described_capacity;
};

static void add_name(struct table *table, int64_t id, size_t index)
{
    table->items = mem_grow(table->items, &table->capacity, table->count + 1, sizeof *table->items);
    table->items[table->count++] = (struct named){id, index};
}

static int compare_names(const void *left, const void *right)
{
    const struct named *a = left, *b = right;
    return (a->id > b->id) - (a->id < b->id);
}

static void order_names(struct table *table)
{
    if (table->count > 0)
        qsort(table->items, table->count, sizeof *table->items, compare_names);
}

static const struct named *find_name(const struct table *table, int64_t id)
{
    const struct named key = {id, 0};
    return table->count > 0 ? bsearch(&key, table->items, table->count, sizeof key, compare_names)
                            : NULL;
}

/* Ids are the addresses that things had: numbers, or their digits. */
static bool id_of(const struct pickle_value *value, int64_t *id)
{
    if (value->kind == PICKLE_INTEGER) {
        *id = value->integer;
        return true;
    }
    if (value->kind != PICKLE_TEXT && value->kind != PICKLE_BYTES)
        return false;
    char *end;
    errno = 0;
    *id = strtoll(value->text, &end, 10);
    return errno == 0 && value->length > 0 && end == value->text + value->length;
}

/* The pickle at *at, before the end of the member. */
static struct pickle_value *read_pickle(struct torch *torch, uint64_t *at, uint64_t end,
                                        uint64_t most)
{
    uint64_t rest = end - *at;
    return torch_read_pickle(torch, at, rest < most ? rest : most);
}

/* Reads how many things follow. */
static bool read_count(struct torch *torch, uint64_t *at, uint64_t end, uint64_t *count)
{
    uint64_t begin = *at;
    const struct pickle_value *value = read_pickle(torch, at, end, SMALL_MOST);
    if (!value)
        return false;
    *count = value->kind == PICKLE_INTEGER && value->integer >= 0 ? (uint64_t)value->integer
                                                                  : UINT64_MAX;
    return *count < UINT64_MAX ||
           torch_fail(torch, begin, "the number of things that follow is not one");
}

/* Reads a pickle of three values, the first of which is an id. */
static const struct pickle_value *read_triple(struct torch *torch, uint64_t *at, uint64_t end,
                                              int64_t *id)
{
    uint64_t begin = *at;
    const struct pickle_value *value = read_pickle(torch, at, end, SMALL_MOST);
    if (!value)
        return NULL;
    if (value->kind == PICKLE_TUPLE && value->length == 3 && id_of(value->items[0], id))
        return value;
    torch_fail(torch, begin, "what should describe a storage or tensor does not");
    return NULL;
}

static void add_storage(struct reader *reader, const struct torch_storage *storage, int64_t id)
{
    struct torch *torch = &reader->torch;
    torch->storages = mem_grow(torch->storages, &torch->storage_capacity, torch->storage_count + 1,
                               sizeof *torch->storages);
    torch->storages[torch->storage_count] = *storage;
    add_name(&reader->storage_ids, id, torch->storage_count++);
}

static bool read_storage(struct reader *reader, uint64_t *at)
{
    struct torch *torch = &reader->torch;
    struct torch_storage storage = {.at = *at, .content = torch->file};
    int64_t id;
    const struct pickle_value *triple = read_triple(torch, at, reader->storages.end, &id);
    if (!triple)
        return false;
    const struct pickle_value *class = triple->items[2];
    storage.type = class->kind == PICKLE_GLOBAL ? torch_type_of_storage(class->text) : NULL;
    if (!storage.type)
        return torch_fail(torch, storage.at, "a storage is of an unknown type");
    storage.type_name = storage.type->shown;
    storage.offset = *at + sizeof storage.count;
    if (!torch_skip_elements(torch, at, reader->storages.end, storage.type->bytes, &storage.count))
        return false;
    storage.shown = storage.count;
    add_storage(reader, &storage, id);
    return true;
}

/* A part of another storage: (its id, that one's, first element, number of elements). */
static bool add_part(struct reader *reader, const struct pickle_value *part)
{
    struct torch *torch = &reader->torch;
    int64_t id, root;
    if (part->kind != PICKLE_TUPLE || part->length != 4 || !id_of(part->items[0], &id) ||
        !id_of(part->items[1], &root) || part->items[2]->kind != PICKLE_INTEGER ||
        part->items[3]->kind != PICKLE_INTEGER)
        return torch_fail(torch, part->at, "a part of a storage is not described by four numbers");
    const struct named *named = find_name(&reader->storage_ids, root);
    if (!named)
        return torch_fail(torch, part->at, "a part is of a storage that is not there");
    struct torch_storage storage = torch->storages[named->index];
    storage.first = (uint64_t)part->items[2]->integer; /* negative ones are too large */
    storage.shown = (uint64_t)part->items[3]->integer;
    if (storage.first > storage.count || storage.shown > storage.count - storage.first)
        return torch_fail(torch, part->at, "a part does not lie within its storage");
    torch->storages = mem_grow(torch->storages, &torch->storage_capacity, torch->storage_count + 1,
                               sizeof *torch->storages);
    torch->storages[torch->storage_count++] = storage;
    return true;
}

/* The parts get their ids only once all have found the storages that they are of. */
static bool read_parts(struct reader *reader, uint64_t *at)
{
    struct torch *torch = &reader->torch;
    uint64_t begin = *at;
    const struct pickle_value *parts = read_pickle(torch, at, reader->storages.end, PICKLE_MOST);
    if (!parts)
        return false;
    if (parts->kind != PICKLE_LIST)
        return torch_fail(torch, begin, "its parts of storages are not a list");
    size_t first = torch->storage_count;
    int64_t id;
    order_names(&reader->storage_ids);
    for (size_t i = 0; i < parts->length; i++)
        if (!add_part(reader, parts->items[i]))
            return false;
    for (size_t i = 0; i < parts->length; i++)
        if (id_of(parts->items[i]->items[0], &id))
            add_name(&reader->storage_ids, id, first + i);
    order_names(&reader->storage_ids);
    return true;
}

static bool read_storages(struct reader *reader)
{
    struct torch *torch = &reader->torch;
    uint64_t at = reader->storages.begin, count;
    torch->part = "storages: ";
    if (!read_count(torch, &at, reader->storages.end, &count))
        return false;
    for (uint64_t i = 0; i < count; i++)
        if (!read_storage(reader, &at))
            return false;
    return read_parts(reader, &at);
}

/* The numbers of a tensor: its rank in 4 bytes of 8, sizes, strides, the first element. */
static bool read_numbers(struct reader *reader, uint64_t *at, struct torch_tensor *described)
{
    struct torch *torch = &reader->torch;
    struct tensor *tensor = &described->tensor;
    unsigned char bytes[8 * (2 * TENSOR_RANK_MOST + 1)];
    uint64_t *numbers, rest = reader->tensors.end - *at;
    if (rest < 8)
        return torch_fail(torch, *at, "is cut short inside a tensor");
    if (!content_read(torch->file, *at, 8, bytes, torch->error))
        return false;
    tensor->rank = load32(bytes);
    if (tensor->rank > TENSOR_RANK_MOST)
        return torch_fail(torch, *at, "a tensor of %u dimensions", tensor->rank);
    size_t count = 2 * tensor->rank + 1;
    if (rest - 8 < 8 * count)
        return torch_fail(torch, *at, "is cut short inside a tensor");
    if (!content_read(torch->file, *at + 8, 8 * count, bytes, torch->error))
        return false;
    numbers = arena_take(&torch->model->parts->arena, count * sizeof *numbers);
    for (size_t i = 0; i < count; i++) {
        numbers[i] = load64(bytes + 8 * i);
        if (numbers[i] > INT64_MAX)
            return torch_fail(torch, *at, "a tensor has a negative size, stride or place");
    }
    tensor->dims = numbers;
    tensor->strides = numbers + tensor->rank;
    described->first = numbers[count - 1];
    torch_drop_strides(tensor);
    *at += 8 + 8 * count;
    return true;
}

static bool read_tensor(struct reader *reader, uint64_t *at)
{
    struct torch *torch = &reader->torch;
    struct torch_tensor described = {.at = *at};
    int64_t id, storage_id;
    const struct pickle_value *triple = read_triple(torch, at, reader->tensors.end, &id);
    if (!triple)
        return false;
    const struct named *named =
        id_of(triple->items[1], &storage_id) ? find_name(&reader->storage_ids, storage_id) : NULL;
    if (!named)
        return torch_fail(torch, described.at, "a tensor is in a storage that is not there");
    described.storage = named->index;
    torch_set_type(&described.tensor, torch->storages[named->index].type);
    if (!read_numbers(reader, at, &described))
        return false;
    reader->described = mem_grow(reader->described, &reader->described_capacity,
                                 reader->described_count + 1, sizeof *reader->described);
    reader->described[reader->described_count] = described;
    add_name(&reader->tensor_ids, id, reader->described_count++);
    return true;
}

static bool read_tensors(struct reader *reader)
{
    struct torch *torch = &reader->torch;
    uint64_t at = reader->tensors.begin, count;
    torch->part = "tensors: ";
    if (!read_count(torch, &at, reader->tensors.end, &count))
        return false;
    for (uint64_t i = 0; i < count; i++)
        if (!read_tensor(reader, &at))
            return false;
    order_names(&reader->tensor_ids);
    return true;
}

/* A tensor or a storage by its id, or a class as (class, its file, its source). */
static bool refer(struct torch *torch, const struct pickle_value *value, uint64_t at)
{
    const struct reader *reader = torch->context;
    int64_t id;
    if (value->kind == PICKLE_TUPLE && value->length > 0 &&
        value->items[0]->kind == PICKLE_GLOBAL) {
        torch_add_plain(torch, value->items[0]);
        return true;
    }
    if (!id_of(value, &id))
        return torch_fail(torch, at, "a persistent id is not a number");
    const struct named *named = find_name(&reader->tensor_ids, id);
    if (named)
        return torch_add_tensor(torch, &reader->described[named->index]);
    named = find_name(&reader->storage_ids, id);
    return named ? torch_rebuild_storage(torch, named->index, at)
                 : torch_fail(torch, at, "it names tensor %" PRId64 ", which is not there", id);
}

static bool read_object(struct reader *reader)
{
    struct torch *torch = &reader->torch;
    uint64_t at = reader->object.begin;
    torch->part = "pickle: ";
    torch->refer = refer;
    torch->context = reader;
    struct pickle_value *object = read_pickle(torch, &at, reader->object.end, PICKLE_MOST);
    return object && torch_walk(torch, "", object) && torch_finish(torch);
}

static bool read_members(struct reader *reader, const struct content *file, struct error *error)
{
    return tar_find(file, "storages", &reader->storages, error) &&
           tar_find(file, "tensors", &reader->tensors, error) &&
           tar_find(file, "pickle", &reader->object, error) && read_storages(reader) &&
           read_tensors(reader) && read_object(reader);
}

static bool read_tar(struct model *model, const struct content *file, struct error *error)
{
    struct reader reader = {.described = NULL};
    torch_begin(&reader.torch, model, file, error);
    bool good = read_members(&reader, file, error);
    torch_done(&reader.torch);
    mem_free(reader.storage_ids.items);
    mem_free(reader.tensor_ids.items);
    mem_free(reader.described);
    return good;
}

static bool recognise(const unsigned char prefix[FORMAT_PREFIX], uint64_t size)
{
    (void)size;
    return tar_recognise(prefix);
}

const struct format format_torch_tar = {"PyTorch 0.1 tar", NULL, recognise, read_tar};
