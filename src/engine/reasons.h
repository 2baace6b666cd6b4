/* SPDX-License-Identifier: MIT
 *
 * Why a tensor rounds worse than Gaussian weights would, by rules over its record.
 */
#ifndef ENGINE_REASONS_H
#define ENGINE_REASONS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/record.h"

enum reason_code {
    /* count elements; the first at channel, column is NaN, +inf or -inf: of is 1, 2 or 3. */
    REASON_NOT_FINITE,
    REASON_DEAD,           /* a vector whose elements are all alike, `value` */
    REASON_SHIFTED,        /* mean `value`, far from 0; σ `reference`; see gain_db */
    REASON_FEW,            /* count elements, too few to tell what they are like */
    REASON_LONE_OUTLIER,   /* `value` at channel, column, `sigmas` from the mean; count alike */
    REASON_OUTLIER_COLUMN, /* column holds count of the `of` largest, up to `sigmas` */
    REASON_OUTLIER_ROW,    /* channel holds count of the `of` largest, up to `sigmas` */
    REASON_LAPLACE,        /* tails: the channels' median max |w|/σ is `value`, not `reference` */
    REASON_HEAVY_TAILS,    /* the same of weights that are nearer to a Gaussian */
    REASON_WORST_CHANNEL,  /* nothing of the above: channel reaches `value`, not `reference` */
    REASON_ZERO_CHANNELS,  /* count channels, the first is channel */
    REASON_CONSTANT_CHANNELS,  /* as above */
    REASON_DUPLICATE_CHANNELS, /* as above; the first is the same as `same_as` */
};

struct reason {
    enum reason_code code;
    uint64_t channel, column, same_as;
    uint64_t count, of;
    double value, reference, sigmas;
    /* Decibels that 4 bits from min to max (and 0) gain over a symmetric grid. */
    double gain_db;
};

#define REASONS_MOST 8

struct reasons {
    size_t count;
    struct reason list[REASONS_MOST]; /* the most telling first */
    /* How far the steps of the channels are above those of Gaussian ones of their length: of the
     * median channel or of the worst one among so many, whichever is more.  Decibels; NaN if not
     * defined. */
    double loss_db;
};

/* Of a record with both passes done; of others what can be told. */
struct reasons reasons_find(const struct survey_record *record);

/* For sorting: what cannot be rounded at all first, then by loss. */
int reasons_compare(const struct reasons *a, const struct reasons *b);

#endif
