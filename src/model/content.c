/* SPDX-License-Identifier: MIT */
#include "model/content.h"

#include <assert.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/inflated.h"
#include "model/mapping.h"
#include "model/pieces.h"

#define CHUNK (64u << 10) /* bytes that a checksum reads at once */

/* Takes over the mapping; NULL if that is NULL. */
static struct content *content_of_mapping(struct mapping *mapping)
{
    if (!mapping)
        return NULL;
    struct content *content = mem_zero(1, sizeof *content);
    content->mapping = mapping;
    content->pieces = pieces_new();
    content->path = mapping->path;
    content->label = mapping->label;
    content->size = mapping->size;
    return content;
}

struct content *content_open(const char *path, struct error *error)
{
    return content_of_mapping(mapping_open(path, error));
}

struct content *content_of_memory(const char *label, uint64_t size, unsigned char **memory,
                                  struct error *error)
{
    return content_of_mapping(mapping_of_memory(label, size, memory, error));
}

static char *label_within(const struct content *outer, const char *member)
{
    struct text label = {0};
    text_puts(&label, outer->label);
    if (member) {
        text_puts(&label, ": ");
        text_puts(&label, member);
    }
    char *copy = mem_string(label.data ? label.data : "", label.length);
    text_done(&label);
    return copy;
}

struct content *content_inflate(const struct content *outer, enum content_packing packing,
                                uint64_t offset, uint64_t length, uint64_t size, const char *member,
                                struct error *error)
{
    assert(offset <= outer->size && length <= outer->size - offset);
    struct content *content = mem_zero(1, sizeof *content);
    content->outer = outer;
    content->path = outer->path;
    content->label = content->own_label = label_within(outer, member);
    content->size = size;
    content->pieces = pieces_new();
    content->inflated = inflated_new(outer, offset, length, packing, content->label, outer->pieces);
    if (packing != CONTENT_GZIP || inflated_measure(content->inflated, &content->size, error))
        return content;
    content_free(content);
    return NULL;
}

void content_free(struct content *content)
{
    if (!content)
        return;
    inflated_free(content->inflated);
    pieces_free(content->pieces);
    mapping_free(content->mapping);
    mem_free(content->own_label);
    mem_free(content);
}

bool content_read(const struct content *content, uint64_t offset, size_t n, void *out,
                  struct error *error)
{
    assert(offset <= content->size && n <= content->size - offset);
    if (content->inflated)
        return inflated_read(content->inflated, offset, n, out, error);
    return n == 0 || mapping_read(content->mapping, offset, n, out, error);
}

const unsigned char *content_mapped(const struct content *content, uint64_t offset)
{
    assert(offset <= content->size);
    const struct mapping *mapping = content->mapping;
    return mapping && mapping->data ? mapping->data + offset : NULL;
}

bool content_whole(const struct content *content, struct error *error)
{
    while (content->outer)
        content = content->outer;
    return !content->mapping || mapping_whole(content->mapping, error);
}

bool content_crc(const struct content *content, uint64_t offset, uint64_t length, uint32_t *crc,
                 struct error *error)
{
    unsigned char *chunk = mem_alloc(CHUNK, 1);
    uLong sum = crc32(0, NULL, 0);
    bool good = true;
    for (uint64_t end = offset + length; good && offset < end;) {
        size_t n = end - offset < CHUNK ? (size_t)(end - offset) : CHUNK;
        good = content_read(content, offset, n, chunk, error);
        if (good)
            sum = crc32(sum, chunk, (uInt)n);
        offset += n;
    }
    mem_free(chunk);
    *crc = (uint32_t)sum;
    return good;
}
