/* SPDX-License-Identifier: MIT
 *
 * The Hadamard matrices that are made as they are, not as products of smaller ones: Paley's and
 * Williamson's.
 */
#ifndef LINEAR_HADAMARD_CORE_H
#define LINEAR_HADAMARD_CORE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "linear/paley.h"

struct hadamard_core {
    size_t order;
    struct paley paley; /* field 0 for one of Williamson's */
};

/* The core of an order, Paley's where both exist; false if none is known or it is too large. */
bool hadamard_core_find(size_t order, struct hadamard_core *core);

/* "Paley I over GF(11)"; "Williamson". */
void hadamard_core_print(const struct hadamard_core *core, struct text *out);

/* The elements, [order, order], as 1 and -1.  The caller frees them. */
signed char *hadamard_core_elements(const struct hadamard_core *core);

#endif
