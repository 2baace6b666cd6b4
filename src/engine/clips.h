/* SPDX-License-Identifier: MIT
 *
 * Clip thresholds that are found by looking at the elements of every row (MATH §2.4).
 */
#ifndef ENGINE_CLIPS_H
#define ENGINE_CLIPS_H

#include <stdbool.h>

#include "engine/belief.h"
#include "engine/family.h"
#include "engine/stage.h"
#include "quant/scheme.h"

/* Fills threshold[channels] for a scheme that searches (scheme_searches); NaN for a row without
 * finite elements.  The believer lends the profile, and its fits if it has some.  family is the
 * whole tensor's, for CLIP_ACIQ; the other rules take NULL.  False with *error if the rows cannot
 * be read or the work was cancelled. */
bool clips_compute(const struct stage *stage, const struct scheme *scheme,
                   const struct believer *believer, const struct family *family, double threshold[],
                   struct error *error);

#endif
