/* SPDX-License-Identifier: MIT
 *
 * Laplace densities fitted to every row: what theory needs of a row beyond its moments
 * (MATH §5.2).
 */
#ifndef ENGINE_FITS_H
#define ENGINE_FITS_H

#include "engine/profile.h"
#include "engine/stage.h"

struct fit {
    double median, deviation; /* deviation: the mean of |w - median| */
};

/* Fills fit[channels]; NaN for a row without finite elements. */
bool fits_compute(const struct stage *stage, const struct profile *profile, struct fit fit[],
                  struct error *error);

#endif
