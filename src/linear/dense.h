/* SPDX-License-Identifier: MIT
 *
 * The two expensive operations on whole matrices, by LAPACK and BLAS where configure found them
 * (HAVE_LAPACK), else by GSL and our own product.  The only file that knows which.
 */
#ifndef LINEAR_DENSE_H
#define LINEAR_DENSE_H

#include <stdbool.h>
#include <stddef.h>

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

#include "base/error.h"

/* Whether matrices of that many rows are decomposed in seconds, not minutes; false with
 * ERROR_USAGE naming the limit and what (a transform as people type it). */
bool dense_check_size(size_t rows, const char *what, struct error *error);

/* Eigenvalues of a symmetric matrix, in any order, and its eigenvectors as the columns of
 * `vectors`, or NULL for none.  Destroys the matrix.  False with ERROR_SYSTEM if the iteration does
 * not end: numbers were not finite. */
bool dense_decompose(gsl_matrix *symmetric, gsl_vector *values, gsl_matrix *vectors,
                     struct error *error);

/* out = a b; out is apart from both. */
void dense_multiply(const gsl_matrix *a, const gsl_matrix *b, gsl_matrix *out);

#endif
