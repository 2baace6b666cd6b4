/* SPDX-License-Identifier: MIT
 *
 * Stage: what no tensor should have, with coordinates: elements that are not finite or denormal,
 * channels that are all zero, all alike, or the same as another one.
 */
#ifndef ENGINE_AUDIT_H
#define ENGINE_AUDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/part.h"
#include "engine/stage.h"

/* How many elements of a kind, and channels of a kind, are named; all are counted. */
#define AUDIT_PLACES   8
#define AUDIT_CHANNELS 16

enum audit_kind { AUDIT_NAN, AUDIT_PLUS_INF, AUDIT_MINUS_INF, AUDIT_DENORMAL, AUDIT_KINDS };

/* Elements of a kind: the first ones in the order of channels. */
struct audit_elements {
    uint64_t count;
    size_t listed;
    struct audit_place {
        uint64_t channel, column;
    } place[AUDIT_PLACES];
};

/* Channels of a kind: the first ones. */
struct audit_channels {
    uint64_t count;
    size_t listed;
    uint64_t channel[AUDIT_CHANNELS];
    uint64_t same_as[AUDIT_CHANNELS]; /* of duplicates: the first channel that is the same */
};

struct audit {
    struct part part;
    struct audit_elements elements[AUDIT_KINDS];
    double least_normal;                  /* magnitudes below it, but 0, count as denormal */
    struct audit_channels zero, constant; /* constant: all alike, but not zero */
    struct audit_channels duplicate; /* same bits as an earlier one, and neither of the above */
    bool dead;         /* a vector whose elements are all alike, such as scales that do nothing */
    double dead_value; /* what they are */
};

/* Channels of one element are neither constant nor duplicates of one another: they are too short to
 * tell.  NULL with *error if the rows cannot be read or the work was cancelled. */
const struct audit *audit_compute(const struct stage *stage, struct error *error);

/* Whether there is nothing to complain of. */
bool audit_clean(const struct audit *audit);

/* "NaN", "+inf", "-inf", "denormal". */
const char *audit_kind_name(enum audit_kind kind);

#endif
