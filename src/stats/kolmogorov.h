/* SPDX-License-Identifier: MIT
 *
 * Kolmogorov and Smirnov's distance between a sample and a source (MATH §5.2).
 */
#ifndef STATS_KOLMOGOROV_H
#define STATS_KOLMOGOROV_H

#include <stddef.h>

#include "stats/source.h"

/* The largest difference of the distribution functions of n >= 1 ascending finite values and of
 * the source, whose std is above 0. */
double kolmogorov_distance(const double sorted[], size_t n, const struct source *source);

#endif
