/* SPDX-License-Identifier: MIT
 *
 * First stage: what the weights are like, channel by channel.  Independent of every setting of
 * the quantizer.
 */
#ifndef ENGINE_PROFILE_H
#define ENGINE_PROFILE_H

#include "engine/ladder_row.h"
#include "engine/part.h"
#include "engine/stage.h"
#include "stats/moments.h"

struct profile {
    struct part part;
    size_t channels;
    struct moments *channel;
    struct moments total; /* merged in the order of the channels */
    /* What each channel comes to when it is rounded by a scheme, with NaN squares if single precision
     * is no match for it; NULL: nobody has looked. */
    struct ladder_sums *rounded;
    struct scheme scheme;
};

/* The sums of all channels on the grids of a scheme; NULL if the profile does not have them. */
const struct ladder_sums *profile_rounded(const struct profile *profile,
                                          const struct scheme *scheme);

/* NULL with *error if the rows cannot be read or the work was cancelled. */
const struct profile *profile_compute(const struct stage *stage, struct error *error);

/* The same, and rounds each row by the scheme while it is at hand, if single precision and the
 * moments of its channels suffice for that: what figures without pictures are made of. */
const struct profile *profile_compute_rounded(const struct stage *stage,
                                              const struct scheme *scheme, struct error *error);

#endif
