/* SPDX-License-Identifier: MIT
 *
 * Finite fields of odd order q = p^n: just enough of them for Paley's matrices, which need
 * differences of elements and whether an element is a square.
 */
#ifndef LINEAR_GALOIS_H
#define LINEAR_GALOIS_H

#include <stdbool.h>
#include <stddef.h>

/* An element is a number below q: the coefficients of a polynomial over the integers modulo p, as
 * digits in base p.  Constant once made. */
struct galois {
    size_t order, prime, degree;
    signed char *character; /* [order]: 0 for zero, 1 for squares, -1 for all others */
};

/* Whether there is a field of q elements with q odd: whether q is a power of an odd prime. */
bool galois_exists(size_t q);

/* The field of q elements, which must exist; takes about q steps.  The caller frees it. */
struct galois *galois_new(size_t q);
void galois_free(struct galois *field);

size_t galois_subtract(const struct galois *field, size_t a, size_t b);

#endif
