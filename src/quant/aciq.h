/* SPDX-License-Identifier: MIT
 *
 * ACIQ's analytical clip thresholds (arXiv 1810.05723; MATH §6, FORMULAS §4.1), and the exact one.
 */
#ifndef QUANT_ACIQ_H
#define QUANT_ACIQ_H

#include "stats/source.h"

/* α/σ for a Gaussian, the root of α erfc(α/√2) - √(2/π) exp(-α²/2) + α/(3·4^bits) = 0, and α/β for
 * a Laplace of scale β: W0(3·4^bits).  bits 1 .. 16. */
double aciq_gaussian(int bits);
double aciq_laplace(int bits);

/* The c of least MSE of the symmetric grid -N..N, N = 2^(bits-1) - 1, for the source's family at
 * mean 0 and standard deviation 1 (MATH §6), and that MSE in *mse (if not NULL); bits 2 .. 16. */
double aciq_best_symmetric(const struct source *source, int bits, double *mse);

#endif
