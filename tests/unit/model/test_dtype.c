/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "model/dtype.h"

static const struct dtype *dtype(const char *name)
{
    const struct dtype *found = dtype_of_safetensors(name, strlen(name));
    if (!found)
        fail_msg("%s is not known", name);
    return found;
}

/* The one element in bytes. */
static double decoded(const char *name, const void *bytes)
{
    double value = -12345;
    dtype(name)->decode(bytes, 1, &value);
    return value;
}

static void equal(double value, double expected)
{
    if (value != expected)
        fail_msg("%a is not %a", value, expected);
}

/* A small float by its definition, slowly and in double: sign, exponent, mantissa of the code's
 * bits.  The all-ones exponent is left to the caller. */
static double by_definition(unsigned code, int exponent_bits, int mantissa_bits)
{
    int bias = (1 << (exponent_bits - 1)) - 1;
    int mantissa = (int)(code & ((1u << mantissa_bits) - 1));
    int exponent = (int)(code >> mantissa_bits) & ((1 << exponent_bits) - 1);
    double fraction = (double)mantissa / (double)(1 << mantissa_bits);
    double magnitude = exponent == 0 ? ldexp(fraction, 1 - bias)
                                     : ldexp(1 + fraction, exponent - bias);
    return code >> (exponent_bits + mantissa_bits) & 1 ? -magnitude : magnitude;
}

/* The same with infinities and NaN at the all-ones exponent. */
static double ieee(unsigned code, int exponent_bits, int mantissa_bits)
{
    unsigned exponent = code >> mantissa_bits & ((1u << exponent_bits) - 1);
    if (exponent != (1u << exponent_bits) - 1)
        return by_definition(code, exponent_bits, mantissa_bits);
    if (code & ((1u << mantissa_bits) - 1))
        return NAN;
    return code >> (exponent_bits + mantissa_bits) & 1 ? -INFINITY : INFINITY;
}

static void same(const char *name, unsigned code, double value, double expected)
{
    bool equal = isnan(expected) ? isnan(value)
                                 : value == expected && signbit(value) == signbit(expected);
    if (!equal)
        fail_msg("%s %#x is %a, not %a", name, code, value, expected);
}

/* All codes of a type in one call, so that whatever the compiler makes of the loop is tested. */
static void check_all(const char *name, int bits, int exponent_bits, int mantissa_bits)
{
    size_t count = (size_t)1 << bits, size = (size_t)bits / 8;
    unsigned char *bytes = malloc(count * size + 1);
    double *values = malloc(count * sizeof *values);
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < size; j++)
            bytes[1 + i * size + j] = (unsigned char)(i >> 8 * j);
    dtype(name)->decode(bytes + 1, count, values); /* + 1: no alignment is promised */
    for (size_t i = 0; i < count; i++)
        same(name, (unsigned)i, values[i], ieee((unsigned)i, exponent_bits, mantissa_bits));
    free(values);
    free(bytes);
}

static void test_half(void **state)
{
    (void)state;
    check_all("F16", 16, 5, 10);
    equal(decoded("F16", "\x01\x00"), 0x1p-24);
    equal(decoded("F16", "\xff\x7b"), 65504);
    equal(decoded("F16", "\x00\xfc"), -INFINITY);
}

static void test_bfloat(void **state)
{
    (void)state;
    check_all("BF16", 16, 8, 7);
    equal(decoded("BF16", "\x80\x3f"), 1);
    equal(decoded("BF16", "\x01\x00"), 0x1p-133);
}

static void test_fp8_e5m2(void **state)
{
    (void)state;
    check_all("F8_E5M2", 8, 5, 2);
    equal(decoded("F8_E5M2", "\x7b"), 57344);
    equal(decoded("F8_E5M2", "\xfc"), -INFINITY);
    assert_true(isnan(decoded("F8_E5M2", "\x7d")));
}

static void test_single_and_double(void **state)
{
    (void)state;
    equal(decoded("F32", "\x00\x00\x80\x3f"), 1);
    equal(decoded("F32", "\x01\x00\x00\x80"), -0x1p-149);
    equal(decoded("F32", "\xff\xff\x7f\x7f"), FLT_MAX);
    assert_true(isnan(decoded("F32", "\x00\x00\xc0\x7f")));
    equal(decoded("F64", "\x18\x2d\x44\x54\xfb\x21\x09\x40"), 3.141592653589793);
    equal(decoded("F64", "\x01\x00\x00\x00\x00\x00\x00\x00"), 0x1p-1074);
}

static void test_integers(void **state)
{
    (void)state;
    equal(decoded("U8", "\xff"), 255);
    equal(decoded("I8", "\x80"), -128);
    equal(decoded("U16", "\xfe\xff"), 65534);
    equal(decoded("I16", "\xfe\xff"), -2);
    equal(decoded("U32", "\x01\x00\x00\x80"), 2147483649.0);
    equal(decoded("I32", "\x01\x00\x00\x80"), -2147483647.0);
    equal(decoded("I64", "\xff\xff\xff\xff\xff\xff\xff\xff"), -1);
    equal(decoded("I64", "\x00\x00\x00\x00\x00\x00\x00\x80"), -0x1p63);
    equal(decoded("U64", "\xff\xff\xff\xff\xff\xff\xff\xff"), 0x1p64);
    equal(decoded("BOOL", "\x00"), 0);
    equal(decoded("BOOL", "\x01"), 1);
    equal(decoded("BOOL", "\x80"), 1);
}

static void test_every_name_is_known(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        unsigned bits; /* of an element */
        bool decoded;
    } types[] = {
        {"BOOL", 8, true},     {"U8", 8, true},           {"I8", 8, true},
        {"F8_E5M2", 8, true},  {"F8_E4M3", 8, true},      {"F8_E8M0", 8, true},
        {"F4", 4, true},      {"F8_E4M3FNUZ", 8, true}, {"F8_E5M2FNUZ", 8, true},
        {"F6_E2M3", 6, true}, {"F6_E3M2", 6, true},     {"I16", 16, true},
        {"U16", 16, true},     {"F16", 16, true},         {"BF16", 16, true},
        {"I32", 32, true},     {"U32", 32, true},         {"F32", 32, true},
        {"C64", 64, false},    {"F64", 64, true},         {"I64", 64, true},
        {"U64", 64, true},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        const struct dtype *type = dtype(types[i].name);
        assert_string_equal(type->name, types[i].name);
        assert_int_equal(type->block_bytes * 8, types[i].bits * type->block);
        assert_true(type->block <= DTYPE_BLOCK_MOST && type->block_bytes <= DTYPE_BYTES_MOST);
        assert_int_equal(type->decode != NULL, types[i].decoded);
        assert_int_equal(type->reason == NULL, types[i].decoded);
    }
    assert_null(dtype_of_safetensors("F99", 3));
    assert_null(dtype_of_safetensors("F3", 2));
    assert_null(dtype_of_safetensors("F32\0x", 5));
    assert_null(dtype_of_safetensors("bf16", 4));
    assert_null(dtype_of_safetensors("", 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_half),
        cmocka_unit_test(test_bfloat),
        cmocka_unit_test(test_fp8_e5m2),
        cmocka_unit_test(test_single_and_double),
        cmocka_unit_test(test_integers),
        cmocka_unit_test(test_every_name_is_known),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
