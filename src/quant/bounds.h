/* SPDX-License-Identifier: MIT
 *
 * What the error of any code of b bits a weight can be compared with (MATH §7): factors on σ² 4^-b
 * for a source of standard deviation σ; NaN for sources that they are not known of.
 */
#ifndef QUANT_BOUNDS_H
#define QUANT_BOUNDS_H

#include "stats/source.h"

/* Panter and Dite's: what 2^b levels of the best places come near to where they are many. */
double bounds_panter_dite(const struct source_type *type);

/* Shannon's lower bound, exp(2h) / (2πe σ²) with h the density's entropy in nats: no code of any
 * length is better. */
double bounds_shannon(const struct source_type *type);

#endif
