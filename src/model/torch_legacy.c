/* SPDX-License-Identifier: MIT
 *
 * The files of PyTorch 0.2 to 1.5: pickles of a magic number, a protocol number and the writer's
 * machine, then the object, then the keys of its storages, and in their order the storages
 * themselves: 8 bytes with the number of elements, and those.  All numbers are little-endian
 * whatever the machine (torch/csrc/serialization.cpp).
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/formats.h"
#include "model/label.h"
#include "model/torch.h"

#define SMALL_MOST  65536u       /* bytes of the first three pickles */
#define PICKLE_MOST (256u << 20) /* bytes of the others, as in an archive */
#define PROTOCOL    1001

/* 0x1950a86a20f9469cfc6c, in the fewest bytes. */
static const char magic[10] = "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19";

static bool read_head(struct torch *torch, uint64_t *at)
{
    uint64_t begin = *at;
    const struct pickle_value *number = torch_read_pickle(torch, at, SMALL_MOST);
    if (!number)
        return false;
    if (number->kind != PICKLE_BIG || number->length != sizeof magic ||
        memcmp(number->text, magic, sizeof magic) != 0)
        return torch_fail(torch, begin,
                          "is a Python pickle, but does not begin with PyTorch's magic number");
    begin = *at;
    const struct pickle_value *protocol = torch_read_pickle(torch, at, SMALL_MOST);
    if (!protocol)
        return false;
    if (protocol->kind != PICKLE_INTEGER || protocol->integer != PROTOCOL)
        return torch_fail(torch, begin, "its protocol is not %d", PROTOCOL);
    struct pickle_value *machine = torch_read_pickle(torch, at, SMALL_MOST);
    return machine && torch_walk(torch, "sys_info", machine);
}

static int compare_keys(const struct torch_storage *a, const char *key, size_t length)
{
    size_t common = a->key_length < length ? a->key_length : length;
    int order = memcmp(a->key, key, common);
    return order ? order : (a->key_length > length) - (a->key_length < length);
}

static int compare_storages(const void *left, const void *right)
{
    const struct torch_storage *a = *(const struct torch_storage *const *)left;
    const struct torch_storage *b = *(const struct torch_storage *const *)right;
    return compare_keys(a, b->key, b->key_length);
}

static struct torch_storage **order_storages(const struct torch *torch)
{
    struct torch_storage **ordered =
        mem_alloc(torch->storage_count, sizeof(struct torch_storage *));
    for (size_t i = 0; i < torch->storage_count; i++)
        ordered[i] = &torch->storages[i];
    if (torch->storage_count > 0)
        qsort(ordered, torch->storage_count, sizeof *ordered, compare_storages);
    return ordered;
}

/* The first of the ordered storages with this key. */
static size_t find_key(const struct torch *torch, struct torch_storage *const *ordered,
                       const char *key, size_t length)
{
    size_t low = 0, high = torch->storage_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_keys(ordered[middle], key, length) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Places all storages of a key, the first of which is at ordered[first]. */
static bool place_key(struct torch *torch, struct torch_storage *const *ordered, size_t first,
                      uint64_t *at)
{
    const struct torch_storage *named = ordered[first];
    uint64_t begin = *at, count;
    struct quote quote;
    label_quote(&quote, named->key, named->key_length);
    if (!named->type)
        return torch_fail(torch, named->at, "storage %s is of the unknown type %s", quote.text,
                          named->type_name);
    if (named->content)
        return torch_fail(torch, begin, "storage %s is there twice", quote.text);
    if (!torch_skip_elements(torch, at, torch->file->size, named->type->bytes, &count))
        return false;
    for (size_t i = first;
         i < torch->storage_count && compare_storages(&ordered[i], &ordered[first]) == 0; i++) {
        struct torch_storage *storage = ordered[i];
        if (storage->type != named->type || storage->count > count)
            return torch_fail(torch, storage->at,
                              "storage %s has %" PRIu64 " elements, or others, than it is said to",
                              quote.text, count);
        storage->content = torch->file;
        storage->offset = begin + sizeof count;
    }
    return true;
}

static bool place_keys(struct torch *torch, struct torch_storage *const *ordered,
                       const struct pickle_value *keys, uint64_t at)
{
    struct quote quote;
    for (size_t i = 0; i < keys->length; i++) {
        const struct pickle_value *key = keys->items[i];
        if (key->kind != PICKLE_TEXT && key->kind != PICKLE_BYTES)
            return torch_fail(torch, key->at, "the key of a storage is not a text");
        size_t first = find_key(torch, ordered, key->text, key->length);
        if (first == torch->storage_count ||
            compare_keys(ordered[first], key->text, key->length) != 0)
            return torch_fail(torch, key->at, "it holds storage %s, which no tensor names",
                              label_quote(&quote, key->text, key->length));
        if (!place_key(torch, ordered, first, &at))
            return false;
    }
    for (size_t i = 0; i < torch->storage_count; i++)
        if (!torch->storages[i].content)
            return torch_fail(
                torch, torch->storages[i].at, "it names storage %s, which is not in the file",
                label_quote(&quote, torch->storages[i].key, torch->storages[i].key_length));
    return true;
}

static bool read_storages(struct torch *torch, uint64_t *at)
{
    uint64_t begin = *at;
    const struct pickle_value *keys = torch_read_pickle(torch, at, PICKLE_MOST);
    if (!keys)
        return false;
    if (keys->kind != PICKLE_LIST)
        return torch_fail(torch, begin, "its keys of storages are not a list");
    struct torch_storage **ordered = order_storages(torch);
    bool good = place_keys(torch, ordered, keys, *at);
    mem_free(ordered);
    return good;
}

static bool read_legacy(struct model *model, const struct content *file, struct error *error)
{
    struct torch torch = {0};
    uint64_t at = 0;
    torch_begin(&torch, model, file, error);
    bool good = read_head(&torch, &at);
    struct pickle_value *object = good ? torch_read_pickle(&torch, &at, PICKLE_MOST) : NULL;
    good = object && torch_walk(&torch, "", object) && read_storages(&torch, &at) &&
           torch_finish(&torch);
    torch_done(&torch);
    return good;
}

/* A number of ten bytes as protocols 2 to 5 have it, or the magic number in digits as protocols 0
 * and 1 do.  Other pickles are not PyTorch's. */
static bool recognise(const unsigned char prefix[FORMAT_PREFIX], uint64_t size)
{
    static const char digits[] = "L119547037146038801333356L\n.";
    static const char opcodes[] = "\x8a\x0a"; /* LONG1, ten bytes */
    (void)size;
    /* Protocols 4 and 5 have a FRAME of 8 bytes of length between. */
    const unsigned char *number = prefix + (prefix[2] == 0x95 ? 11 : 2);
    return (prefix[0] == 0x80 && prefix[1] <= 5 && memcmp(number, opcodes, 2) == 0) ||
           memcmp(prefix, digits, sizeof digits - 1) == 0;
}

const struct format format_torch_legacy = {"PyTorch legacy", NULL, recognise, read_legacy};
