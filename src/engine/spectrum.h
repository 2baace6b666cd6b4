/* SPDX-License-Identifier: MIT
 *
 * A stage of its own, run only when somebody looks: the characteristic function of the weights
 * over their steps, as theory has it and as it is (MATH §3.1, §3.2).
 */
#ifndef ENGINE_SPECTRUM_H
#define ENGINE_SPECTRUM_H

#include "engine/belief.h"
#include "engine/errors.h"
#include "engine/part.h"
#include "quant/conditions.h"

/* Points at u = k Ψ / SPECTRUM_PER_PSI for k = 0 .. SPECTRUM_POINTS - 1, Ψ = 2π/q. */
#define SPECTRUM_PER_PSI 48
#define SPECTRUM_POINTS  (3 * SPECTRUM_PER_PSI + 1)

struct spectrum {
    struct part part;
    /* |E exp(jux)|, the mean over all elements, each in units of its channel's step: of several the
     * root mean square.  Only a uniform grid has steps: all is NaN for other levels. */
    double theory[SPECTRUM_POINTS];   /* NaN if no channel has a density */
    double measured[SPECTRUM_POINTS]; /* NaN if no channel has a step */
    /* How far the conditions are from holding, by theory and measured: largest |Φ| over u > Ψ/2
     * (QT I), over u > Ψ (QT II) within the points, and at multiples of Ψ (Sripad-Snyder). */
    double qt1[2], qt2[2], sripad_snyder[2];
    /* Of a single row with a density: what the conditions come to for the source that it is
     * believed to be, with the verdict's reason; and the step below which the measured function
     * says that PQN holds, noise of 4 standard errors allowed, NaN if not within the points. */
    bool judged;
    struct conditions conditions;
    double measured_holds_below;
};

/* NULL with *error if the rows cannot be read or the work was cancelled. */
const struct spectrum *spectrum_compute(const struct stage *stage, const struct errors *errors,
                                        const struct believer *believer, struct error *error);

#endif
