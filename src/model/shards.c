/* SPDX-License-Identifier: MIT */
#include "model/shards.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/formats.h"
#include "model/json.h"
#include "model/label.h"
#include "model/parts.h"

#define INDEX_MAX 100000000u /* bytes; the limit of a safetensors header, which it resembles */

/* A tensor as the index has it: name, name_length and label alone are set.  It comes first, so
 * that pointers to it, which parts.h sorts, are pointers to the entry. */
struct entry {
    struct tensor tensor;
    const char *shard;
};

/* An index that is being read. */
struct reader {
    struct json json;
    struct arena arena;
    const struct content *index;
    struct error *error;
    struct entry *entries;
    size_t count, capacity;
    const char **shards; /* ordered and without repetition once the index is read */
    size_t shard_count, shard_capacity;
    bool has_map;
};

enum place { INDEX, TOP, MAP, NAME, SHARD, END };

static bool take_top(struct json *json, const char *bytes, size_t length)
{
    struct reader *reader = json->context;
    if (length != 10 || memcmp(bytes, "weight_map", 10) != 0) {
        json_skip(json);
        return true;
    }
    if (reader->has_map)
        return json_fail(json, json_at(json), "has \"weight_map\" twice");
    reader->has_map = true;
    json->place = MAP;
    return true;
}

static bool take_name(struct json *json, const char *bytes, size_t length)
{
    struct reader *reader = json->context;
    json->tensor = arena_string(&reader->arena, bytes, length);
    json->tensor_length = length;
    return label_valid(bytes, length) ||
           json_fail(json, json_at(json), "its name is not valid UTF-8");
}

/* A shard lies beside its index: anything that could lead elsewhere is refused. */
static bool plain_file_name(const char *bytes, size_t length)
{
    return length > 0 && !memchr(bytes, '/', length) && !memchr(bytes, '\0', length) &&
           !(length == 1 && bytes[0] == '.') && !(length == 2 && memcmp(bytes, "..", 2) == 0);
}

