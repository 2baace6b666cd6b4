/* SPDX-License-Identifier: MIT
 *
 * Concentration (MATH §8.2): the power of vectors over the squared range that their grids cover.
 * What keeps a vector's values together near the ends of its range gains on rounding.
 */
#ifndef LINEAR_CONCENTRATION_H
#define LINEAR_CONCENTRATION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "stats/source.h"

/* Sums over vectors: tokens, or rows of a weight.  All zero is empty. */
struct concentration {
    double power;  /* of ‖v‖² */
    double ranges; /* of r(v)²; stays 0 where nothing is quantized */
};

/* Adds a vector of n values whose grid covers `range`: 2c symmetric, hi - lo asymmetric.  A row of
 * several groups, each with a grid of its own, has the root of the mean of their squared ranges. */
void concentration_add(struct concentration *sums, const double v[], size_t n, double range);

void concentration_merge(struct concentration *sums, const struct concentration *other);

/* C = power / ranges; NaN where nothing was quantized. */
double concentration_value(const struct concentration *sums);

/* E‖v‖² / E r(v)² of d independent draws of a source that is symmetric around 0 and has light tails
 * (Gaussian, Laplace, logistic, uniform): a line to compare with.  An asymmetric range always has 0
 * in it.  To 1e-6 or better. */
double concentration_reference(const struct source *source, size_t d, bool symmetric);

/* The same of a density, of draws in groups of so many columns that have a range of their own each;
 * 0, or d and more: they have one. */
double concentration_reference_grouped(const struct source_type *type, double d, uint64_t group,
                                       bool symmetric);

#endif
