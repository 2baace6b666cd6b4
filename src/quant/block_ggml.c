/* SPDX-License-Identifier: MIT
 *
 * ggml's plain blocks, as its reference quantizers store them (ggml-quants.c, quantize_row_*_ref)
 * and its dequantizers read them back: single precision throughout, in their order.  Codes are
 * formed with the scale d as computed, values with d rounded to half precision.
 *
 * Two cases that the reference leaves to chance are settled here.  A block whose d rounds to 0 in
 * half precision becomes 0, or its minimum: whatever the codes are, they count nothings.  A code
 * that is not a number (of infinite d) is 0.  A d beyond half precision is stored as infinity, and
 * the block read back is infinities and NaN, as in ggml.
 */
#include "quant/block_format.h"

#include <float.h>
#include <math.h>

#include "quant/small_float.h"

static const struct small_float half = {0x1p-14, 0x1.8p42, 65504};

/* What is left of x when it is stored in half precision. */
static float to_half(float x)
{
    if (!isfinite(x))
        return x;
    const double rounded = small_float_round(&half, (double)x);
    return fabs(rounded) > half.most ? copysignf(INFINITY, x) : (float)rounded;
}

/* In single precision, which ends before double: what is beyond takes its largest number. */
static float to_single(double w)
{
    w = w < (double)FLT_MAX ? w : (double)FLT_MAX;
    return (float)(w > (double)-FLT_MAX ? w : (double)-FLT_MAX);
}

/* Truncated as a conversion to an integer does, 0 .. most. */
static float to_code(float x, float most)
{
    return x >= most ? most : x > 0 ? (float)(int)x : 0;
}

/* A scale as it is stored, and the factor that takes weights to codes. */
struct scale {
    float stored, inverse;
};

/* The quotient of 1 and d may be infinite only where the stored scale is 0, and is not used. */
static struct scale make_scale(float d)
{
    return (struct scale){to_half(d), d != 0 ? 1 / d : 0};
}

/* Codes -2^(bits-1) .. 2^(bits-1) - 1. */
static float half_codes(const struct block_format *format)
{
    return (float)(1 << ((int)format->element_bits - 1));
}

static float last_code(const struct block_format *format)
{
    return 2 * half_codes(format) - 1;
}

/* The weight of the largest magnitude, the first of several, gets the lowest code, one below the
 * opposite end of the codes; so the scale is negative where that weight is positive. */
static struct scale signed_scale(const struct block_format *format, const double w[], size_t n)
{
    float extreme = 0;
    for (size_t i = 0; i < n; i++) {
        const float value = to_single(w[i]);
        extreme = fabsf(value) > fabsf(extreme) ? value : extreme;
    }
    return make_scale(extreme / -half_codes(format));
}

static void round_signed(const struct block_format *format, const double w[], size_t n,
                         double outer, double out[])
{
    (void)outer;
    const struct scale scale = signed_scale(format, w, n);
    const float zero = half_codes(format), last = last_code(format);
    for (size_t i = 0; i < n; i++) {
        const float quotient = to_single(w[i]) * scale.inverse;
        const float code = to_code(quotient + (zero + 0.5f), last);
        out[i] = scale.stored != 0 ? (double)((code - zero) * scale.stored) : 0;
    }
}

static struct block_place place_signed(const struct block_format *format, const double w[],
                                       size_t n, double outer)
{
    (void)outer;
    const struct scale scale = signed_scale(format, w, n);
    return (struct block_place){.scale = (double)fabsf(scale.stored), .mirrored = scale.stored < 0};
}

static struct codebook *signed_elements(const struct block_format *format)
{
    const int lowest = -(int)half_codes(format);
    return block_format_integers(lowest, -lowest - 1, 1);
}

/* From the minimum in so many steps to the maximum. */
static struct scale span_scale(const struct block_format *format, const double w[], size_t n,
                               float *minimum)
{
    float least = FLT_MAX, most = -FLT_MAX;
    for (size_t i = 0; i < n; i++) {
        const float value = to_single(w[i]);
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    *minimum = least;
    return make_scale((most - least) / last_code(format));
}

static void round_with_minimum(const struct block_format *format, const double w[], size_t n,
                               double outer, double out[])
{
    (void)outer;
    float least;
    const struct scale scale = span_scale(format, w, n, &least);
    const float stored_least = to_half(least), last = last_code(format);
    for (size_t i = 0; i < n; i++) {
        const float quotient = (to_single(w[i]) - least) * scale.inverse;
        const float product = to_code(quotient + 0.5f, last) * scale.stored;
        out[i] = (double)(scale.stored != 0 ? product + stored_least : stored_least);
    }
}

static struct block_place place_with_minimum(const struct block_format *format, const double w[],
                                             size_t n, double outer)
{
    (void)outer;
    float least;
    const struct scale scale = span_scale(format, w, n, &least);
    return (struct block_place){.location = (double)to_half(least), .scale = (double)scale.stored};
}

static struct codebook *elements_with_minimum(const struct block_format *format)
{
    return block_format_integers(0, (int)last_code(format), 1);
}

/* -128 is no code of this format. */
#define Q8_CODES 127

static struct scale scale_q8_0(const double w[], size_t n)
{
    float most = 0;
    for (size_t i = 0; i < n; i++)
        most = fabsf(to_single(w[i])) > most ? fabsf(to_single(w[i])) : most;
    return make_scale(most / Q8_CODES);
}

/* Ties away from 0, unlike everything else here. */
static void round_q8_0(const struct block_format *format, const double w[], size_t n, double outer,
                       double out[])
{
    (void)format, (void)outer;
    const struct scale scale = scale_q8_0(w, n);
    for (size_t i = 0; i < n; i++) {
        const float quotient = to_single(w[i]) * scale.inverse;
        out[i] = scale.stored != 0 ? (double)(roundf(quotient) * scale.stored) : 0;
    }
}

static struct block_place place_q8_0(const struct block_format *format, const double w[], size_t n,
                                     double outer)
{
    (void)format, (void)outer;
    return (struct block_place){.scale = (double)scale_q8_0(w, n).stored};
}

static struct codebook *elements_q8_0(const struct block_format *format)
{
    (void)format;
    return block_format_integers(-Q8_CODES, Q8_CODES, 1);
}

#define SIGNED       round_signed, NULL, signed_elements, place_signed, NULL
#define WITH_MINIMUM round_with_minimum, NULL, elements_with_minimum, place_with_minimum, NULL

/* clang-format off */
const struct block_format
    block_format_q4_0 = {"q4_0", "Q4_0", 32, 4.5, 4, SIGNED},
    block_format_q4_1 = {"q4_1", "Q4_1", 32, 5,   4, WITH_MINIMUM},
    block_format_q5_0 = {"q5_0", "Q5_0", 32, 5.5, 5, SIGNED},
    block_format_q5_1 = {"q5_1", "Q5_1", 32, 6,   5, WITH_MINIMUM},
    block_format_q8_0 = {"q8_0", "Q8_0", 32, 8.5, 8, round_q8_0, NULL, elements_q8_0, place_q8_0,
                         NULL};
/* clang-format on */
