/* SPDX-License-Identifier: MIT
 *
 * Products of dense matrices in the order that caches like, without threads of their own: workers
 * call them, and the result must not depend on who else is at work.
 */
#ifndef LINEAR_PRODUCT_H
#define LINEAR_PRODUCT_H

#include <gsl/gsl_matrix.h>

/* out = a b; out is apart from both. */
void product_form(const gsl_matrix *a, const gsl_matrix *b, gsl_matrix *out);

#endif
