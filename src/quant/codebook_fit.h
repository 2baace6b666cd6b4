/* SPDX-License-Identifier: MIT
 *
 * The scale at which a codebook fits a source best.
 */
#ifndef QUANT_CODEBOOK_FIT_H
#define QUANT_CODEBOOK_FIT_H

#include "quant/codebook.h"
#include "stats/source.h"

/* The factor above 0 on the codebook's levels that makes the least MSE, for the source's family at
 * mean 0 and standard deviation 1, and that MSE in *mse (if not NULL).  One level at least is not
 * 0.  Floating-point codebooks look nearly the same at every power of two, and have a minimum at
 * each: the least of all is meant. */
double codebook_best_scale(const struct codebook *codebook, const struct source *source,
                           double *mse);

/* The largest magnitude of a level. */
double codebook_reach(const struct codebook *codebook);

#endif
