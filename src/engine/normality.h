/* SPDX-License-Identifier: MIT
 *
 * Fourth stage, the dearest: the Shapiro-Wilk test of every channel (MATH §5.1).
 */
#ifndef ENGINE_NORMALITY_H
#define ENGINE_NORMALITY_H

#include "engine/part.h"
#include "engine/stage.h"

/* A channel is called normal when its p is at least this. */
#define NORMALITY_LEVEL 0.05

struct channel_normality {
    double w, p; /* NaN where not defined: fewer than 3 elements, or all alike */
};

struct normality {
    struct part part;
    size_t channels;
    struct channel_normality *channel;
    double share; /* of the tested channels that are normal; NaN if none could be tested */
};

/* NULL with *error if the rows cannot be read or the work was cancelled. */
const struct normality *normality_compute(const struct stage *stage, struct error *error);

#endif
