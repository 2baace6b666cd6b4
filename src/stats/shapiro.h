/* SPDX-License-Identifier: MIT
 *
 * The Shapiro-Wilk test of normality: Royston 1995, AS R94 (MATH §5.1).
 */
#ifndef STATS_SHAPIRO_H
#define STATS_SHAPIRO_H

#include <stdbool.h>
#include <stddef.h>

#define SHAPIRO_LEAST 3
#define SHAPIRO_MOST  5000

/* Coefficients for one sample size: the same for all channels of a tensor. */
struct shapiro {
    size_t n;
    double *a; /* n / 2 of them */
};

struct shapiro *shapiro_new(size_t n); /* SHAPIRO_LEAST <= n <= SHAPIRO_MOST */
void shapiro_free(struct shapiro *shapiro);

/* W and p of the n ascending values x.  False, with both NaN, if they are all equal. */
bool shapiro_test(const struct shapiro *shapiro, const double x[], double *w, double *p);

/* The index that element i of a thinned channel has in the whole one: floor(i d / 5000), or i if
 * d <= 5000. */
size_t shapiro_thinned_index(size_t i, size_t d);

#endif
