/* SPDX-License-Identifier: MIT
 *
 * Mean square errors of a model's tensors, straight from the engine, against those of a reference:
 * what the tests of schemes and settings share.
 */
#ifndef GOLDEN_ENGINE_H
#define GOLDEN_ENGINE_H

#include <stdbool.h>
#include <stddef.h>

#include "golden.h"
#include "quant/scheme.h"

/* An entry of the reference by its name, and what it asks for. */
struct golden_entry {
    const char *name;
    const char *levels, *granularity, *clip; /* as the options say it */
    int bits;                                /* 0: the levels' own, or that of the table it is in */
    bool asymmetric, corrected;
    /* The reference searched on a grid of clips: the least error is at most this. */
    bool upper_bound;
};

struct golden_engine;

struct golden_engine *golden_engine_new(const char *model);
void golden_engine_free(struct golden_engine *engine);

/* Compares all members of an object, names of entries, with what the engine makes of a tensor, each
 * in its entry's field; a member that is no entry ends the test.  bits: of entries that have none. */
void golden_engine_check(struct golden_engine *engine, const char *tensor, yajl_val object, int bits,
                         const struct golden_entry entries[], struct golden_field fields[], size_t n);

#endif
