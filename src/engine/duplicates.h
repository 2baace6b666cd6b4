/* SPDX-License-Identifier: MIT
 *
 * Rows that are the same, bit by bit: found by a hash, then compared.
 */
#ifndef ENGINE_DUPLICATES_H
#define ENGINE_DUPLICATES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/stage.h"

#define DUPLICATES_SEED UINT64_C(0x9e3779b97f4a7c15)

/* The hash of what gave `hash`, followed by `bits`. */
static inline uint64_t duplicates_mix(uint64_t hash, uint64_t bits)
{
    hash = (hash ^ bits) * UINT64_C(0xd6e8feb86659fd93);
    return hash ^ hash >> 32;
}

struct duplicate {
    uint64_t hash; /* of the row's bits */
    size_t row;
    size_t same_as; /* the first row that is the same: itself, or an earlier one */
};

/* Finds same_as of n rows with their hashes, whose order is by row before and behind.  Reads rows
 * of equal hashes again; should different ones have one, which chance makes of 2^32 rows, only
 * those that equal the first are found.  False with *error if that fails or was cancelled. */
bool duplicates_find(const struct stage *stage, struct duplicate row[], size_t n,
                     struct error *error);

#endif