static const char *last_component(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static bool fail_shard_name(struct json *json, const char *bytes, size_t length, const char *fault)
{
    struct quote shard;
    return json_fail(json, json_at(json), "its shard %s %s", label_quote(&shard, bytes, length),
                     fault);
}

static bool take_shard(struct json *json, const char *bytes, size_t length)
{
    struct reader *reader = json->context;
    if (!plain_file_name(bytes, length))
        return fail_shard_name(json, bytes, length, "is not a plain file name");
    const char *self = last_component(reader->index->path);
    if (strlen(self) == length && memcmp(self, bytes, length) == 0)
        return fail_shard_name(json, bytes, length, "is the index itself");

    /* Neighbours are mostly in the same shard, so few names are kept, and fewer repeated. */
    const char *shard = reader->count ? reader->entries[reader->count - 1].shard : NULL;
    if (!shard || strlen(shard) != length || memcmp(shard, bytes, length) != 0) {
        shard = arena_string(&reader->arena, bytes, length);
        reader->shards = mem_grow(reader->shards, &reader->shard_capacity, reader->shard_count + 1,
                                  sizeof *reader->shards);
        reader->shards[reader->shard_count++] = shard;
    }
    reader->entries =
        mem_grow(reader->entries, &reader->capacity, reader->count + 1, sizeof *reader->entries);
    reader->entries[reader->count++] = (struct entry){
        .tensor = {.name = json->tensor, .name_length = json->tensor_length}, .shard = shard};
    json->tensor = NULL;
    return true;
}

static const struct json_rule rules[] = {
    [INDEX] = {"the index", "an object", JSON_OBJECT, TOP, NULL, JSON_NONE, 0, NULL},
    [TOP] = {"a field", "a string", JSON_KEY, TOP, take_top, JSON_OBJECT_END, END, NULL},
    [MAP] = {"weight_map", "an object", JSON_OBJECT, NAME, NULL, JSON_NONE, 0, NULL},
    [NAME] = {"a name", "a string", JSON_KEY, SHARD, take_name, JSON_OBJECT_END, TOP, NULL},
    [SHARD] = {"its shard", "a string", JSON_STRING, NAME, take_shard, JSON_NONE, 0, NULL},
    [END] = {"the rest", "nothing", JSON_NONE, END, NULL, JSON_NONE, 0, NULL},
};

static bool parse(struct reader *reader)
{
    const struct content *index = reader->index;
    if (index->size > INDEX_MAX)
        return error_set(reader->error, ERROR_FILE, "%s: is too large for an index", index->label);
    char *text = mem_alloc((size_t)index->size, 1);
    bool good = content_read(index, 0, (size_t)index->size, text, reader->error) &&
                json_read(&reader->json, text, (size_t)index->size);
    mem_free(text);
    if (good && !reader->has_map)
        return error_set(reader->error, ERROR_FILE,
                         "%s: has no \"weight_map\", so it is no index "
                         "of a model",
                         index->label);
    if (good && reader->count == 0)
        return error_set(reader->error, ERROR_FILE, "%s: names no tensors", index->label);
    return good;
}

static int compare_shards(const void *a, const void *b)
{
    const char *left = *(const char *const *)a, *right = *(const char *const *)b;
    return text_natural_compare(left, strlen(left), right, strlen(right));
}

static bool order_shards(struct reader *reader)
{
    qsort(reader->shards, reader->shard_count, sizeof *reader->shards, compare_shards);
    size_t kept = 0;
    for (size_t i = 0; i < reader->shard_count; i++)
        if (kept == 0 || strcmp(reader->shards[kept - 1], reader->shards[i]) != 0)
            reader->shards[kept++] = reader->shards[i];
    reader->shard_count = kept;
    return kept <= SHARDS_MAX ||
           error_set(reader->error, ERROR_FILE, "%s: names more than %d shards",
                     reader->index->label, SHARDS_MAX);
}

static bool add_shard(struct reader *reader, struct model *model, const char *shard)
{
    struct text path = {0};
    const char *self = reader->index->path;
    text_add(&path, self, (size_t)(last_component(self) - self));
    text_puts(&path, shard);
    /* A link to nothing is a missing file too, and the usual one in a cache of downloads. */
    bool missing = access(path.data, F_OK) != 0;
    struct quote name;
    if (missing)
        error_set(reader->error, ERROR_FILE,
                  "%s: shard %s is missing; download it, or open the "
                  "shards that are there by their own names",
                  reader->index->label, label_quote(&name, shard, strlen(shard)));
    struct content *file = missing ? NULL : content_open(path.data, reader->error);
    text_done(&path);
    return file && formats_read(model, file, reader->error);
}

/* The index names a tensor that its shard does not hold; other is the shard that does, or NULL. */
static bool fail_absent(struct reader *reader, const struct entry *entry, const char *other)
{
    struct quote name, shard, holder;
    label_quote(&name, entry->tensor.name, entry->tensor.name_length);
    label_quote(&shard, entry->shard, strlen(entry->shard));
    if (!other)
        return error_set(reader->error, ERROR_FILE,
                         "%s: tensor %s is not in shard %s, where the "
                         "index puts it; the two are of different versions, or the shard is not "
                         "the whole one",
                         reader->index->label, name.text, shard.text);
    return error_set(reader->error, ERROR_FILE,
                     "%s: is stale: it puts tensor %s into shard %s, "
                     "but %s holds it; open the shards by their own names instead",
                     reader->index->label, name.text, shard.text,
                     label_quote(&holder, other, strlen(other)));
}

/* A shard holds a tensor that the index does not name. */
static bool fail_unnamed(struct reader *reader, const struct tensor *tensor)
{
    struct quote name, shard;
    const char *file = last_component(tensor->content->path);
    return error_set(reader->error, ERROR_FILE,
                     "%s: is stale: it does not name tensor %s, which "
                     "shard %s holds; open the shards by their own names instead",
                     reader->index->label, label_quote(&name, tensor->name, tensor->name_length),
                     label_quote(&shard, file, strlen(file)));
}

/* Walks the names of the index and those of the shards side by side.  What the index names but no
 * shard has is told first, as it is what the user will miss. */
static bool compare_names(struct reader *reader, const struct tensor *const named[],
                          const struct tensor *const held[], size_t held_count)
{
    const struct tensor *unnamed = NULL;
    size_t i = 0, j = 0;
    while (i < reader->count || j < held_count) {
        int order = i == reader->count ? 1
                    : j == held_count  ? -1
                                       : parts_compare_names(&named[i], &held[j]);
        const struct entry *entry = order <= 0 ? (const struct entry *)named[i++] : NULL;
        const struct tensor *tensor = order >= 0 ? held[j++] : NULL;
        if (!tensor)
            return fail_absent(reader, entry, NULL);
        const char *file = last_component(tensor->content->path);
        if (entry && strcmp(file, entry->shard) != 0)
            return fail_absent(reader, entry, file);
        if (!entry && !unnamed)
            unnamed = tensor;
    }
    return !unnamed || fail_unnamed(reader, unnamed);
}

static const struct tensor **entries_by_name(const struct reader *reader)
{
    const struct tensor **named = mem_alloc(reader->count, sizeof *named);
    for (size_t i = 0; i < reader->count; i++)
        named[i] = &reader->entries[i].tensor;
    qsort(named, reader->count, sizeof *named, parts_compare_names);
    return named;
}

static bool check_twins(struct reader *reader, const struct tensor *const named[])
{
    const struct tensor *const *twin = parts_twin(named, reader->count);
    struct quote name;
    return !twin ||
           error_set(reader->error, ERROR_FILE, "%s: weight_map names tensor %s twice",
                     reader->index->label, label_quote(&name, twin[0]->name, twin[0]->name_length));
}

static bool add_shards(struct reader *reader, struct model *model)
{
    if (!order_shards(reader))
        return false;
    const struct tensor **named = entries_by_name(reader);
    size_t first = model->count;
    bool good = check_twins(reader, named);
    for (size_t i = 0; good && i < reader->shard_count; i++)
        good = add_shard(reader, model, reader->shards[i]);
    if (good) {
        size_t held_count = model->count - first;
        const struct tensor **held = parts_by_name(model->tensors + first, held_count);
        good = parts_check_twins(held, held_count, reader->error) &&
               compare_names(reader, named, held, held_count);
        mem_free(held);
    }
    mem_free(named);
    return good;
}

bool shards_read_index(struct model *model, const struct content *index, struct error *error)
{
    struct reader reader = {
        .index = index,
        .error = error,
        .json = {.rules = rules, .file = index->label, .part = "", .error = error}};
    reader.json.context = &reader;
    bool good = parse(&reader) && add_shards(&reader, model);
    mem_free(reader.entries);
    mem_free(reader.shards);
    arena_done(&reader.arena);
    return good;
}
