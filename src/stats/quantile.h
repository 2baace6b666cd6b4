/* SPDX-License-Identifier: MIT
 *
 * Order statistics of a sample held in memory.
 */
#ifndef STATS_QUANTILE_H
#define STATS_QUANTILE_H

#include <stddef.h>

/* The p-th percentile (0..100) of x by linear interpolation between closest ranks, as numpy's
 * default: the value at position p/100 (n - 1).  x holds no NaN, n >= 1, and is reordered
 * (selection, not a sort). */
double quantile_percentile(double x[], size_t n, double p);

/* Sorts x ascending; x holds no NaN. */
void quantile_sort(double x[], size_t n);

/* Moves the finite values of x to the front, in order; returns their number. */
size_t quantile_keep_finite(double x[], size_t n);

#endif
