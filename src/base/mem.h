/* SPDX-License-Identifier: MIT
 *
 * Allocation with checked sizes.  Small allocations of our own never fail: running out of memory
 * ends the program with a message, after the panic hook has put the terminal back.  Sizes that
 * come from files go through mem_try, whose NULL is an ordinary error.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* count * size bytes, uninitialised; never NULL (one byte for an empty array). */
void *mem_alloc(size_t count, size_t size);

/* As mem_alloc, zeroed. */
void *mem_zero(size_t count, size_t size);

/* As mem_zero, but NULL when the product overflows or the memory cannot be had. */
void *mem_try(size_t count, size_t size);

/* Changes an array to count * size bytes, keeping its content; never NULL. */
void *mem_resize(void *old, size_t count, size_t size);

/* Room for at least `needed` elements in an array that grows by half: updates *capacity and
 * returns the array, moved or not. */
void *mem_grow(void *old, size_t *capacity, size_t needed, size_t size);

/* A copy of length bytes with a NUL behind it. */
char *mem_string(const char *bytes, size_t length);

void mem_free(void *memory);

/* Product and sum of file-supplied sizes; false on overflow, with *result unspecified. */
bool mem_multiply(uint64_t a, uint64_t b, uint64_t *result);
bool mem_sum(uint64_t a, uint64_t b, uint64_t *result);

/* Called once before the message when the program must die; NULL for none.  The one writable
 * variable of this layer: the screen sets it so that a panic leaves the terminal as it was. */
void mem_on_panic(void (*hook)(void));

/* Calls the hook, prints "roundoff: TEXT" to standard error and exits with status 3. */
_Noreturn void mem_panic(const char *text);

#endif
