/* SPDX-License-Identifier: MIT
 *
 * Eigenvalues and eigenvectors of symmetric tridiagonal matrices by the implicit QR algorithm with
 * Wilkinson's shift (Golub and Van Loan, Matrix Computations, §8.3).
 */
#ifndef LINEAR_TRIDIAGONAL_H
#define LINEAR_TRIDIAGONAL_H

#include <stdbool.h>

#include <gsl/gsl_matrix.h>
#include <gsl/gsl_vector.h>

/* From the n elements of the diagonal, which become the eigenvalues in no order, and the n - 1
 * beside it, which are used up; both are without gaps.  The n rows of `rows` take part in all
 * rotations: from the identity they become the eigenvectors, from Qᵀ those of Q T Qᵀ.  False if the
 * iteration does not end: numbers were not finite. */
bool tridiagonal_solve(gsl_vector *diagonal, gsl_vector *beside, gsl_matrix *rows);

#endif
