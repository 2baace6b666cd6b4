/* SPDX-License-Identifier: MIT
 *
 * What theory says of the error of a Gaussian on an endless grid, quick enough for every channel at
 * every width.
 */
#ifndef ENGINE_LADDER_THEORY_H
#define ENGINE_LADDER_THEORY_H

/* Mean and variance of e for weights of that mean and standard deviation, step > 0. */
void ladder_theory(double mean, double std, double step, double *error_mean,
                   double *error_variance);

#endif
