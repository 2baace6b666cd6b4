/* SPDX-License-Identifier: MIT */
#include "model/dtype.h"

#include <string.h>

#include "base/mem.h"
#include "model/loads.h"

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
DEFINE_DECODE(bf16, 2, (double)load_bf16(at))
DEFINE_DECODE(f16, 2, (double)load_half(at))
/* E5M2 is the upper byte of a half. */
DEFINE_DECODE(e5m2, 1, (double)single_of_half((uint16_t)(*at << 8)))
DEFINE_DECODE(i64, 8, (double)(int64_t)load64(at))
DEFINE_DECODE(u64, 8, (double)load64(at))
DEFINE_DECODE(i32, 4, (double)(int32_t)load32(at))
DEFINE_DECODE(u32, 4, (double)load32(at))
DEFINE_DECODE(i16, 2, (double)(int16_t)load16(at))
DEFINE_DECODE(u16, 2, (double)load16(at))
DEFINE_DECODE(i8, 1, (double)(int8_t)*at)
DEFINE_DECODE(u8, 1, (double)*at)
DEFINE_DECODE(bool, 1, *at ? 1.0 : 0.0)

/* The bytes of n numbers of `size` bytes in the other order. */
static void reverse(unsigned char *bytes, size_t n, unsigned size)
{
    for (unsigned char *end = bytes + n * size; bytes < end; bytes += size)
        for (unsigned i = 0; i < size / 2; i++) {
            unsigned char first = bytes[i];
            bytes[i] = bytes[size - 1 - i];
            bytes[size - 1 - i] = first;
        }
}

static void reverse_2(unsigned char *bytes, size_t n)
{
    reverse(bytes, n, 2);
}

static void reverse_4(unsigned char *bytes, size_t n)
{
    reverse(bytes, n, 4);
}

static void reverse_8(unsigned char *bytes, size_t n)
{
    reverse(bytes, n, 8);
}

static const char complex_reason[] = "complex numbers have no rounding error here";

const struct dtype dtype_f64 = {"F64", 1, 8, decode_f64, reverse_8, NULL};
const struct dtype dtype_f32 = {"F32", 1, 4, decode_f32, reverse_4, NULL};
const struct dtype dtype_f16 = {"F16", 1, 2, decode_f16, reverse_2, NULL};
const struct dtype dtype_bf16 = {"BF16", 1, 2, decode_bf16, reverse_2, NULL};
const struct dtype dtype_i64 = {"I64", 1, 8, decode_i64, reverse_8, NULL};
const struct dtype dtype_i32 = {"I32", 1, 4, decode_i32, reverse_4, NULL};
const struct dtype dtype_i16 = {"I16", 1, 2, decode_i16, reverse_2, NULL};
const struct dtype dtype_i8 = {"I8", 1, 1, decode_i8, NULL, NULL};
const struct dtype dtype_u64 = {"U64", 1, 8, decode_u64, reverse_8, NULL};
const struct dtype dtype_u32 = {"U32", 1, 4, decode_u32, reverse_4, NULL};
const struct dtype dtype_u16 = {"U16", 1, 2, decode_u16, reverse_2, NULL};
const struct dtype dtype_u8 = {"U8", 1, 1, decode_u8, NULL, NULL};
const struct dtype dtype_bool = {"BOOL", 1, 1, decode_bool, NULL, NULL};
const struct dtype dtype_e5m2 = {"F8_E5M2", 1, 1, decode_e5m2, NULL, NULL};
const struct dtype dtype_c64 = {"C64", 1, 8, NULL, NULL, complex_reason};
const struct dtype dtype_c128 = {"C128", 1, 16, NULL, NULL, complex_reason};

/* The types of the safetensors format. */
static const struct dtype *const safetensors_types[] = {
    &dtype_f32,      &dtype_bf16, &dtype_f16,      &dtype_f64,      &dtype_e4m3, &dtype_e5m2,
    &dtype_i64,      &dtype_u64,  &dtype_i32,      &dtype_u32,      &dtype_i16,  &dtype_u16,
    &dtype_i8,       &dtype_u8,   &dtype_bool,     &dtype_c64,      &dtype_e8m0, &dtype_e4m3fnuz,
    &dtype_e5m2fnuz, &dtype_e2m3, &dtype_e3m2,     &dtype_e2m1,
};

const struct dtype *dtype_of_safetensors(const char *name, size_t length)
{
    for (size_t i = 0; i < sizeof safetensors_types / sizeof safetensors_types[0]; i++) {
        const struct dtype *dtype = safetensors_types[i];
        if (strlen(dtype->name) == length && memcmp(dtype->name, name, length) == 0)
            return dtype;
    }
    return NULL;
}

bool dtype_bytes(const struct dtype *dtype, uint64_t elements, uint64_t *bytes)
{
    return elements % dtype->block == 0 &&
           mem_multiply(elements / dtype->block, dtype->block_bytes, bytes);
}
