/* SPDX-License-Identifier: MIT */
#include "linear/concentration.h"

#include <math.h>

void concentration_add(struct concentration *sums, const double v[], size_t n, double range)
{
    double power = 0;
    for (size_t i = 0; i < n; i++)
        power += v[i] * v[i];
    sums->power += power;
    sums->ranges += range * range;
}

void concentration_merge(struct concentration *sums, const struct concentration *other)
{
    sums->power += other->power;
    sums->ranges += other->ranges;
}

double concentration_value(const struct concentration *sums)
{
    return sums->ranges > 0 ? sums->power / sums->ranges : (double)NAN;
}
