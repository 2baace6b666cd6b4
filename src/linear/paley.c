/* SPDX-License-Identifier: MIT */
#include "linear/paley.h"

#include "base/mem.h"
#include "linear/galois.h"

const char *paley_kind_name(enum paley_kind kind)
{
    return kind == PALEY_I ? "I" : "II";
}

bool paley_find(size_t order, struct paley *paley)
{
    if (order < 4 || order % 4 != 0)
        return false;
    if (galois_exists(order - 1)) { /* 3 modulo 4, as the order is a multiple of 4 */
        *paley = (struct paley){.kind = PALEY_I, .order = order, .field = order - 1};
        return true;
    }
    const size_t half = order / 2 - 1;
    if (half % 4 == 1 && galois_exists(half)) {
        *paley = (struct paley){.kind = PALEY_II, .order = order, .field = half};
        return true;
    }
    return false;
}

/* The conference matrix C of order q + 1: zero on the diagonal, 1 in the first row, +-1 in the
 * first column, and elsewhere whether the difference of two elements is a square.  CCᵀ = q I; C is
 * skew for q = 3 modulo 4, where -1 is no square, and symmetric for q = 1. */
static int conference(const struct galois *field, size_t i, size_t j)
{
    if (i == j)
        return 0;
    if (i == 0)
        return 1;
    if (j == 0)
        return field->order % 4 == 3 ? -1 : 1;
    return field->character[galois_subtract(field, i - 1, j - 1)];
}

/* C + I. */
static int first_kind(const struct galois *field, size_t i, size_t j)
{
    return i == j ? 1 : conference(field, i, j);
}

/* Each element c of C becomes c (1 1; 1 -1), and the zeros of its diagonal (1 -1; -1 -1). */
static int second_kind(const struct galois *field, size_t i, size_t j)
{
    const int c = conference(field, i / 2, j / 2);
    if (c == 0)
        return i % 2 == 0 && j % 2 == 0 ? 1 : -1;
    return i % 2 == 1 && j % 2 == 1 ? -c : c;
}

signed char *paley_elements(const struct paley *paley)
{
    struct galois *field = galois_new(paley->field);
    signed char *elements = mem_alloc(paley->order * paley->order, sizeof *elements);
    for (size_t i = 0; i < paley->order; i++)
        for (size_t j = 0; j < paley->order; j++) {
            int sign = paley->kind == PALEY_I ? first_kind(field, i, j) : second_kind(field, i, j);
            elements[i * paley->order + j] = (signed char)sign;
        }
    galois_free(field);
    return elements;
}
