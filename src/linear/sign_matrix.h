/* SPDX-License-Identifier: MIT
 *
 * Dense square matrices of 1 and -1 times a few vectors at once: a quarter of the additions that
 * the definition asks for.
 */
#ifndef LINEAR_SIGN_MATRIX_H
#define LINEAR_SIGN_MATRIX_H

#include <stddef.h>

#include "linear/kernels.h"

/* Vectors that are multiplied at a time, side by side. */
#define SIGN_MATRIX_LANES KERNELS_SIGN_LANES

struct sign_matrix; /* immutable */

/* From [order, order] elements, of which only the sign is taken.  The caller frees it. */
struct sign_matrix *sign_matrix_new(const signed char elements[], size_t order);
void sign_matrix_free(struct sign_matrix *matrix);

/* out[order, SIGN_MATRIX_LANES] = matrix * in, which is apart and whose rows of
 * SIGN_MATRIX_LANES values begin `stride` apart. */
void sign_matrix_multiply(const struct sign_matrix *matrix, const double in[], size_t stride,
                          double out[]);

#endif
