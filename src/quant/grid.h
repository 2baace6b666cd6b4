/* SPDX-License-Identifier: MIT
 *
 * The symmetric uniform grid of one unit (a channel) and the error it makes (MATH §2.1, §4).
 */
#ifndef QUANT_GRID_H
#define QUANT_GRID_H

#include <stddef.h>
#include <stdint.h>

#include "quant/scheme.h"
#include "stats/moments.h"

struct grid {
    double clip;              /* c; 0 for a unit of zeros */
    double step;              /* q = c / N; for one bit the distance of the two levels, 2c */
    int levels_each_side;     /* N = 2^(bits-1) - 1; 0 means one bit: levels -c and +c */
};

/* The grid of a unit with these moments.  threshold is the c that a rule finds by looking at the
 * elements, which is the caller's work; rules of which scheme_searches is false ignore it.  A unit
 * with no finite elements or only zeros has clip = step = 0 and no error.  One bit takes c = mean |w|
 * whatever the clip rule.  A rule that gives c = 0 to other units (sigma of a constant one) makes
 * everything 0, the limit of small c. */
struct grid grid_make(const struct scheme *scheme, const struct moments *moments,
                      double threshold);

/* Rounds w: code[i] (if code is not NULL) in -N..N, or -1, 0, +1 for one bit (sign 0 = 0), and the
 * error e[i] = Q(w) - w.  The quotient is (w N)/c in double, rounded half to even.  Elements that
 * are not finite get code 0 and error NaN. */
void grid_round(const struct grid *grid, const double w[], size_t n, double e[], int32_t code[]);

/* Whether |w| counts as clipped: |w| > c + q/2 (one bit: never). */
uint64_t grid_clipped(const struct grid *grid, const double w[], size_t n);

/* Error figures that merge; all zero is empty. */
struct distortion {
    struct moments error; /* of e; NaN (non-finite weights) left out by `nonfinite` */
    double power;         /* sum of w^2 over the finite weights */
    uint64_t clipped;
};

void distortion_add(struct distortion *distortion, const struct grid *grid, const double w[],
                    const double e[], size_t n);
void distortion_merge(struct distortion *distortion, const struct distortion *other);
double distortion_mse(const struct distortion *distortion); /* mean e^2; NaN if empty */
/* Sum w^2 / sum e^2 in decibels; NaN at zero error. */
double distortion_sqnr_db(const struct distortion *distortion);

#endif
