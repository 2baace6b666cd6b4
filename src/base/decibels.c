/* SPDX-License-Identifier: MIT */
#include "base/decibels.h"

#include <math.h>

double decibels(double ratio)
{
    return ratio > 0 && isfinite(ratio) ? 10 * log10(ratio) : (double)NAN;
}
