/* SPDX-License-Identifier: MIT
 *
 * Floating point of 4, 6 and 8 bits as codebooks of all their finite values: OCP 8-bit floating
 * point 1.0 and microscaling 1.0.  -0 and +0 are one level; ties go to the even code.
 */
#include "quant/codebook.h"

#include <assert.h>
#include <math.h>

/* Of the codes without their signs, which ascend with the magnitudes. */
#define MAGNITUDES_MOST 128

static const struct format {
    const struct codebook_type *type;
    int mantissa, bias; /* bits of the one, of the exponent the other */
    size_t finite;      /* codes below the first infinity or NaN */
} formats[] = {
    {&codebook_fp4_e2m1, 1, 1, 8},    {&codebook_fp6_e2m3, 3, 1, 32},
    {&codebook_fp6_e3m2, 2, 3, 32},   {&codebook_fp8_e4m3, 3, 7, 127},
    {&codebook_fp8_e5m2, 2, 15, 124},
};

static double magnitude_of(const struct format *format, int code)
{
    const int one = 1 << format->mantissa, exponent = code / one, fraction = code % one;
    if (exponent == 0)
        return ldexp(fraction, 1 - format->bias - format->mantissa);
    return ldexp(one + fraction, exponent - format->bias - format->mantissa);
}

static struct codebook *make(const struct codebook_type *type, int bits,
                             const struct source *source, struct error *error)
{
    (void)source;
    const struct format *format = formats;
    double magnitude[MAGNITUDES_MOST];
    if (!codebook_check_bits(type, bits, error))
        return NULL;
    while (format->type != type)
        format++;
    assert(format->finite <= MAGNITUDES_MOST);
    for (size_t code = 0; code < format->finite; code++)
        magnitude[code] = magnitude_of(format, (int)code);
    return codebook_of_magnitudes(magnitude, format->finite);
}

/* clang-format off */
const struct codebook_type
    codebook_fp4_e2m1 = {"fp4-e2m1", "FP4 E2M1", 4, 4, CODEBOOK_BY_CLIP, make},
    codebook_fp6_e2m3 = {"fp6-e2m3", "FP6 E2M3", 6, 6, CODEBOOK_BY_CLIP, make},
    codebook_fp6_e3m2 = {"fp6-e3m2", "FP6 E3M2", 6, 6, CODEBOOK_BY_CLIP, make},
    codebook_fp8_e4m3 = {"fp8-e4m3", "FP8 E4M3", 8, 8, CODEBOOK_BY_CLIP, make},
    codebook_fp8_e5m2 = {"fp8-e5m2", "FP8 E5M2", 8, 8, CODEBOOK_BY_CLIP, make};
/* clang-format on */
