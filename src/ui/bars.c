/* SPDX-License-Identifier: MIT */
#include "ui/bars.h"

#include <math.h>

/* A bar of so many elements is off by a fifth, one standard deviation: the noise still reads as
 * noise and the shape as shape. */
#define EXPECTED 25

void bars_of(struct bars *bars, const struct histogram *histogram, double low, double high,
             double per_unit, double least)
{
    double total = (double)histogram_total(histogram);
    while (per_unit > least && total / ((high - low) * per_unit) < EXPECTED)
        per_unit /= 2;
    bars->n = (size_t)fmin(round((high - low) * per_unit), BARS_MOST);
    if (bars->n == 0)
        bars->n = 1;
    double width = (high - low) / (double)bars->n;
    for (size_t i = 0; i <= bars->n; i++)
        bars->edge[i] = low + (double)i * width;
    for (size_t i = 0; i < bars->n; i++)
        bars->height[i] =
            total > 0 ? histogram_mass(histogram, bars->edge[i], bars->edge[i + 1]) / total / width
                      : 0;
}
