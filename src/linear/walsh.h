/* SPDX-License-Identifier: MIT
 *
 * The fast Walsh-Hadamard transform: Sylvester's matrix, whose elements are
 * (-1)^popcount(i & j), times a vector in n log2 n additions.
 */
#ifndef LINEAR_WALSH_H
#define LINEAR_WALSH_H

#include <stddef.h>

/* Multiplies n values by scale and transforms them in place, block after block; block is a power of
 * two that divides n.  With 1/sqrt(block) the transform is orthogonal and its own inverse.  The
 * result is the same on all processors. */
void walsh_transform(double x[], size_t n, size_t block, double scale);

/* The same in single precision, for consumers that have no use for more digits.  With u = 2^-24 a
 * result errs by at most about (1 + log2 block) u scale times the sum of its block's magnitudes,
 * and usually, where the values are as good as random, by less than 2 u of a result's size; where
 * products with the scale are below 2^-126, by block * 2^-150 more.  A block with a NaN in it
 * becomes NaN; one with infinities, or with sums beyond the largest single, infinite or NaN here
 * and there. */
void walsh_transform_single(float x[], size_t n, size_t block, float scale);

#endif
