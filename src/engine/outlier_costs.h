/* SPDX-License-Identifier: MIT
 *
 * Stage: what the worst elements cost under a quantizer: the decibels that the whole tensor's SQNR
 * would gain if one of them were not what it is.  Each time its row is rounded anew.
 */
#ifndef ENGINE_OUTLIER_COSTS_H
#define ENGINE_OUTLIER_COSTS_H

#include "engine/outliers.h"
#include "engine/part.h"
#include "engine/profile.h"
#include "engine/stage.h"
#include "quant/scheme.h"

/* Rows longer than this have no costs: a worker holds two at a time, 16 MiB. */
#define OUTLIER_COSTS_LENGTH_MOST (UINT64_C(1) << 20)

/* In dB, NaN where not known: no noise to begin with, a row too long, units of several rows. */
struct outlier_cost {
    double clipped_db; /* cut to the next largest magnitude of its row before the row is rounded */
    double apart_db;   /* stored exactly elsewhere, a zero in its place */
};

struct outlier_costs {
    struct part part;
    size_t listed;
    struct outlier_cost cost[OUTLIERS_WORST]; /* of the elements of `outliers`, in its order */
    double all_apart_db;                      /* all of them stored exactly elsewhere */
};

/* What the quantizer of the whole tensor is known by. */
struct outlier_rounding {
    const struct scheme *scheme;
    bool laplace; /* the family that the tensor is nearer to */
    double noise; /* sum of e^2 over all elements */
};

/* NULL with *error if the rows cannot be read, the scheme's levels do not exist or the work was
 * cancelled. */
const struct outlier_costs *outlier_costs_compute(const struct stage *stage,
                                                  const struct profile *profile,
                                                  const struct outliers *outliers,
                                                  const struct outlier_rounding *rounding,
                                                  struct error *error);

#endif
