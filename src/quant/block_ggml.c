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

/* The weight of the largest magnitude, the first of several, gets code 0, one below the opposite
 * end of the codes: -half_codes .. half_codes - 1. */
static void round_signed(float half_codes, const double w[], size_t n, double out[])
{
    float extreme = 0;
    for (size_t i = 0; i < n; i++) {
        const float value = to_single(w[i]);
        extreme = fabsf(value) > fabsf(extreme) ? value : extreme;
    }
    const struct scale scale = make_scale(extreme / -half_codes);
    for (size_t i = 0; i < n; i++) {
        const float quotient = to_single(w[i]) * scale.inverse;
        const float code = to_code(quotient + (half_codes + 0.5f), 2 * half_codes - 1);
        out[i] = scale.stored != 0 ? (double)((code - half_codes) * scale.stored) : 0;
    }
}

/* From the minimum in so many steps to the maximum. */
static void round_with_minimum(float steps, const double w[], size_t n, double out[])
{
    float least = FLT_MAX, most = -FLT_MAX;
    for (size_t i = 0; i < n; i++) {
        const float value = to_single(w[i]);
        least = value < least ? value : least;
        most = value > most ? value : most;
    }
    const struct scale scale = make_scale((most - least) / steps);
    const float stored_least = to_half(least);
    for (size_t i = 0; i < n; i++) {
        const float quotient = (to_single(w[i]) - least) * scale.inverse;
        const float product = to_code(quotient + 0.5f, steps) * scale.stored;
        out[i] = (double)(scale.stored != 0 ? product + stored_least : stored_least);
    }
}

static void round_q4_0(const struct block_format *format, const double w[], size_t n, double outer,
                       double out[])
{
    (void)format, (void)outer;
    round_signed(8, w, n, out);
}

static void round_q4_1(const struct block_format *format, const double w[], size_t n, double outer,
                       double out[])
{
    (void)format, (void)outer;
    round_with_minimum(15, w, n, out);
}

static void round_q5_0(const struct block_format *format, const double w[], size_t n, double outer,
                       double out[])
{
    (void)format, (void)outer;
    round_signed(16, w, n, out);
}

static void round_q5_1(const struct block_format *format, const double w[], size_t n, double outer,
                       double out[])
{
    (void)format, (void)outer;
    round_with_minimum(31, w, n, out);
}

/* Ties away from 0, unlike everything else here. */
static void round_q8_0(const struct block_format *format, const double w[], size_t n, double outer,
                       double out[])
{
    (void)format, (void)outer;
    float most = 0;
    for (size_t i = 0; i < n; i++)
        most = fabsf(to_single(w[i])) > most ? fabsf(to_single(w[i])) : most;
    const struct scale scale = make_scale(most / 127);
    for (size_t i = 0; i < n; i++) {
        const float quotient = to_single(w[i]) * scale.inverse;
        out[i] = scale.stored != 0 ? (double)(roundf(quotient) * scale.stored) : 0;
    }
}

/* clang-format off */
const struct block_format
    block_format_q4_0 = {"q4_0", "Q4_0", 32, 4.5, 4, round_q4_0, NULL},
    block_format_q4_1 = {"q4_1", "Q4_1", 32, 5,   4, round_q4_1, NULL},
    block_format_q5_0 = {"q5_0", "Q5_0", 32, 5.5, 5, round_q5_0, NULL},
    block_format_q5_1 = {"q5_1", "Q5_1", 32, 6,   5, round_q5_1, NULL},
    block_format_q8_0 = {"q8_0", "Q8_0", 32, 8.5, 8, round_q8_0, NULL};
/* clang-format on */
