/* SPDX-License-Identifier: MIT
 *
 * Private to the clip search: every way of giving levels to few values.
 */
#ifndef QUANT_CLIP_SWEEP_H
#define QUANT_CLIP_SWEEP_H

#include "quant/clip_sample.h"

/* Values more than this have valleys too shallow to be worth a look at each. */
#define CLIP_SWEEP_VALUES 1024

struct clip_sweep;

/* The ways that values of a sorted sample go to levels while the factor falls from 1 to `least`:
 * one for each value that crosses a threshold.  found is told the sums of each (of those that lie
 * closer together than most, of the last). */
void clip_sweep(const struct clip_sample *sample, const struct clip_ladder *ladder, double least,
                void (*found)(void *context, const struct clip_fit *fit), void *context);

#endif
