/* SPDX-License-Identifier: MIT
 *
 * Dense square matrices of 1 and -1 times a few vectors at once: a quarter of the additions that
 * the definition asks for.
 */
#ifndef LINEAR_SIGN_MATRIX_H
#define LINEAR_SIGN_MATRIX_H

#include <stddef.h>

/* Vectors that are multiplied at a time, side by side. */
#define SIGN_MATRIX_LANES 8

struct sign_matrix; /* immutable */

/* From [order, order] elements, of which only the sign is taken.  The caller frees it. */
struct sign_matrix *sign_matrix_new(const signed char elements[], size_t order);
void sign_matrix_free(struct sign_matrix *matrix);

/* out = matrix * in, both [order, SIGN_MATRIX_LANES] and apart. */
void sign_matrix_multiply(const struct sign_matrix *matrix, const double in[], double out[]);

#endif
