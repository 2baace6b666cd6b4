/* SPDX-License-Identifier: MIT
 *
 * Rounding to floating point of few bits, nearest, ties to even.
 */
#ifndef QUANT_SMALL_FLOAT_H
#define QUANT_SMALL_FLOAT_H

#include <stdint.h>
#include <string.h>

/* A format's numbers as far as rounding looks at them; fixed point is the case least > most / 2. */
struct small_float {
    double least;   /* the smallest normal magnitude, a power of two: below it steps are the same */
    double rounder; /* 1.5 * 2^(52 - bits of the fraction) */
    double most;    /* the largest magnitude */
};

/* The nearest multiple of the step at x, whatever its magnitude: to be limited to the largest one
 * by who knows what becomes of greater ones.  x must be finite and below 2^900. */
static inline double small_float_round(const struct small_float *format, double x)
{
    uint64_t bits;
    double power; /* of two, the greatest that is not above |x| */
    memcpy(&bits, &x, sizeof bits);
    bits &= UINT64_C(0x7ff) << 52;
    memcpy(&power, &bits, sizeof power);
    /* The sum with this has no bits left for what is below a step. */
    const double rounder = (power > format->least ? power : format->least) * format->rounder;
    return (x + rounder) - rounder;
}

/* The same, limited to the largest magnitude: first, so that x may be anything. */
static inline double small_float_saturate(const struct small_float *format, double x)
{
    x = x > format->most ? format->most : x;
    x = x < -format->most ? -format->most : x;
    return small_float_round(format, x);
}

#endif
