/* SPDX-License-Identifier: MIT
 *
 * First stage: what the weights are like, channel by channel.  Independent of every setting of
 * the quantizer.
 */
#ifndef ENGINE_PROFILE_H
#define ENGINE_PROFILE_H

#include "engine/part.h"
#include "engine/stage.h"
#include "stats/moments.h"

struct profile {
    struct part part;
    size_t channels;
    struct moments *channel;
    struct moments total; /* merged in the order of the channels */
};

/* NULL with *error if the rows cannot be read or the work was cancelled. */
const struct profile *profile_compute(const struct stage *stage, struct error *error);

#endif
