/* SPDX-License-Identifier: MIT
 *
 * What a model's files say about themselves: pairs of a key and a value, as text for a person.
 */
#ifndef MODEL_METADATA_H
#define MODEL_METADATA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/arena.h"

struct metadata_entry {
    const char *source; /* printable: "model.gguf", "config.json"; the last component of a path */
    const char *key;    /* printable */
    const char *type;   /* "string", "u32", "array of 151936 strings", "number": static or arena */
    const char *value;  /* printable, cut to METADATA_VALUE_MOST bytes with "…" and what is cut */
};

#define METADATA_VALUE_MOST   4096 /* bytes of a value that are kept */
#define METADATA_ARRAY_SHOWN  16   /* elements of an array that are shown */
#define METADATA_ENTRIES_MOST 65536 /* further ones are dropped, and counted in `dropped` */

struct metadata {
    struct metadata_entry *entries; /* in the order of the files */
    size_t count, capacity, dropped;
};

/* Appends an entry; key and value are the file's bytes, escaped and cut here into the arena (bytes
 * that are not UTF-8 are shown as escapes).  Only the first METADATA_VALUE_MOST + 1 bytes of a value
 * are looked at: of a longer one no more need be there.  source and type must outlive the metadata. */
void metadata_add(struct metadata *metadata, struct arena *arena, const char *source,
                  const char *type, const char *key, size_t key_length, const char *value,
                  size_t value_length);

#endif
