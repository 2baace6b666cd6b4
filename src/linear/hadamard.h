/* SPDX-License-Identifier: MIT
 *
 * The Walsh-Hadamard transform of rows (MATH §9): Sylvester's H/sqrt(B) on blocks of B columns.
 */
#ifndef LINEAR_HADAMARD_H
#define LINEAR_HADAMARD_H

#include <stddef.h>
#include <stdint.h>

/* Longest block: a row block must fit a worker's buffer. */
#define HADAMARD_MOST 65536

/* The largest power of two that divides d, at most HADAMARD_MOST; 1 means no transform. */
size_t hadamard_block(uint64_t d);

/* Transforms n values in place, block after block; block is a power of two that divides n. */
void hadamard_apply(double x[], size_t n, size_t block);

#endif
