/* SPDX-License-Identifier: MIT
 *
 * Second stage: the error that a scheme makes, measured on every element, and what theory says of
 * it; by channel and pooled (MATH §3.6, §4).
 */
#ifndef ENGINE_ERRORS_H
#define ENGINE_ERRORS_H

#include "engine/belief.h"
#include "engine/part.h"
#include "engine/profile.h"
#include "engine/stage.h"
#include "quant/grid.h"
#include "quant/scheme.h"
#include "quant/theory.h"
#include "stats/histogram.h"

/* Bins of the error histogram in one step. */
#define ERRORS_BINS 128

struct channel_error {
    struct grid grid;
    double mean, std, mse, abs_max; /* of e; NaN for a channel without finite elements */
    double sqnr_db;                 /* NaN at zero error */
    uint64_t clipped;
    /* Theory for the source that the channel is believed to be; NaN where std or step is 0. */
    double theory_mean, theory_std, theory_mse;
};

struct errors {
    struct part part;
    size_t channels;
    struct channel_error *channel;

    const struct source_type *clip_source; /* that CLIP_ACIQ took the rows for; NULL: other rules */

    struct distortion total;
    double abs_max;
    /* Pooled over the elements of the channels that have a theory; NaN if none has. */
    double theory_mean, theory_std, theory_mse;
    double pqn_std;      /* square root of the mean of q^2/12 */
    double theory_noise; /* expected sum of e^2 over all elements */
    double distance;     /* Kolmogorov, between `error` and `theory_cdf` */

    struct histogram *error;  /* of e/q, in units of each channel's own step */
    double *theory_cdf;       /* at the bins + 1 edges of `error` */
    struct histogram *weight; /* of w/c, in units of each channel's own clip */
    double *fitted;           /* density of the believed sources of w/c at the bins' centres */
    size_t levels;            /* 2N + 1, or 0 if there are too many to count */
    uint64_t *mass;           /* elements rounded to each level -N .. N */
};

/* family is the whole tensor's, for CLIP_ACIQ; other clip rules take NULL.  NULL with *error if the
 * rows cannot be read or the work was cancelled. */
const struct errors *errors_compute(const struct stage *stage, const struct scheme *scheme,
                                    const struct believer *believer, const struct family *family,
                                    struct error *error);

/* The grid that theory is told of: endless for a rule that never clips (MATH §3.6). */
struct theory_grid errors_theory_grid(const struct scheme *scheme, const struct grid *grid);

#endif
