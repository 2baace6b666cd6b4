/* SPDX-License-Identifier: MIT
 *
 * Ratios of powers in decibels.
 */
#ifndef BASE_DECIBELS_H
#define BASE_DECIBELS_H

/* 10 log10 ratio; NaN for what has no finite logarithm: no noise, no signal, a sum that is beyond a
 * double. */
double decibels(double ratio);

#endif
