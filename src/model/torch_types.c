/* SPDX-License-Identifier: MIT */
#include "model/torch_types.h"

#include <string.h>

static const char complex_reason[] = "complex numbers have no rounding error here";
static const char quantized_reason[] =
    "it is quantized already: its integers mean numbers by a scale and a zero point";
static const char packed_reason[] = "its elements are parts of bytes, whose order is not known";

static const struct dtype dtype_c32 = {"C32", 1, 4, NULL, NULL, complex_reason};
static const struct dtype dtype_qint8 = {"QINT8", 1, 1, NULL, NULL, quantized_reason};
static const struct dtype dtype_quint8 = {"QUINT8", 1, 1, NULL, NULL, quantized_reason};
static const struct dtype dtype_qint32 = {"QINT32", 1, 4, NULL, NULL, quantized_reason};

/* After _dtype_to_storage_type_map and _new_dtypes of torch/storage.py.  What an untyped storage
 * counts are bytes. */
static const struct torch_type types[] = {
    // clang-format off
    {"float32",         "FloatStorage",         "F32",         &dtype_f32,       4, NULL},
    {"float64",         "DoubleStorage",        "F64",         &dtype_f64,       8, NULL},
    {"float16",         "HalfStorage",          "F16",         &dtype_f16,       2, NULL},
    {"bfloat16",        "BFloat16Storage",      "BF16",        &dtype_bf16,      2, NULL},
    {"int64",           "LongStorage",          "I64",         &dtype_i64,       8, NULL},
    {"int32",           "IntStorage",           "I32",         &dtype_i32,       4, NULL},
    {"int16",           "ShortStorage",         "I16",         &dtype_i16,       2, NULL},
    {"int8",            "CharStorage",          "I8",          &dtype_i8,        1, NULL},
    {"uint8",           "ByteStorage",          "U8",          &dtype_u8,        1, NULL},
    {"bool",            "BoolStorage",          "BOOL",        &dtype_bool,      1, NULL},
    {"complex64",       "ComplexFloatStorage",  "C64",         &dtype_c64,       8, NULL},
    {"complex128",      "ComplexDoubleStorage", "C128",        &dtype_c128,     16, NULL},
    {"complex32",       "ComplexHalfStorage",   "C32",         &dtype_c32,       4, NULL},
    {"qint8",           "QInt8Storage",         "QINT8",       &dtype_qint8,     1, NULL},
    {"quint8",          "QUInt8Storage",        "QUINT8",      &dtype_quint8,    1, NULL},
    {"qint32",          "QInt32Storage",        "QINT32",      &dtype_qint32,    4, NULL},
    {"quint4x2",        "QUInt4x2Storage",      "QUINT4X2",    NULL,             1, packed_reason},
    {"quint2x4",        "QUInt2x4Storage",      "QUINT2X4",    NULL,             1, packed_reason},
    {"uint8",           "UntypedStorage",       "U8",          &dtype_u8,        1, NULL},
    {"uint16",          NULL,                   "U16",         &dtype_u16,       2, NULL},
    {"uint32",          NULL,                   "U32",         &dtype_u32,       4, NULL},
    {"uint64",          NULL,                   "U64",         &dtype_u64,       8, NULL},
    {"float8_e4m3fn",   NULL,                   "F8_E4M3",     &dtype_e4m3,      1, NULL},
    {"float8_e5m2",     NULL,                   "F8_E5M2",     &dtype_e5m2,      1, NULL},
    {"float8_e4m3fnuz", NULL,                   "F8_E4M3FNUZ", &dtype_e4m3fnuz,  1, NULL},
    {"float8_e5m2fnuz", NULL,                   "F8_E5M2FNUZ", &dtype_e5m2fnuz,  1, NULL},
    {"float8_e8m0fnu",  NULL,                   "F8_E8M0",     &dtype_e8m0,      1, NULL},
    // clang-format on
};

/* What stands behind the last dot. */
static const char *last_name(const char *global)
{
    const char *dot = strrchr(global, '.');
    return dot ? dot + 1 : global;
}

const struct torch_type *torch_type_of_storage(const char *global)
{
    const char *name = last_name(global);
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i].storage && strcmp(types[i].storage, name) == 0)
            return &types[i];
    return NULL;
}

const struct torch_type *torch_type_of_dtype(const char *global)
{
    static const char torch[] = "torch.";
    if (strncmp(global, torch, sizeof torch - 1) != 0)
        return NULL;
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (strcmp(types[i].name, global + sizeof torch - 1) == 0)
            return &types[i];
    return NULL;
}

const struct torch_type *torch_type_of_numpy(const char *string)
{
    static const struct {
        const char *string, *global;
    } names[] = {
        {"f4", "torch.float32"},   {"f8", "torch.float64"},     {"f2", "torch.float16"},
        {"i8", "torch.int64"},     {"i4", "torch.int32"},       {"i2", "torch.int16"},
        {"i1", "torch.int8"},      {"u8", "torch.uint64"},      {"u4", "torch.uint32"},
        {"u2", "torch.uint16"},    {"u1", "torch.uint8"},       {"b1", "torch.bool"},
        {"c8", "torch.complex64"}, {"c16", "torch.complex128"},
    };
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        if (strcmp(names[i].string, string) == 0)
            return torch_type_of_dtype(names[i].global);
    return NULL;
}
