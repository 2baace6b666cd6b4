/* SPDX-License-Identifier: MIT */
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void (*panic_hook)(void);

void mem_on_panic(void (*hook)(void))
{
    panic_hook = hook;
}

_Noreturn void mem_panic(const char *text)
{
    if (panic_hook)
        panic_hook();
    fprintf(stderr, "roundoff: %s\n", text);
    exit(3);
}

static size_t checked_size(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        mem_panic("out of memory");
    return bytes ? bytes : 1;
}

void *mem_alloc(size_t count, size_t size)
{
    void *memory = malloc(checked_size(count, size));
    if (!memory)
        mem_panic("out of memory");
    return memory;
}

void *mem_zero(size_t count, size_t size)
{
    void *memory = calloc(checked_size(count, size), 1);
    if (!memory)
        mem_panic("out of memory");
    return memory;
}

void *mem_try(size_t count, size_t size)
{
    size_t bytes;
    if (__builtin_mul_overflow(count, size, &bytes))
        return NULL;
    return calloc(bytes ? bytes : 1, 1);
}

void *mem_resize(void *old, size_t count, size_t size)
{
    void *memory = realloc(old, checked_size(count, size));
    if (!memory)
        mem_panic("out of memory");
    return memory;
}

void *mem_grow(void *old, size_t *capacity, size_t needed, size_t size)
{
    if (needed <= *capacity)
        return old;
    size_t wanted = *capacity + *capacity / 2 + 8;
    if (wanted < needed)
        wanted = needed;
    old = mem_resize(old, wanted, size);
    *capacity = wanted;
    return old;
}

char *mem_string(const char *bytes, size_t length)
{
    char *copy = mem_alloc(length + 1, 1);
    memcpy(copy, bytes, length);
    copy[length] = '\0';
    return copy;
}

void mem_free(void *memory)
{
    free(memory);
}

bool mem_multiply(uint64_t a, uint64_t b, uint64_t *result)
{
    return !__builtin_mul_overflow(a, b, result);
}

bool mem_sum(uint64_t a, uint64_t b, uint64_t *result)
{
    return !__builtin_add_overflow(a, b, result);
}
