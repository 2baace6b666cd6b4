/* SPDX-License-Identifier: MIT
 *
 * Which weights share one grid (MATH §2.3): a unit is so many rows by so many columns of the
 * tensor looked at as a matrix of channels.
 */
#ifndef QUANT_GRANULARITY_H
#define QUANT_GRANULARITY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

struct granularity {
    uint64_t rows,
        columns; /* 0: all there are.  The last unit of either direction may be shorter */
};

#define GRANULARITY_TENSOR  ((struct granularity){0, 0})
#define GRANULARITY_CHANNEL ((struct granularity){1, 0})

/* Parses "tensor", "channel", "group:64", "block:128x128" (a blank serves as the colon; "group"
 * alone is group:128, "block" is block:128x128).  False with ERROR_USAGE. */
bool granularity_parse(const char *text, struct granularity *granularity, struct error *error);
void granularity_print(struct text *out, const struct granularity *granularity);

bool granularity_equal(const struct granularity *a, const struct granularity *b);

/* Units of a matrix, and elements of a whole one. */
uint64_t granularity_units(const struct granularity *granularity, uint64_t rows, uint64_t columns);
uint64_t granularity_elements(const struct granularity *granularity, uint64_t rows,
                              uint64_t columns);

#endif
