/* SPDX-License-Identifier: MIT
 *
 * No multiplication table is needed.  Elements are polynomials in x modulo a polynomial of degree
 * n; if the powers of x run through all q - 1 elements but zero, every one of those has an inverse,
 * so this is a field; and then the squares are the even powers of x.
 */
#include "linear/galois.h"

#include <assert.h>

#include "base/mem.h"

/* The smallest prime that divides q >= 2. */
static size_t smallest_prime(size_t q)
{
    for (size_t p = 2; p <= q / p; p++)
        if (q % p == 0)
            return p;
    return q;
}

bool galois_exists(size_t q)
{
    if (q < 3 || q % 2 == 0)
        return false;
    const size_t p = smallest_prime(q);
    while (q % p == 0)
        q /= p;
    return q == 1;
}

/* a + factor * b, digit by digit, factor < p. */
static size_t add_multiple(const struct galois *field, size_t a, size_t factor, size_t b)
{
    size_t sum = 0;
    for (size_t place = 1; place < field->order; place *= field->prime) {
        sum += (a + factor * b) % field->prime * place;
        a /= field->prime;
        b /= field->prime;
    }
    return sum;
}

size_t galois_subtract(const struct galois *field, size_t a, size_t b)
{
    return add_multiple(field, a, field->prime - 1, b);
}

/* a * x, where x^n = feedback. */
static size_t times_x(const struct galois *field, size_t feedback, size_t a)
{
    const size_t highest_place = field->order / field->prime;
    return add_multiple(field, a % highest_place * field->prime, a / highest_place, feedback);
}

/* Whether the powers of x run through all elements but zero before they come back to 1. */
static bool is_primitive(const struct galois *field, size_t feedback)
{
    size_t power = times_x(field, feedback, 1), steps = 1;
    for (; power != 1 && steps < field->order; steps++)
        power = times_x(field, feedback, power);
    return steps == field->order - 1;
}

struct galois *galois_new(size_t q)
{
    assert(galois_exists(q));
    struct galois *field = mem_alloc(1, sizeof *field);
    *field = (struct galois){.order = q, .prime = smallest_prime(q)};
    for (size_t rest = q; rest > 1; rest /= field->prime)
        field->degree++;
    size_t feedback = 1;
    while (!is_primitive(field, feedback)) /* there is one in every finite field */
        feedback++;
    field->character = mem_zero(q, sizeof *field->character);
    signed char sign = 1;
    for (size_t power = 1, i = 0; i < q - 1; i++, sign = (signed char)-sign) {
        field->character[power] = sign;
        power = times_x(field, feedback, power);
    }
    return field;
}

void galois_free(struct galois *field)
{
    if (field)
        mem_free(field->character);
    mem_free(field);
}
