/* SPDX-License-Identifier: MIT
 *
 * A stage of its own between profile and errors: the quantizers of a matrix's units (MATH §2.3).
 *
 * A unit that lies within a row and fits a worker's buffer needs none of this: its quantizer is made
 * of its values when they are read.  Those of others, units over several rows and channels longer
 * than the buffer, are made here and kept.  Independent of what theory takes the weights for.
 */
#ifndef ENGINE_QUANTIZERS_H
#define ENGINE_QUANTIZERS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/family.h"
#include "engine/part.h"
#include "engine/profile.h"
#include "engine/stage.h"
#include "quant/fitter.h"
#include "quant/quantizer.h"
#include "quant/scheme.h"

/* Units that may be kept, and the most levels that they may have if each has its own. */
#define QUANTIZERS_MOST        (UINT64_C(1) << 20)
#define QUANTIZERS_LEVELS_MOST (UINT64_C(1) << 22)

struct quantizers {
    struct part part;
    struct scheme scheme;
    uint64_t lines, columns; /* of a unit, not above those of the matrix; at least 1 */
    uint64_t first;          /* the tensor's channel that the matrix begins with */
    size_t across;           /* units side by side */
    bool single;             /* one unit is all there is */
    bool laplace;            /* the family that the whole tensor is nearer to, if it matters */
    double abs_max;          /* the whole tensor's largest magnitude */
    struct books *books;
    size_t kept;            /* units kept; 0: they are made as they are read */
    struct quantizer *unit; /* line by line; codebooks of their own are owned */
};

/* Whether the scheme looks at the family that the whole tensor is nearer to. */
bool quantizers_want_family(const struct scheme *scheme);

/* Whether a channel has its quantizers in common with others, or depends on something else of the
 * whole tensor: then those of one channel are found by looking at all. */
bool quantizers_want_tensor(const struct scheme *scheme);

/* profile: of the stage's rows.  tensor: that of the whole tensor's, or the same one.  family: the
 * whole tensor's; NULL if it is not wanted.  NULL with *error: ERROR_USAGE if there are too many
 * units to keep, or a codebook does not exist; or if the rows cannot be read or the work was
 * cancelled.
 *
 * Levels of a unit's own values (LEVELS_EMPIRICAL), where it does not fit a worker's buffer, are
 * those of at most 262 144 of its quantiles, evenly spaced. */
const struct quantizers *quantizers_compute(const struct stage *stage, const struct scheme *scheme,
                                            const struct profile *profile,
                                            const struct profile *tensor,
                                            const struct family *family, struct error *error);

/* For a worker; NULL if units are kept. */
struct fitter *quantizers_fitter(const struct quantizers *quantizers);

/* Whether a unit's levels are still there when all units of its channel have been seen: not if each
 * has its own, made as it is read. */
bool quantizers_last(const struct quantizers *quantizers);

/* Whether a unit's quantizer can only be found by looking at its values, not at its moments. */
bool quantizers_want_values(const struct quantizers *quantizers);

/* The quantizer of a unit, or of what a part holds of a kept one: it lies at a column of a channel
 * (the tensor's, or where channels are a sample, the sample's) and has n values.  moments, unless
 * NULL, are those of the values, which are not looked at if they are not wanted.  What it lends
 * lives until the fitter's next fit. */
struct quantizer quantizers_at(const struct quantizers *quantizers, struct fitter *fitter,
                               uint64_t channel, uint64_t column, const struct moments *moments,
                               const double w[], size_t n);

#endif
