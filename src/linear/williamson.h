/* SPDX-License-Identifier: MIT
 *
 * Williamson's Hadamard matrices (J. Williamson, "Hadamard's determinant theorem and the sum of
 * four squares", 1944) of the orders that Paley's do not reach and widths of layers have: four
 * symmetric circulants in the form of a quaternion.
 */
#ifndef LINEAR_WILLIAMSON_H
#define LINEAR_WILLIAMSON_H

#include <stdbool.h>
#include <stddef.h>

bool williamson_exists(size_t order);

/* The elements, [order, order], as 1 and -1, of an order that exists.  The caller frees them. */
signed char *williamson_elements(size_t order);

#endif
