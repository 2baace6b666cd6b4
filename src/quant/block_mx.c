/* SPDX-License-Identifier: MIT
 *
 * Blocks of small floating point: OCP microscaling formats 1.0, whose blocks share a power of two,
 * and NVFP4, whose blocks share a number in E4M3 and whose tensors one in single precision.
 */
#include "quant/block_format.h"

#include <float.h>
#include <math.h>

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
static void round_mx(const struct small_float *element, const double w[], size_t n, double out[])
{
    const double most = largest(w, n);
    int exponent = most > 0 ? ilogb(most) - ilogb(element->most) : 0;
    if (exponent > SCALE_EXPONENT_MOST)
        exponent = SCALE_EXPONENT_MOST;
    if (exponent < -SCALE_EXPONENT_MOST)
        exponent = -SCALE_EXPONENT_MOST;
    const double scale = ldexp(1, exponent), inverse = ldexp(1, -exponent);
    for (size_t i = 0; i < n; i++)
        out[i] = small_float_saturate(element, w[i] * inverse) * scale;
}

static void round_mxfp4(const struct block_format *format, const double w[], size_t n, double outer,
                        double out[])
{
    (void)format, (void)outer;
    round_mx(&e2m1, w, n, out);
}

static void round_mxfp6(const struct block_format *format, const double w[], size_t n, double outer,
                        double out[])
{
    (void)format, (void)outer;
    round_mx(&e2m3, w, n, out);
}

static void round_mxfp8(const struct block_format *format, const double w[], size_t n, double outer,
                        double out[])
{
    (void)format, (void)outer;
    round_mx(&e4m3, w, n, out);
}

static void round_mxint8(const struct block_format *format, const double w[], size_t n,
                         double outer, double out[])
{
    (void)format, (void)outer;
    round_mx(&int8, w, n, out);
}

/* The tensor's scale takes its largest magnitude to the largest element under the largest scale of
 * a block.  It saturates like everything else here: an infinite one would leave no number. */
static double outer_nvfp4(double abs_max)
{
    return (double)(float)fmin(abs_max / (e2m1.most * e4m3.most), (double)FLT_MAX);
}

/* A block far below the tensor's largest weight has scale 0, and all of it becomes 0; so has a
 * tensor below all single precision. */
static void round_nvfp4(const struct block_format *format, const double w[], size_t n, double outer,
                        double out[])
{
    (void)format;
    /* Limited first: under a subnormal outer scale the quotient may be beyond all bounds. */
    const double wanted = outer > 0 ? fmin(largest(w, n) / e2m1.most / outer, e4m3.most) : 0;
    const double scale = small_float_saturate(&e4m3, wanted) * outer;
    for (size_t i = 0; i < n; i++)
        out[i] = scale > 0 ? small_float_saturate(&e2m1, w[i] / scale) * scale : 0;
}

/* clang-format off */
const struct block_format
    block_format_mxfp4  = {"mxfp4",  "MXFP4",  32, 4.25, 4, round_mxfp4,  NULL},
    block_format_mxfp6  = {"mxfp6",  "MXFP6",  32, 6.25, 6, round_mxfp6,  NULL},
    block_format_mxfp8  = {"mxfp8",  "MXFP8",  32, 8.25, 8, round_mxfp8,  NULL},
    block_format_mxint8 = {"mxint8", "MXINT8", 32, 8.25, 8, round_mxint8, NULL},
    block_format_nvfp4  = {"nvfp4",  "NVFP4",  16, 4.5,  4, round_nvfp4,  outer_nvfp4};
/* clang-format on */
