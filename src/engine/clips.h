/* SPDX-License-Identifier: MIT
 *
 * Ranges that clip rules find by looking at the elements of units of any length (MATH §2.4); those
 * that fit a worker's buffer are quant/fitter.h's.
 */
#ifndef ENGINE_CLIPS_H
#define ENGINE_CLIPS_H

#include <stdbool.h>

#include "engine/profile.h"
#include "engine/stage.h"
#include "quant/grid.h"
#include "quant/scheme.h"

/* Fills found[channels] for a scheme that searches (scheme_searches); NaN for a row without finite
 * elements.  codebook: the scheme's, NULL for uniform grids.  laplace: what CLIP_ACIQ takes the rows
 * for.  False with *error if the rows cannot be read or the work was cancelled. */
bool clips_compute(const struct stage *stage, const struct scheme *scheme,
                   const struct profile *profile, const struct codebook *codebook, bool laplace,
                   struct clip_range found[], struct error *error);

#endif
