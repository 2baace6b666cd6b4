/* SPDX-License-Identifier: MIT
 *
 * The largest alignment that an invertible change of basis, x -> Mx and W -> WM⁻¹, can reach
 * (MATH §8.6).
 */
#ifndef LINEAR_MAX_ALIGNMENT_H
#define LINEAR_MAX_ALIGNMENT_H

#include <stddef.h>

/* Σλ² / (Σλ)², λ the singular values of WΣx^{1/2}, from Σx[d * d] and Σw[d * d] = WᵀW, which is
 * overwritten.  Neither is regularised; both may be singular.  Time grows with d³, and two more
 * matrices of their size are needed; dense.h says what size is reasonable.  NaN if either is zero
 * or there is no memory. */
double max_alignment(const double sigma_x[], double sigma_w[], size_t d);

/* The same where the diagonal of Σx is all that is known, or NULL for isotropic inputs. */
double max_alignment_diagonal(const double diagonal[], double sigma_w[], size_t d);

#endif
