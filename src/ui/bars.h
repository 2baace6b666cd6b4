/* SPDX-License-Identifier: MIT
 *
 * From a histogram of counts to the bars of a figure: as many as the sample can carry.
 */
#ifndef UI_BARS_H
#define UI_BARS_H

#include "plot/figure.h"
#include "stats/histogram.h"

#define BARS_MOST 1024

struct bars {
    double edge[BARS_MOST + 1], height[BARS_MOST];
    size_t n;
};

/* Density over [low, high) in per_unit bars a unit at most: halved until a bar expects 25
 * elements or only `least` a unit are left.  Elements outside go into the total alone.  per_unit is
 * a power of two. */
void bars_of(struct bars *bars, const struct histogram *histogram, double low, double high,
             double per_unit, double least);

#endif
