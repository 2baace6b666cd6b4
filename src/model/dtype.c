/* SPDX-License-Identifier: MIT */
#include "model/dtype.h"

#include <endian.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Loads go through memcpy, as a tensor may begin at any byte; compilers make one move of it. */

static uint16_t load16(const unsigned char *bytes)
{
    uint16_t value;
    memcpy(&value, bytes, sizeof value);
    return le16toh(value);
}

static uint32_t load32(const unsigned char *bytes)
{
    uint32_t value;
    memcpy(&value, bytes, sizeof value);
    return le32toh(value);
}

static uint64_t load64(const unsigned char *bytes)
{
    uint64_t value;
    memcpy(&value, bytes, sizeof value);
    return le64toh(value);
}

static float single_of_bits(uint32_t bits)
{
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

static uint32_t bits_of_single(float value)
{
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits;
}

static double double_of_bits(uint64_t bits)
{
    double value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* a if the condition holds, else b.  With masks, since compilers make a branch of `?:` and then do
 * not vectorise the loop around it. */
static uint32_t choose(bool condition, uint32_t a, uint32_t b)
{
    uint32_t mask = -(uint32_t)condition;
    return (a & mask) | (b & ~mask);
}

/* IEEE half: 5 bits of exponent (bias 15), 10 of mantissa.  Written without branches and without
 * subnormal singles, so that loops over it vectorise and cost the same for every value. */
static double half_value(uint16_t half)
{
    uint32_t magnitude = half & 0x7fffu;
    uint32_t sign = (half & 0x8000u) << 16;
    uint32_t rebias = (127u - 15u) << 23;
    /* Added twice it takes the exponent of infinities and NaN, 31, to that of a single, 255. */
    uint32_t normal = (magnitude << 13) + choose(magnitude >= 0x7c00u, 2 * rebias, rebias);
    /* A subnormal is a whole number of 2^-24. */
    uint32_t subnormal = bits_of_single((float)(int32_t)magnitude * 0x1p-24f);
    uint32_t bits = choose(magnitude < 0x0400u, subnormal, normal);
    return (double)single_of_bits(bits | sign);
}

/* OCP FP8 E4M3: bias 7, no infinities, the largest magnitude is NaN, so 0x7e is 448. */
static double e4m3_value(unsigned char code)
{
    uint32_t magnitude = code & 0x7fu;
    uint32_t sign = (code & 0x80u) << 24;
    uint32_t normal = (magnitude << 20) + ((127u - 7u) << 23);
    normal = choose(magnitude == 0x7fu, 0x7fc00000u, normal);
    uint32_t subnormal = bits_of_single((float)(int32_t)magnitude * 0x1p-9f);
    uint32_t bits = choose(magnitude < 0x08u, subnormal, normal);
    return (double)single_of_bits(bits | sign);
}

/* Defines decode_NAME for elements of SIZE bytes, VALUE being the element at `at`. */
#define DEFINE_DECODE(NAME, SIZE, VALUE)                                         \
    static void decode_##NAME(const unsigned char *bytes, size_t n, double *out) \
    {                                                                            \
        for (size_t i = 0; i < n; i++) {                                         \
            const unsigned char *at = bytes + i * (SIZE);                        \
            out[i] = (VALUE);                                                    \
        }                                                                        \
    }

DEFINE_DECODE(f64, 8, double_of_bits(load64(at)))
DEFINE_DECODE(f32, 4, (double)single_of_bits(load32(at)))
DEFINE_DECODE(bf16, 2, (double)single_of_bits((uint32_t)load16(at) << 16))
DEFINE_DECODE(f16, 2, half_value(load16(at)))
DEFINE_DECODE(e4m3, 1, e4m3_value(*at))
/* E5M2 is the upper byte of a half. */
DEFINE_DECODE(e5m2, 1, half_value((uint16_t)(*at << 8)))
DEFINE_DECODE(i64, 8, (double)(int64_t)load64(at))
DEFINE_DECODE(u64, 8, (double)load64(at))
DEFINE_DECODE(i32, 4, (double)(int32_t)load32(at))
DEFINE_DECODE(u32, 4, (double)load32(at))
DEFINE_DECODE(i16, 2, (double)(int16_t)load16(at))
DEFINE_DECODE(u16, 2, (double)load16(at))
DEFINE_DECODE(i8, 1, (double)(int8_t)*at)
DEFINE_DECODE(u8, 1, (double)*at)
DEFINE_DECODE(bool, 1, *at ? 1.0 : 0.0)

/* The types of the safetensors format. */
static const struct dtype safetensors_types[] = {
    {"F32", 32, decode_f32, NULL},
    {"BF16", 16, decode_bf16, NULL},
    {"F16", 16, decode_f16, NULL},
    {"F64", 64, decode_f64, NULL},
    {"F8_E4M3", 8, decode_e4m3, NULL},
    {"F8_E5M2", 8, decode_e5m2, NULL},
    {"I64", 64, decode_i64, NULL},
    {"U64", 64, decode_u64, NULL},
    {"I32", 32, decode_i32, NULL},
    {"U32", 32, decode_u32, NULL},
    {"I16", 16, decode_i16, NULL},
    {"U16", 16, decode_u16, NULL},
    {"I8", 8, decode_i8, NULL},
    {"U8", 8, decode_u8, NULL},
    {"BOOL", 8, decode_bool, NULL},
    {"F8_E8M0", 8, NULL, "F8_E8M0 elements are scales, which are not decoded yet"},
    {"F8_E4M3FNUZ", 8, NULL, "F8_E4M3FNUZ elements are not decoded yet"},
    {"F8_E5M2FNUZ", 8, NULL, "F8_E5M2FNUZ elements are not decoded yet"},
    {"F6_E2M3", 6, NULL, "F6_E2M3 elements are not decoded yet"},
    {"F6_E3M2", 6, NULL, "F6_E3M2 elements are not decoded yet"},
    {"F4", 4, NULL, "F4 elements are not decoded yet"},
    {"C64", 64, NULL, "complex numbers have no rounding error here"},
};

const struct dtype *dtype_of_safetensors(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof safetensors_types / sizeof safetensors_types[0]; i++) {
        const struct dtype *dtype = &safetensors_types[i];
        if (strlen(dtype->name) == length && memcmp(dtype->name, name, length) == 0)
            return dtype;
    }
    return NULL;
}
