/* SPDX-License-Identifier: MIT
 *
 * Rounds the rows of a linear layer's weight in whatever coordinates they are, by any scheme whose
 * units (MATH §2.3) lie within a row.
 */
#ifndef ENGINE_LAYER_ROUNDING_H
#define ENGINE_LAYER_ROUNDING_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "linear/concentration.h"
#include "quant/fitter.h"
#include "quant/scheme.h"

/* False with ERROR_USAGE for units of several rows: a grid for the whole tensor or for blocks. */
bool layer_rounding_check(const struct scheme *scheme, struct error *error);

/* What is to be known of a weight before its rows can be rounded one by one. */
struct layer_facts {
    double abs_max; /* the largest magnitude */
    bool laplace;   /* nearer to a Laplace than to a Gaussian */
};

bool layer_rounding_wants_abs_max(const struct scheme *scheme);
bool layer_rounding_wants_family(const struct scheme *scheme);

/* Which of the two the values are nearer to (MATH §5.2); puts them in order. */
bool layer_rounding_family(double values[], size_t n);

/* N_w of MATH §8.4: the range of a grid in steps; 0 for levels that have no even steps or no
 * range. */
double layer_rounding_steps(const struct scheme *scheme);

/* One worker's memory. */
struct layer_rounder;

struct layer_rounder *layer_rounder_new(const struct scheme *scheme, const struct books *books,
                                        const struct layer_facts *facts);
void layer_rounder_free(struct layer_rounder *rounder);

/* e = Q(w) - w of `count` rows of d finite values, each by itself; adds the rows and the ranges of
 * their grids to the sums (ranges stay 0 where layer_rounding_steps is). */
void layer_rounder_round(struct layer_rounder *rounder, const double w[], size_t count, size_t d,
                         double e[], struct concentration *sums);

#endif
