/* SPDX-License-Identifier: MIT
 *
 * How well pairs lie on the line y = x, as sums that merge: x is what theory says, y what was
 * measured (MATH §4).
 */
#ifndef STATS_REGRESSION_H
#define STATS_REGRESSION_H

#include <stdint.h>

/* All zero is empty. */
struct regression {
    uint64_t n;
    double mean_x, mean_y;
    double xx, yy, xy; /* sums of products about the means */
    double residual;   /* sum of (y - x)^2 */
};

/* Adds a pair; one with a NaN in it is no pair and is left out. */
void regression_add(struct regression *regression, double x, double y);
void regression_merge(struct regression *regression, const struct regression *other);

/* Of the least squares line, and where it cuts x = 0; NaN if x does not vary. */
double regression_slope(const struct regression *regression);
double regression_intercept(const struct regression *regression);

/* 1 - sum (y - x)^2 / sum (y - mean y)^2, of the line y = x itself and so possibly negative; NaN
 * if y does not vary or the sums are beyond a double. */
double regression_r2(const struct regression *regression);

#endif
