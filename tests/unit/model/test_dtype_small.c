/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/dtype.h"

/* A format by its definition. */
struct small {
    const struct dtype *dtype;
    int exponent_bits, mantissa_bits, bias;
    int nan_code; /* a code that is NaN, of either sign if it is no zero; -1 for none */
};

static const struct small smalls[] = {
    {&dtype_e4m3, 4, 3, 7, 0x7f},      {&dtype_e4m3fnuz, 4, 3, 8, 0x80},
    {&dtype_e5m2fnuz, 5, 2, 16, 0x80}, {&dtype_e2m1, 2, 1, 1, -1},
    {&dtype_e2m3, 2, 3, 1, -1},        {&dtype_e3m2, 3, 2, 3, -1},
};

static unsigned bits_of(const struct small *small)
{
    return 1 + (unsigned)small->exponent_bits + (unsigned)small->mantissa_bits;
}

static bool is_nan(const struct small *small, unsigned code)
{
    unsigned sign = 1u << (bits_of(small) - 1);
    return small->nan_code >= 0 &&
           (code == (unsigned)small->nan_code || code == ((unsigned)small->nan_code | sign));
}

/* Slowly and in double. */
static double by_definition(const struct small *small, unsigned code)
{
    int mantissa = (int)(code & ((1u << small->mantissa_bits) - 1));
    int exponent = (int)(code >> small->mantissa_bits & ((1u << small->exponent_bits) - 1));
    double fraction = ldexp(mantissa, -small->mantissa_bits);
    double magnitude = exponent == 0 ? ldexp(fraction, 1 - small->bias)
                                     : ldexp(1 + fraction, exponent - small->bias);
    return is_nan(small, code) ? NAN : code >> (bits_of(small) - 1) ? -magnitude : magnitude;
}

static void same(const struct dtype *dtype, unsigned code, double value, double expected)
{
    bool equal =
        isnan(expected) ? isnan(value) : value == expected && signbit(value) == signbit(expected);
    if (!equal)
        fail_msg("%s %#x is %a, not %a", dtype->name, code, value, expected);
}

/* Codes 0, 1, 2, ... one behind the other from the lowest bit on. */
static size_t pack_all(unsigned bits, unsigned char *bytes)
{
    size_t used = 0;
    for (unsigned code = 0; code < 1u << bits; code++)
        for (unsigned bit = 0; bit < bits; bit++, used++) {
            if (used % 8 == 0)
                bytes[used / 8] = 0;
            bytes[used / 8] |= (unsigned char)((code >> bit & 1) << used % 8);
        }
    return used / 8;
}

static void test_every_code(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof smalls / sizeof smalls[0]; i++) {
        const struct small *small = &smalls[i];
        const struct dtype *dtype = small->dtype;
        unsigned char bytes[1 + 256];
        double values[256];
        size_t n = pack_all(bits_of(small), bytes + 1); /* + 1: no alignment is promised */
        assert_int_equal(dtype->block * bits_of(small), dtype->block_bytes * 8);
        dtype->decode(bytes + 1, n / dtype->block_bytes, values);
        for (unsigned code = 0; code < 1u << bits_of(small); code++)
            same(dtype, code, values[code], by_definition(small, code));
    }
}

static double first(const struct dtype *dtype, const char *bytes)
{
    double values[4];
    dtype->decode((const unsigned char *)bytes, 1, values);
    return values[0];
}

/* Values that the standards name. */
static void test_landmarks(void **state)
{
    (void)state;
    same(&dtype_e4m3, 0x7e, first(&dtype_e4m3, "\x7e"), 448);
    same(&dtype_e4m3, 1, first(&dtype_e4m3, "\x01"), 0x1p-9);
    same(&dtype_e4m3fnuz, 0x7f, first(&dtype_e4m3fnuz, "\x7f"), 240);
    same(&dtype_e4m3fnuz, 1, first(&dtype_e4m3fnuz, "\x01"), 0x1p-10);
    same(&dtype_e5m2fnuz, 0x7f, first(&dtype_e5m2fnuz, "\x7f"), 57344);
    same(&dtype_e5m2fnuz, 1, first(&dtype_e5m2fnuz, "\x01"), 0x1p-17);
    same(&dtype_e2m1, 0x7, first(&dtype_e2m1, "\x07"), 6);
    same(&dtype_e2m1, 0x9, first(&dtype_e2m1, "\x79"), -0.5);
    same(&dtype_e2m3, 0x1f, first(&dtype_e2m3, "\x1f\0\0"), 7.5);
    same(&dtype_e3m2, 0x1f, first(&dtype_e3m2, "\x1f\0\0"), 28);
}

static void test_powers_of_two(void **state)
{
    (void)state;
    unsigned char bytes[256];
    double values[256];
    for (unsigned code = 0; code < 256; code++)
        bytes[code] = (unsigned char)code;
    dtype_e8m0.decode(bytes, 256, values);
    for (unsigned code = 0; code < 255; code++)
        same(&dtype_e8m0, code, values[code], ldexp(1, (int)code - 127));
    same(&dtype_e8m0, 255, values[255], NAN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_code),
        cmocka_unit_test(test_landmarks),
        cmocka_unit_test(test_powers_of_two),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
