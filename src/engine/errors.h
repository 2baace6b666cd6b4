/* SPDX-License-Identifier: MIT
 *
 * Second stage: the error that a scheme makes, measured on every element, and what theory says of
 * it; by channel and pooled (MATH §3.6, §4).
 */
#ifndef ENGINE_ERRORS_H
#define ENGINE_ERRORS_H

#include "engine/belief.h"
#include "engine/part.h"
#include "engine/pictures.h"
#include "engine/quantizers.h"
#include "engine/stage.h"
#include "quant/grid.h"
#include "quant/scheme.h"
#include "quant/theory.h"
#include "stats/histogram.h"

struct channel_error {
    /* Of the channel's one quantizer; of several the root mean square over the elements (centre:
     * the mean).  For a codebook step is the mean distance of neighbouring levels, and clip the
     * largest magnitude that they reach from the centre. */
    double step, clip, centre;
    double mean, std, mse, abs_max; /* of e; NaN for a channel without finite elements */
    double sqnr_db;                 /* NaN at zero error */
    uint64_t clipped;
    /* Theory for the source that the channel is believed to be, on the quantizers of its units
     * (engine/steps.h says how well); NaN where std or step is 0, and for levels of the unit's own
     * values where a channel has several units. */
    double theory_mean, theory_std, theory_mse;
};

struct errors {
    struct part part;
    size_t channels;
    struct channel_error *channel;
    enum levels_kind kind; /* of the levels */

    const struct source_type *clip_source; /* that CLIP_ACIQ took the rows for; NULL: other rules */

    struct distortion total;
    double abs_max;
    /* Pooled over the elements of the channels that have a theory; NaN if none has. */
    double theory_mean, theory_std, theory_mse;
    double pqn_std;      /* square root of the mean of q^2/12 */
    double theory_noise; /* expected sum of e^2 over all elements */
    double distance;     /* Kolmogorov, between `error` and `theory_cdf`; NaN without them */

    /* Pictures of the rounding itself, before a correction of mean and norm; all NULL if they were
     * not asked for. */
    struct histogram *error;  /* of e/q, in units of each unit's own step */
    double *theory_cdf;       /* at the bins + 1 edges of `error` */
    struct histogram *weight; /* of (w - centre)/clip, each unit's own */
    double furthest;          /* largest magnitude of these, at least 1; may be beyond `weight` */
    double *fitted;           /* density of the believed sources of the same at the bins' centres */
    size_t levels;            /* 0 if there are too many to count, or units differ in them */
    double *position;         /* of each level in `weight`, ascending */
    uint64_t *mass;           /* elements rounded to each level */
};

/* family: the whole tensor's; NULL unless the clip rule is CLIP_ACIQ.  pictures: whether histograms
 * and curves are wanted, not the figures alone.  NULL with *error if the rows cannot be read or the
 * work was cancelled. */
const struct errors *errors_compute(const struct stage *stage, const struct quantizers *quantizers,
                                    const struct believer *believer, bool pictures,
                                    struct error *error);

/* The grid that theory is told of for a channel of a symmetric scheme: endless for a rule that
 * never clips (MATH §3.6). */
struct theory_grid errors_theory_grid(const struct scheme *scheme,
                                      const struct channel_error *channel);

#endif
