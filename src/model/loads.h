/* SPDX-License-Identifier: MIT
 *
 * Loads of little-endian numbers from any byte, and the conversions of short floats to single, for
 * the decoders of element types.  All are free of branches, so that loops over them vectorise.
 */
#ifndef MODEL_LOADS_H
#define MODEL_LOADS_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Loads go through memcpy, as a tensor may begin at any byte; compilers make one move of it. */

static inline uint16_t load16(const unsigned char *bytes)
{
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return le16toh(value);
}

static inline uint32_t load32(const unsigned char *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return le32toh(value);
}

static inline uint64_t load64(const unsigned char *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return le64toh(value);
}

/* The number of these bits, and the bits of a number. */

static inline float single_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static inline uint32_t bits_of_single(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static inline double double_of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* a if the condition holds, else b.  With masks, since compilers make a branch of `?:` and then do
 * not vectorise the loop around it. */
static inline uint32_t choose(bool condition, uint32_t a, uint32_t b)
{
    uint32_t mask = -(uint32_t)condition;
    return (a & mask) | (b & ~mask);
}

/* IEEE half: 5 bits of exponent (bias 15), 10 of mantissa.  Written without subnormal singles, so
 * that it costs the same for every value. */
static inline float single_of_half(uint16_t half)
{
    uint32_t magnitude = half & 0x7fffu;
    uint32_t sign = (half & 0x8000u) << 16;
    uint32_t rebias = (127u - 15u) << 23;
    /* Added twice it takes the exponent of infinities and NaN, 31, to that of a single, 255. */
    uint32_t normal = (magnitude << 13) + choose(magnitude >= 0x7c00u, 2 * rebias, rebias);
    /* A subnormal is a whole number of 2^-24. */
    uint32_t subnormal = bits_of_single((float)(int32_t)magnitude * 0x1p-24f);
    uint32_t bits = choose(magnitude < 0x0400u, subnormal, normal);
    return single_of_bits(bits | sign);
}

/* bfloat16 is the upper half of a single. */
static inline float single_of_bf16(uint16_t code)
{
    return single_of_bits((uint32_t)code << 16);
}

/* OCP E8M0, a power of two: 2^(code - 127), and NaN for 255.  Code 0 is 2^-127, a subnormal. */
static inline float single_of_e8m0(unsigned char code)
{
    uint32_t normal = choose(code == 0xffu, 0x7fc00000u, (uint32_t)code << 23);
    return single_of_bits(choose(code == 0, 0x00400000u, normal));
}

/* The half and the bfloat16 at these bytes. */

static inline float load_half(const unsigned char *bytes)
{
    return single_of_half(load16(bytes));
}

static inline float load_bf16(const unsigned char *bytes)
{
    return single_of_bf16(load16(bytes));
}

/* Turns a number of so many bytes, 2, 4 or 8, end for end, in place. */
static inline void load_reverse(unsigned char *bytes, size_t width)
{
    for (size_t i = 0; i < width / 2; i++) {
        unsigned char byte = bytes[i];
        bytes[i] = bytes[width - 1 - i];
        bytes[width - 1 - i] = byte;
    }
}

#endif
