/* SPDX-License-Identifier: MIT
 *
 * Moments of a sample, by blocks that merge (MATH §1).
 */
#ifndef STATS_MOMENTS_H
#define STATS_MOMENTS_H

#include <stddef.h>
#include <stdint.h>

/* All zero is the empty sample.  m2..m4 are sums of powers of (x - mean). */
struct moments {
    uint64_t count;     /* finite elements */
    uint64_t nonfinite; /* NaN and infinities: counted, in no other figure */
    double mean, m2, m3, m4;
    double min, max;    /* 0 while count is 0 */
    double sum_abs;     /* of |x| */
};

/* Adds a block.  Sums are double, centred on the block's own mean; the result depends on how the
 * sample is cut into blocks only in the last digits, so cut it at fixed places. */
void moments_add(struct moments *moments, const double x[], size_t n);

/* Adds another sample's moments (Chan's and Pébay's update). */
void moments_merge(struct moments *moments, const struct moments *other);

/* Population figures, divided by n.  NaN where not defined: std and mean of an empty sample;
 * skewness and kurtosis when the sample is constant (min == max). */
double moments_mean(const struct moments *moments);
double moments_std(const struct moments *moments); /* exactly 0 for a constant sample */
double moments_skewness(const struct moments *moments);
double moments_excess_kurtosis(const struct moments *moments);
double moments_abs_max(const struct moments *moments);

#endif
