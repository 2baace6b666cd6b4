/* SPDX-License-Identifier: MIT */
#include "engine/part.h"

void part_init(struct part *part, size_t bytes, void (*free)(struct part *part))
{
    part->bytes = bytes;
    atomic_init(&part->references, 1);
    part->free = free;
}

/* The count is the only thing that changes in a finished part, hence the casts. */
void part_ref(const struct part *part)
{
    if (part)
        atomic_fetch_add(&((struct part *)part)->references, 1);
}

void part_unref(const struct part *part)
{
    if (part && atomic_fetch_sub(&((struct part *)part)->references, 1) == 1)
        part->free((struct part *)part);
}
