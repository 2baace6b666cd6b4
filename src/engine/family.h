/* SPDX-License-Identifier: MIT
 *
 * Is it Gaussian or Laplace?  The Kolmogorov distances of the whole sample to both, fitted
 * (MATH §5.2).
 */
#ifndef ENGINE_FAMILY_H
#define ENGINE_FAMILY_H

#include "engine/part.h"
#include "engine/profile.h"
#include "engine/stage.h"

struct family {
    struct part part;
    double median, deviation; /* deviation: the mean of |w - median| */
    /* Distances to the Gaussian of the sample's mean and standard deviation, and to the Laplace of
     * its median and deviation; NaN for a sample without spread. */
    double ks_gaussian, ks_laplace;
    bool laplace; /* the smaller distance is the Laplace's */
};

/* NULL with *error if the rows cannot be read or the work was cancelled.  Exact for up to 262 144
 * elements and for types of at most 10 mantissa bits; otherwise the distances are those at the
 * edges of bins of 2^-10 relative width. */
const struct family *family_compute(const struct stage *stage, const struct profile *profile,
                                    struct error *error);

#endif
