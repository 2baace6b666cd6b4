/* SPDX-License-Identifier: MIT */
#include "model/npy_type.h"

/* Longer sizes are of no type that is known. */
#define SIZE_DIGITS_MOST 6

/* x86 has 80 bits in 12 or 16 bytes, other machines have 128 bits or two doubles: the names, like
 * NumPy's float96 and float128, say how many bits an element takes and no more. */
static const char long_reason[] = "long double is not the same on all machines";
static const struct dtype long_96 = {"F96", 1, 12, NULL, NULL, long_reason};
static const struct dtype long_128 = {"F128", 1, 16, NULL, NULL, long_reason};
static const struct dtype complex_192 = {"C192", 1, 24, NULL, NULL, long_reason};
static const struct dtype complex_256 = {"C256", 1, 32, NULL, NULL, long_reason};

/* What ml_dtypes, which gives NumPy the small types of JAX and TensorFlow, writes bfloat16, float8
 * and narrower ones as: their name is not in the file. */
static const char void_1_reason[] =
    "untyped elements of 1 byte; if they are float8, say with --void-as which";
static const char void_2_reason[] =
    "untyped elements of 2 bytes; if they are bfloat16, say --void-as bf16";
static const struct dtype void_1 = {"V1", 1, 1, NULL, NULL, void_1_reason};
static const struct dtype void_2 = {"V2", 1, 2, NULL, NULL, void_2_reason};

/* ml_dtypes writes float8_e5m2 as if it were one of NumPy's own floats, and later versions others
 * too, so that a float of 1 byte is as good as untyped. */
// clang-format off
static const struct known {
    char kind;
    unsigned size;
    const struct dtype *dtype;
} known[] = {
    {'f', 2, &dtype_f16}, {'f', 4, &dtype_f32}, {'f', 8, &dtype_f64},
    {'f', 12, &long_96}, {'f', 16, &long_128},
    {'i', 1, &dtype_i8}, {'i', 2, &dtype_i16}, {'i', 4, &dtype_i32}, {'i', 8, &dtype_i64},
    {'u', 1, &dtype_u8}, {'u', 2, &dtype_u16}, {'u', 4, &dtype_u32}, {'u', 8, &dtype_u64},
    {'b', 1, &dtype_bool},
    {'c', 8, &dtype_c64}, {'c', 16, &dtype_c128}, {'c', 24, &complex_192}, {'c', 32, &complex_256},
    {'V', 1, &void_1}, {'V', 2, &void_2}, {'f', 1, &void_1},
};
// clang-format on

/* Kinds of other things than numbers. */
static const struct other {
    char kind;
    const char *fault;
} others[] = {
    {'O', "holds Python objects, which are never run"},
    {'U', "holds text, not numbers"},
    {'S', "holds text, not numbers"},
    {'M', "holds dates, not numbers"},
    {'m', "holds spans of time, not numbers"},
    {'V', "holds untyped elements, not numbers"},
};

/* The size that a description ends with; 0, which no known type has, if it ends otherwise. */
static unsigned size_of(const char *digits, size_t length)
{
    unsigned size = 0;
    if (length > SIZE_DIGITS_MOST)
        return 0;
    for (size_t i = 0; i < length; i++) {
        if (digits[i] < '0' || digits[i] > '9')
            return 0;
        size = size * 10 + (unsigned)(digits[i] - '0');
    }
    return size;
}

static const struct dtype *dtype_of(char kind, unsigned size, const struct dtype *void_as)
{
    bool untyped = kind == 'V' || (kind == 'f' && size == 1);
    if (untyped && void_as && void_as->block == 1 && void_as->block_bytes == size)
        return void_as;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].kind == kind && known[i].size == size)
            return known[i].dtype;
    return NULL;
}

static const char *fault_of(char kind)
{
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
        if (others[i].kind == kind)
            return others[i].fault;
    return "holds elements of a type that is not known";
}

struct npy_type npy_type_of(const char *descr, size_t length, const struct dtype *void_as)
{
    struct npy_type type = {.big_endian = length > 0 && *descr == '>'};
    /* Native order, '=' or '|' or nothing, is that of the machine which wrote the file; NumPy
     * writes it for single bytes only, which have none. */
    if (length > 0 && (*descr == '<' || *descr == '>' || *descr == '|' || *descr == '=')) {
        descr++;
        length--;
    }
    char kind = '\0';
    if (length > 0) {
        kind = *descr;
        type.dtype = dtype_of(kind, size_of(descr + 1, length - 1), void_as);
    }
    if (!type.dtype)
        type.fault = fault_of(kind);
    return type;
}

struct npy_type npy_type_structured(void)
{
    return (struct npy_type){.fault = "holds structures, not numbers"};
}
