/* SPDX-License-Identifier: MIT
 *
 * Percentiles of channels of any length (MATH §2.4, §5.2).
 */
#ifndef ENGINE_PERCENTILE_H
#define ENGINE_PERCENTILE_H

#include "engine/profile.h"
#include "engine/stage.h"

/* What is ranked: the values, or their magnitudes. */
enum percentile_of { PERCENTILE_OF_VALUES, PERCENTILE_OF_MAGNITUDES };

/* Writes the p-th percentile of every row to out[channels]; NaN for a row without finite elements.
 * Rows that fit a worker's buffer are selected there; longer ones are counted by their leading
 * bits, 16 at a time, in four sweeps: exact in fixed memory. */
bool percentile_compute(const struct stage *stage, const struct profile *profile,
                        enum percentile_of of, double p, double out[], struct error *error);

#endif
