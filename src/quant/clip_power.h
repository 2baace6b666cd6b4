/* SPDX-License-Identifier: MIT
 *
 * Private to the clip search: the sum of |e|^p.
 */
#ifndef QUANT_CLIP_POWER_H
#define QUANT_CLIP_POWER_H

#include "quant/clip_sample.h"

struct clip_power;

/* For one exponent, 1 .. 8, and factors down to about this one.  Where values are many, they are
 * summed as groups of even density, exactly: 32 groups to a cell of the grid, but no more than 8192
 * in all. */
struct clip_power *clip_power_make(const struct clip_sample *sample,
                                   const struct clip_ladder *ladder, double p, double factor);

void clip_power_free(struct clip_power *power);

/* The sum over all values, in the sample's unit. */
double clip_power_error(const struct clip_power *power, double factor);

#endif
