/* SPDX-License-Identifier: MIT
 *
 * Stage: how many outliers there are, by every definition, whether a few rows or columns hold them,
 * and which elements are the worst.  Independent of the quantizer.  Meant for all rows: of a sample
 * it would miss what it is looking for.
 */
#ifndef ENGINE_OUTLIERS_H
#define ENGINE_OUTLIERS_H

#include "engine/outlier_limits.h"
#include "engine/part.h"
#include "engine/profile.h"
#include "engine/stage.h"

/* How many of the worst elements are listed. */
#define OUTLIERS_WORST 64

/* Channels of up to so many elements have their outliers counted by column too: what the counts
 * of a worker may take is 4 MiB. */
#define OUTLIERS_COLUMNS_MOST (UINT64_C(1) << 20)

struct outlier {
    size_t row; /* of the rows read */
    uint64_t channel, column;
    double value;
    double sigmas;         /* |w - µ|/σ with µ and σ of the whole tensor */
    double channel_sigmas; /* the same with those of its channel */
};

/* The row or column with the most outliers. */
struct outlier_line {
    uint64_t hit;   /* rows or columns that hold any */
    uint64_t index; /* of the first one that holds most; a channel's number for a row */
    uint64_t count; /* how many it holds */
};

struct outliers {
    struct part part;
    struct outlier_limits limits;
    uint64_t count[OUTLIER_RULES];
    struct outlier_line row, column; /* by OUTLIER_SIGMA; column.hit 0 where channels are longer */
    size_t listed;                   /* worst elements, none of a tensor without spread */
    struct outlier worst[OUTLIERS_WORST]; /* furthest from µ first; of equals, the first ones */
};

/* NULL with *error if the rows cannot be read or the work was cancelled. */
const struct outliers *outliers_compute(const struct stage *stage, const struct profile *profile,
                                        const struct outlier_limits *limits, struct error *error);

#endif
