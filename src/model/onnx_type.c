/* SPDX-License-Identifier: MIT */
#include "model/onnx_type.h"

#include <stddef.h>

/* Codes of `bits` bits, as many as fill the byte, the first in the lowest; two's complement from
 * `sign` on, which is beyond all codes for numbers without a sign. */
static void decode_small(const unsigned char *bytes, size_t blocks, unsigned bits, int sign,
                         double *out)
{
    for (size_t i = 0; i < blocks; i++)
        for (unsigned shift = 0; shift < 8; shift += bits) {
            int code = bytes[i] >> shift & ((1 << bits) - 1);
            *out++ = code < sign ? code : code - 2 * sign;
        }
}

static void decode_uint4(const unsigned char *bytes, size_t blocks, double *out)
{
    decode_small(bytes, blocks, 4, 16, out);
}

static void decode_int4(const unsigned char *bytes, size_t blocks, double *out)
{
    decode_small(bytes, blocks, 4, 8, out);
}

static void decode_uint2(const unsigned char *bytes, size_t blocks, double *out)
{
    decode_small(bytes, blocks, 2, 4, out);
}

static void decode_int2(const unsigned char *bytes, size_t blocks, double *out)
{
    decode_small(bytes, blocks, 2, 2, out);
}

static const struct dtype uint4 = {"UINT4", 2, 1, decode_uint4, NULL, NULL};
static const struct dtype int4 = {"INT4", 2, 1, decode_int4, NULL, NULL};
static const struct dtype uint2 = {"UINT2", 4, 1, decode_uint2, NULL, NULL};
static const struct dtype int2 = {"INT2", 4, 1, decode_int2, NULL, NULL};

// clang-format off
static const struct onnx_type types[] = {
    [1] = {"FLOAT", &dtype_f32, ONNX_FLOAT_DATA},
    [2] = {"UINT8", &dtype_u8, ONNX_INT32_DATA},
    [3] = {"INT8", &dtype_i8, ONNX_INT32_DATA},
    [4] = {"UINT16", &dtype_u16, ONNX_INT32_DATA},
    [5] = {"INT16", &dtype_i16, ONNX_INT32_DATA},
    [6] = {"INT32", &dtype_i32, ONNX_INT32_DATA},
    [7] = {"INT64", &dtype_i64, ONNX_INT64_DATA},
    [8] = {"STRING", NULL, ONNX_STRING_DATA},
    [9] = {"BOOL", &dtype_bool, ONNX_INT32_DATA},
    [10] = {"FLOAT16", &dtype_f16, ONNX_INT32_DATA},
    [11] = {"DOUBLE", &dtype_f64, ONNX_DOUBLE_DATA},
    [12] = {"UINT32", &dtype_u32, ONNX_UINT64_DATA},
    [13] = {"UINT64", &dtype_u64, ONNX_UINT64_DATA},
    [14] = {"COMPLEX64", &dtype_c64, ONNX_FLOAT_DATA},
    [15] = {"COMPLEX128", &dtype_c128, ONNX_DOUBLE_DATA},
    [16] = {"BFLOAT16", &dtype_bf16, ONNX_INT32_DATA},
    [17] = {"FLOAT8E4M3FN", &dtype_e4m3, ONNX_INT32_DATA},
    [18] = {"FLOAT8E4M3FNUZ", &dtype_e4m3fnuz, ONNX_INT32_DATA},
    [19] = {"FLOAT8E5M2", &dtype_e5m2, ONNX_INT32_DATA},
    [20] = {"FLOAT8E5M2FNUZ", &dtype_e5m2fnuz, ONNX_INT32_DATA},
    [21] = {"UINT4", &uint4, ONNX_INT32_DATA},
    [22] = {"INT4", &int4, ONNX_INT32_DATA},
    [23] = {"FLOAT4E2M1", &dtype_e2m1, ONNX_INT32_DATA},
    [24] = {"FLOAT8E8M0", &dtype_e8m0, ONNX_INT32_DATA},
    [25] = {"UINT2", &uint2, ONNX_INT32_DATA},
    [26] = {"INT2", &int2, ONNX_INT32_DATA},
};
// clang-format on

const struct onnx_type *onnx_type_of(uint64_t number)
{
    return number < sizeof types / sizeof types[0] && types[number].name ? &types[number] : NULL;
}
