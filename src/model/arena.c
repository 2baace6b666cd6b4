/* SPDX-License-Identifier: MIT */
#include "model/arena.h"

#include <stdint.h>
#include <string.h>

#include "base/mem.h"

/* Content of a block in units of 8 bytes: 64 KiB hold about a thousand names and shapes. */
#define BLOCK_UNITS 8192

struct arena_block {
    struct arena_block *previous;
    size_t used, capacity; /* in units */
    uint64_t units[];
};

static struct arena_block *new_block(struct arena_block *previous, size_t units)
{
    size_t capacity = units > BLOCK_UNITS ? units : BLOCK_UNITS;
    struct arena_block *block = mem_alloc(capacity + sizeof *block / sizeof(uint64_t), 8);
    *block = (struct arena_block){.previous = previous, .capacity = capacity};
    return block;
}

void *arena_take(struct arena *arena, size_t size)
{
    size_t units = size / 8 + (size % 8 != 0);
    struct arena_block *block = arena->last;
    if (!block || block->capacity - block->used < units)
        block = arena->last = new_block(block, units);
    void *memory = block->units + block->used;
    block->used += units;
    return memory;
}

char *arena_string(struct arena *arena, const char *bytes, size_t length)
{
    char *copy = arena_take(arena, length + 1);
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

void arena_done(struct arena *arena)
{
    while (arena->last) {
        struct arena_block *previous = arena->last->previous;
        mem_free(arena->last);
        arena->last = previous;
    }
}
