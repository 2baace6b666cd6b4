/* SPDX-License-Identifier: MIT
 *
 * The uniform grid of one unit (a tensor, a channel, a group) and the error it makes (MATH §2.1,
 * §2.2, §4).
 */
#ifndef QUANT_GRID_H
#define QUANT_GRID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "quant/scheme.h"
#include "stats/moments.h"

/* What a clip rule has found for a unit: the range that the grid covers.  Symmetric: -c and c. */
struct clip_range {
    double low, high;
};

/* Levels are code * step for each code lowest .. highest.  Symmetric: -N .. N, N = 2^(bits-1) - 1;
 * of full range -2^(bits-1) .. 2^(bits-1) - 1; asymmetric -z .. 2^bits - 1 - z, z the zero point.
 * One bit has the levels -clip and +clip, and 0 for weights that are 0. */
struct grid {
    double clip;         /* c, or half of hi - lo if asymmetric; 0 for a unit of zeros */
    double step;         /* q = 2 clip / (highest - lowest); one bit: 2 clip */
    int lowest, highest; /* codes; equal means one bit */
};

/* The c of a symmetric grid or codebook: what the rule says of a unit with these moments, or the
 * high end of what was found.  Finite, and so are the levels; 0 for a unit without finite elements
 * or of zeros. */
double clip_threshold(const struct clip *clip, const struct moments *moments,
                      const struct clip_range *found);

/* The grid of a unit with these moments.  found is the range that a rule finds by looking at the
 * elements, which is the caller's work; it may be NULL for rules of which scheme_searches is false.
 * A unit with no finite elements or only zeros has clip = step = 0 and no error.  One bit takes
 * c = mean |w| whatever the clip rule.  A rule that gives c = 0 to other units (sigma of a constant
 * one) makes everything 0, the limit of small c.  An asymmetric range is cut to that of the
 * elements, and then widened to contain 0. */
struct grid grid_cover(const struct scheme *scheme, const struct moments *moments,
                       const struct clip_range *found);

/* Rounds w: code[i] (if code is not NULL) in lowest .. highest, or -1, 0, +1 for one bit (sign 0 =
 * 0), and the error e[i] = Q(w) - w.  The quotient is w (highest - lowest)/2 / clip in double,
 * rounded half to even.  Elements that are not finite get code 0 and error NaN. */
void grid_round(const struct grid *grid, const double w[], size_t n, double e[], int32_t code[]);

/* One bit: the sign, times clip. */
bool grid_is_sign(const struct grid *grid);

/* The middle of the levels; 0 for symmetric grids. */
double grid_centre(const struct grid *grid);

/* Whether w counts as clipped: |w - centre| > clip + step/2, for symmetric grids further than half
 * a step beyond the outermost level (one bit: never). */
uint64_t grid_clipped(const struct grid *grid, const double w[], size_t n);

/* Error figures that merge; all zero is empty. */
struct distortion {
    struct moments error; /* of e; NaN (non-finite weights) left out by `nonfinite` */
    double power;         /* sum of w^2 over the finite weights */
    uint64_t clipped;
};

/* Adds weights and their errors; clipped ones are the caller's to count. */
void distortion_add(struct distortion *distortion, const double w[], const double e[], size_t n);
void distortion_merge(struct distortion *distortion, const struct distortion *other);
double distortion_mse(const struct distortion *distortion); /* mean e^2; NaN if empty */
/* Sum w^2 / sum e^2 in decibels; NaN at zero error and where a sum is beyond a double. */
double distortion_sqnr_db(const struct distortion *distortion);

#endif
