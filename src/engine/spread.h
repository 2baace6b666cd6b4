/* SPDX-License-Identifier: MIT
 *
 * Third stage: how the weights are distributed: points of the q-q plot and outliers (MATH §5.3,
 * §5.4).  Independent of the quantizer.
 */
#ifndef ENGINE_SPREAD_H
#define ENGINE_SPREAD_H

#include "engine/part.h"
#include "engine/profile.h"
#include "engine/stage.h"

/* Points of a q-q plot: all elements of a sample of up to so many, else this many, evenly spread
 * over the standard quantiles, so that the tails are as dense as the middle. */
#define SPREAD_POINTS 400

/* An element is an outlier beyond so many standard deviations from the mean. */
#define SPREAD_OUTLIER_SIGMA 6.0

struct spread {
    struct part part;
    size_t points;
    double *sample;    /* order statistics, ascending */
    double *quantile;  /* standard Gaussian quantile at (i - 0.5)/n of each */
    double r2;         /* of the line y = x; NaN for a constant sample */
    uint64_t outliers;
};

/* NULL with *error if the rows cannot be read or the work was cancelled. */
const struct spread *spread_compute(const struct stage *stage, const struct profile *profile,
                                    struct error *error);

#endif
