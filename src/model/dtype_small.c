/* SPDX-License-Identifier: MIT
 *
 * Floating point of 4, 6 and 8 bits: the OCP formats (8-bit floating point 1.0 and microscaling
 * 1.0) and the FNUZ variants of Graphcore and AMD (finite, no negative zero, NaN in its place).
 */
#include "model/dtype.h"
#include "model/loads.h"

/* A magnitude of `mantissa` bits and an exponent above them.  Its bits, moved, are those of a
 * single; a subnormal is a whole number of the smallest one. */
static uint32_t magnitude_bits(uint32_t magnitude, unsigned mantissa, unsigned bias)
{
    uint32_t normal = (magnitude << (23 - mantissa)) + ((127u - bias) << 23);
    float unit = single_of_bits((127u + 1u - bias - mantissa) << 23);
    uint32_t subnormal = bits_of_single((float)(int32_t)magnitude * unit);
    return choose(magnitude >> mantissa == 0, subnormal, normal);
}

/* E4M3: no infinities, the largest magnitude is NaN, so 0x7e is 448. */
static double e4m3_value(unsigned char code)
{
    uint32_t magnitude = code & 0x7fu;
    uint32_t bits = choose(magnitude == 0x7fu, 0x7fc00000u, magnitude_bits(magnitude, 3, 7));
    return (double)single_of_bits(bits | (code & 0x80u) << 24);
}

static double fnuz_value(unsigned char code, unsigned mantissa, unsigned bias)
{
    uint32_t bits = magnitude_bits(code & 0x7fu, mantissa, bias) | (code & 0x80u) << 24;
    return (double)single_of_bits(choose(code == 0x80u, 0x7fc00000u, bits));
}

/* Codes of `bits` bits, a sign on top, without infinities and NaN. */
static double finite_value(uint32_t code, unsigned bits, unsigned mantissa, unsigned bias)
{
    uint32_t sign = code >> (bits - 1), magnitude = code & ((1u << (bits - 1)) - 1);
    return (double)single_of_bits(magnitude_bits(magnitude, mantissa, bias) | sign << 31);
}

static void decode_e4m3(const unsigned char *bytes, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = e4m3_value(bytes[i]);
}

static void decode_e4m3fnuz(const unsigned char *bytes, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = fnuz_value(bytes[i], 3, 8);
}

static void decode_e5m2fnuz(const unsigned char *bytes, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = fnuz_value(bytes[i], 2, 16);
}

static void decode_e8m0(const unsigned char *bytes, size_t n, double *out)
{
    for (size_t i = 0; i < n; i++)
        out[i] = (double)single_of_e8m0(bytes[i]);
}

/* Two codes a byte, the first in the lower half. */
static void decode_e2m1(const unsigned char *bytes, size_t blocks, double *out)
{
    for (size_t i = 0; i < blocks; i++) {
        out[2 * i] = finite_value(bytes[i] & 15u, 4, 1, 1);
        out[2 * i + 1] = finite_value(bytes[i] >> 4, 4, 1, 1);
    }
}

/* Four codes in three bytes, the first in the lowest bits. */
static void decode_six(const unsigned char *bytes, size_t blocks, unsigned mantissa, unsigned bias,
                       double *out)
{
    for (size_t i = 0; i < blocks; i++) {
        const unsigned char *at = bytes + 3 * i;
        uint32_t codes = at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16;
        for (unsigned k = 0; k < 4; k++)
            out[4 * i + k] = finite_value(codes >> 6 * k & 63u, 6, mantissa, bias);
    }
}

static void decode_e2m3(const unsigned char *bytes, size_t blocks, double *out)
{
    decode_six(bytes, blocks, 3, 1, out);
}

static void decode_e3m2(const unsigned char *bytes, size_t blocks, double *out)
{
    decode_six(bytes, blocks, 2, 3, out);
}

const struct dtype dtype_e4m3 = {"F8_E4M3", 1, 1, decode_e4m3, NULL, NULL};
const struct dtype dtype_e4m3fnuz = {"F8_E4M3FNUZ", 1, 1, decode_e4m3fnuz, NULL, NULL};
const struct dtype dtype_e5m2fnuz = {"F8_E5M2FNUZ", 1, 1, decode_e5m2fnuz, NULL, NULL};
const struct dtype dtype_e8m0 = {"F8_E8M0", 1, 1, decode_e8m0, NULL, NULL};
const struct dtype dtype_e2m1 = {"F4", 2, 1, decode_e2m1, NULL, NULL};
const struct dtype dtype_e2m3 = {"F6_E2M3", 4, 3, decode_e2m3, NULL, NULL};
const struct dtype dtype_e3m2 = {"F6_E3M2", 4, 3, decode_e3m2, NULL, NULL};
