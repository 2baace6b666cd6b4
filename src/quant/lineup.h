/* SPDX-License-Identifier: MIT
 *
 * The schemes that are compared with each other.  A new one is a row in lineup.c.
 */
#ifndef QUANT_LINEUP_H
#define QUANT_LINEUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quant/scheme.h"

/* What a picture tells apart. */
enum lineup_family {
    LINEUP_UNIFORM, /* grids that reach to the largest weight */
    LINEUP_CLIPPED, /* grids that do not */
    LINEUP_GROUPS,  /* grids for few weights each */
    LINEUP_LLOYD_MAX,
    LINEUP_CORRECTED, /* with bias correction */
    LINEUP_APOT,
    LINEUP_NF,
    LINEUP_FLOAT,
    LINEUP_MX,
    LINEUP_GGML,
    LINEUP_FAMILIES
};

#define LINEUP_NAMES 3
#define LINEUP_TITLE 22 /* columns of the longest title */

/* A row of a table whose columns are bit widths: a scheme for each width that it exists for. */
struct contender {
    const char *title; /* "uniform, max"; ASCII */
    enum lineup_family family;
    const char
        *levels[LINEUP_NAMES]; /* as levels_parse reads them; no two have a width in common */
    struct clip clip;
    uint64_t group; /* consecutive weights that share a grid; 0: as the comparison has it */
    bool asymmetric, corrected;
};

extern const struct contender contenders[];
extern const size_t contender_count;

/* The contender's scheme for so many bits, by tensor or by channel unless it has a granularity of
 * its own; false if there is none. */
bool contender_scheme(const struct contender *contender, int bits, struct granularity granularity,
                      struct scheme *scheme);

#endif
