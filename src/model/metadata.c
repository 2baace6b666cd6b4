/* SPDX-License-Identifier: MIT */
#include "model/metadata.h"

#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"

/* Keys are names; nobody reads one longer than this. */
#define KEY_MOST 256

/* The bytes escaped, in the arena; what is beyond `most` bytes of them is only counted. */
static const char *keep(struct arena *arena, const char *bytes, size_t length, size_t most)
{
    size_t kept = length < most ? length : most;
    while (kept < length && kept > 0 && (bytes[kept] & 0xc0) == 0x80)
        kept--; /* whole characters */
    struct text escaped = {0};
    utf8_escape(&escaped, bytes, kept);
    if (kept < length)
        text_printf(&escaped, "… (%zu more bytes)", length - kept);
    const char *copy =
        arena_string(arena, escaped.data ? escaped.data : "", escaped.length);
    text_done(&escaped);
    return copy;
}

void metadata_add(struct metadata *metadata, struct arena *arena, const char *source,
                  const char *type, const char *key, size_t key_length, const char *value,
                  size_t value_length)
{
    if (metadata->count == METADATA_ENTRIES_MOST) {
        metadata->dropped++;
        return;
    }
    metadata->entries = mem_grow(metadata->entries, &metadata->capacity, metadata->count + 1,
                                 sizeof *metadata->entries);
    metadata->entries[metadata->count++] = (struct metadata_entry){
        .source = source,
        .key = keep(arena, key, key_length, KEY_MOST),
        .type = type,
        .value = keep(arena, value, value_length, METADATA_VALUE_MOST),
    };
}
