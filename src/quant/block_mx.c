/* SPDX-License-Identifier: MIT
 *
 * Blocks of small floating point: OCP microscaling formats 1.0, whose blocks share a power of two,
 * and NVFP4, whose blocks share a number in E4M3 and whose tensors one in single precision.
 */
#include "quant/block_format.h"

#include <float.h>
#include <math.h>

#include "quant/codebook.h"
#include "quant/small_float.h"

/* Those of the scales that E8M0 has: exponents -127 .. 127. */
#define SCALE_EXPONENT_MOST 127

/* INT8 counts in 64ths and leaves its lowest code, -2, unused. */
static const struct small_float e2m1 = {1, 0x1.8p51, 6}, e2m3 = {1, 0x1.8p49, 7.5},
                                e4m3 = {0x1p-6, 0x1.8p49, 448}, int8 = {1, 0x1.8p46, 127 / 64.0};

static double largest(const double w[], size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fabs(w[i]) > most ? fabs(w[i]) : most;
    return most;
}

/* The scale takes the largest magnitude to the highest binade of the elements; what lies above
 * their largest number there saturates. */
static int exponent_mx(const struct block_format *format, const double w[], size_t n)
{
    const double most = largest(w, n);
    const int exponent = most > 0 ? ilogb(most) - ilogb(format->element->most) : 0;
    if (exponent > SCALE_EXPONENT_MOST)
        return SCALE_EXPONENT_MOST;
    return exponent < -SCALE_EXPONENT_MOST ? -SCALE_EXPONENT_MOST : exponent;
}

static void round_mx(const struct block_format *format, const double w[], size_t n, double outer,
                     double out[])
{
    (void)outer;
    const int exponent = exponent_mx(format, w, n);
    const double scale = ldexp(1, exponent), inverse = ldexp(1, -exponent);
    for (size_t i = 0; i < n; i++)
        out[i] = small_float_saturate(format->element, w[i] * inverse) * scale;
}

static struct block_place place_mx(const struct block_format *format, const double w[], size_t n,
                                   double outer)
{
    (void)outer;
    return (struct block_place){.scale = ldexp(1, exponent_mx(format, w, n))};
}

/* The tensor's scale takes its largest magnitude to the largest element under the largest scale of
 * a block.  It saturates like everything else here: an infinite one would leave no number. */
static double outer_nvfp4(double abs_max)
{
    return (double)(float)fmin(abs_max / (e2m1.most * e4m3.most), (double)FLT_MAX);
}

/* A block far below the tensor's largest weight has scale 0, and all of it becomes 0; so has a
 * tensor below all single precision. */
static struct block_place place_nvfp4(const struct block_format *format, const double w[], size_t n,
                                      double outer)
{
    /* Limited first: under a subnormal outer scale the quotient may be beyond all bounds. */
    const double wanted =
        outer > 0 ? fmin(largest(w, n) / format->element->most / outer, e4m3.most) : 0;
    return (struct block_place){.scale = small_float_saturate(&e4m3, wanted) * outer};
}

static void round_nvfp4(const struct block_format *format, const double w[], size_t n, double outer,
                        double out[])
{
    const double scale = place_nvfp4(format, w, n, outer).scale;
    for (size_t i = 0; i < n; i++)
        out[i] = scale > 0 ? small_float_saturate(format->element, w[i] / scale) * scale : 0;
}

/* The same numbers as those of a codebook's type. */
static struct codebook *elements_of(const struct codebook_type *type)
{
    return type->make(type, type->bits_least, NULL, NULL);
}

static struct codebook *elements_e2m1(const struct block_format *format)
{
    (void)format;
    return elements_of(&codebook_fp4_e2m1);
}

static struct codebook *elements_e2m3(const struct block_format *format)
{
    (void)format;
    return elements_of(&codebook_fp6_e2m3);
}

static struct codebook *elements_e4m3(const struct block_format *format)
{
    (void)format;
    return elements_of(&codebook_fp8_e4m3);
}

static struct codebook *elements_int8(const struct block_format *format)
{
    (void)format;
    return block_format_integers(-127, 127, 64);
}

/* clang-format off */
const struct block_format
    block_format_mxfp4  = {"mxfp4",  "MXFP4",  32, 4.25, 4, round_mx, NULL, elements_e2m1,
                           place_mx, &e2m1},
    block_format_mxfp6  = {"mxfp6",  "MXFP6",  32, 6.25, 6, round_mx, NULL, elements_e2m3,
                           place_mx, &e2m3},
    block_format_mxfp8  = {"mxfp8",  "MXFP8",  32, 8.25, 8, round_mx, NULL, elements_e4m3,
                           place_mx, &e4m3},
    block_format_mxint8 = {"mxint8", "MXINT8", 32, 8.25, 8, round_mx, NULL, elements_int8,
                           place_mx, &int8},
    block_format_nvfp4  = {"nvfp4",  "NVFP4",  16, 4.5,  4, round_nvfp4, outer_nvfp4,
                           elements_e2m1, place_nvfp4, &e2m1};
/* clang-format on */
