/* SPDX-License-Identifier: MIT
 *
 * Paley's Hadamard matrices (R. E. A. C. Paley, "On orthogonal matrices", 1933): elements are 1 and
 * -1, rows are orthogonal, made from the squares of a finite field.
 */
#ifndef LINEAR_PALEY_H
#define LINEAR_PALEY_H

#include <stdbool.h>
#include <stddef.h>

/* I: order q + 1, q = 3 modulo 4.  II: order 2 (q + 1), q = 1 modulo 4. */
enum paley_kind { PALEY_I, PALEY_II };

struct paley {
    enum paley_kind kind;
    size_t order, field; /* of the matrix, and q */
};

/* The construction of that order, the first kind if both exist; false if none does. */
bool paley_find(size_t order, struct paley *paley);

/* "I" or "II". */
const char *paley_kind_name(enum paley_kind kind);

/* The elements, [order, order], as 1 and -1.  The caller frees them. */
signed char *paley_elements(const struct paley *paley);

#endif
