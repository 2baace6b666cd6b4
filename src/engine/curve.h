/* SPDX-License-Identifier: MIT
 *
 * A stage of its own, run only when somebody looks: what every clip would cost.  The ranges of all
 * channels are shrunk by one factor (c / max|w| of symmetric levels), from very small to 1 and a
 * little beyond; the error at each, as it is and as theory has it (MATH §2.4, §3.6, §6).  It does
 * not depend on the clip rule.
 */
#ifndef ENGINE_CURVE_H
#define ENGINE_CURVE_H

#include <stdbool.h>

#include "engine/belief.h"
#include "engine/errors.h"
#include "engine/part.h"
#include "engine/profile.h"
#include "engine/stage.h"
#include "quant/clip_curve.h"
#include "quant/scheme.h"

/* Factors 2^(k / CURVE_PER_OCTAVE) for k = -CURVE_OCTAVES * CURVE_PER_OCTAVE .. CURVE_BEYOND; the
 * one of 1 is number CURVE_WHOLE.  Theory, dearer and smooth, has every second one of them. */
#define CURVE_PER_OCTAVE 16
#define CURVE_OCTAVES    6
#define CURVE_BEYOND     4
#define CURVE_WHOLE      (CURVE_OCTAVES * CURVE_PER_OCTAVE)
#define CURVE_POINTS     (CURVE_WHOLE + 1 + CURVE_BEYOND)

#define CURVE_THEORY_WHOLE  (CURVE_WHOLE / 2)
#define CURVE_THEORY_POINTS (CURVE_THEORY_WHOLE + 1 + CURVE_BEYOND / 2)

struct curve {
    struct part part;
    double factor[CURVE_POINTS], theory_factor[CURVE_THEORY_POINTS];
    /* Mean over all elements; NaN if all are zeros or not finite. */
    struct clip_error measured[CURVE_POINTS];
    /* Mean over those of the rows that have a density; NaN if none has. */
    struct clip_error theory[CURVE_THEORY_POINTS];
    struct clip_best best, theory_best; /* of one factor for all rows, in (0, 1] */
    /* If every row had the best factor of its own, as the rule `mse` finds it: their mean over the
     * rows, and the mse.  best is the same if there is one such row. */
    struct clip_best own;
};

/* NULL if the scheme has a clip to choose and so a curve, else why it has none, in less than 48
 * columns. */
const char *curve_refusal(const struct scheme *scheme);

/* Of a scheme without a refusal.  NULL with *error if the rows cannot be read or the work was
 * cancelled. */
const struct curve *curve_compute(const struct stage *stage, const struct scheme *scheme,
                                  const struct believer *believer, struct error *error);

/* Where on the curve the clips are that the rule has chosen: least, mean and greatest factor of the
 * rows that have an element but zeros; NaN if none has. */
struct curve_place {
    double least, mean, most;
};

struct curve_place curve_place_of(const struct scheme *scheme, const struct errors *errors,
                                  const struct profile *profile);

#endif
