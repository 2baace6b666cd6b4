/* SPDX-License-Identifier: MIT
 *
 * The fast Walsh-Hadamard transform: Sylvester's matrix, whose elements are
 * (-1)^popcount(i & j), times a vector in n log2 n additions.
 */
#ifndef LINEAR_WALSH_H
#define LINEAR_WALSH_H

#include <stddef.h>

/* Transforms n values in place, n a power of two, and multiplies them by scale: with 1/sqrt(n) the
 * transform is orthogonal and its own inverse. */
void walsh_transform(double x[], size_t n, double scale);

#endif
