/* SPDX-License-Identifier: MIT
 *
 * Function-preserving transforms of a weight's input side (MATH §9): what is asked, and what it
 * comes to for a width.
 */
#ifndef LINEAR_TRANSFORM_H
#define LINEAR_TRANSFORM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

enum transform { TRANSFORM_NONE, TRANSFORM_HADAMARD, TRANSFORM_COUNT };

/* "none", "hadamard". */
const char *transform_name(enum transform transform);
bool transform_parse(const char *text, enum transform *transform, struct error *error);

/* Columns that the transform mixes at a time for rows of length d; 1 where it changes nothing
 * (none, or no power of two divides d). */
size_t transform_block(enum transform transform, uint64_t d);

/* "none" or the order used: "hadamard:64". */
void transform_print(struct text *out, enum transform transform, uint64_t d);

/* Transforms n values, whole blocks, in place. */
void transform_apply(enum transform transform, double x[], size_t n, size_t block);

#endif
