/* SPDX-License-Identifier: MIT
 *
 * Finished results that several reports share: immutable once built, counted, freed by the last
 * owner.  Embedded as the first member of each kind of result.
 */
#ifndef ENGINE_PART_H
#define ENGINE_PART_H

#include <stdatomic.h>
#include <stddef.h>

struct part {
    atomic_int references;
    size_t bytes; /* of memory, about: what a cache counts */
    void (*free)(struct part *part);
};

/* A new part has one reference, its maker's. */
void part_init(struct part *part, size_t bytes, void (*free)(struct part *part));

/* NULL is allowed in both. */
void part_ref(const struct part *part);
void part_unref(const struct part *part);

#endif
