/* SPDX-License-Identifier: MIT
 *
 * Many small things that live and die together: the names, labels and shapes of a model.
 */
#ifndef MODEL_ARENA_H
#define MODEL_ARENA_H

#include <stddef.h>

/* All zero is the empty arena; arena_done frees everything taken from it at once. */
struct arena {
    struct arena_block *last;
};

/* size bytes, aligned for any number, uninitialised; never NULL. */
void *arena_take(struct arena *arena, size_t size);

/* A copy of length bytes with a NUL behind it. */
char *arena_string(struct arena *arena, const char *bytes, size_t length);

void arena_done(struct arena *arena);

#endif
