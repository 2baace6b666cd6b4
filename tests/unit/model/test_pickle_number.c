/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "pickle_fixture.h"

static void test_numbers(void **state)
{
    (void)state;
    static const struct pickle_sample samples[] = {
        {BYTES("N."), "None"},
        {BYTES("\x88."), "True"},
        {BYTES("\x80\x02\x89."), "False"},
        {BYTES("I01\n."), "True"},
        {BYTES("I00\n."), "False"},
        {BYTES("I1\n."), "1"},
        {BYTES("I-12\n."), "-12"},
        {BYTES("I+007\n."), "7"},
        {BYTES("I4294967296\n."), "4294967296"},
        {BYTES("L-0L\n."), "0"},
        {BYTES("L77\n."), "77"},
        {BYTES("L9223372036854775807L\n."), "9223372036854775807"},
        {BYTES("L9223372036854775808L\n."), "008000000000000000"},
        {BYTES("L-9223372036854775808L\n."), "-9223372036854775808"},
        {BYTES("L-9223372036854775809L\n."), "ff7fffffffffffffff"},
        {BYTES("L119547037146038801333356L\n."), "1950a86a20f9469cfc6c"},
        {BYTES("K\xff."), "255"},
        {BYTES("M\xff\xff."), "65535"},
        {BYTES("J\xfe\xff\xff\xff."), "-2"},
        {BYTES("J\xff\xff\xff\x7f."), "2147483647"},
        {BYTES("\x8a\x00."), "0"},
        {BYTES("\x8a\x01\xff."), "-1"},
        {BYTES("\x8a\x02\xff\x00."), "255"},
        {BYTES("\x8a\x0a\xfe\xff\xff\xff\xff\xff\xff\xff\xff\xff."), "-2"},
        {BYTES("\x8a\x0al\xfc\x9c\x46\xf9 j\xa8P\x19."), "1950a86a20f9469cfc6c"},
        {BYTES("\x8b\x09\0\0\0\0\0\0\0\0\0\0\x80\0."), "008000000000000000"},
        {BYTES("F-1.25e2\n."), "-125"},
        {BYTES("Finf\n."), "inf"},
        {BYTES("Fnan\n."), "nan"},
        {BYTES("G\xbf\xf8\0\0\0\0\0\0."), "-1.5"},
    };
    pickle_fixture_check_values(samples, PICKLE_COUNT(samples));
}

static void test_broken_numbers_are_refused(void **state)
{
    (void)state;
    static const struct pickle_sample samples[] = {
        {BYTES("I\n."), "the line of INT is not a whole number (byte 1000)"},
        {BYTES("I-\n."), "the line of INT is not a whole number"},
        {BYTES("I0x1\n."), "the line of INT is not a whole number"},
        {BYTES("L1LL\n."), "the line of LONG is not a whole number"},
        {BYTES("F\n1\n."), "the line of FLOAT is not a number"},
        {BYTES("F 1\n."), "the line of FLOAT is not a number"},
        {BYTES("F1e\n."), "the line of FLOAT is not a number"},
        {BYTES("F1\0\n."), "the line of FLOAT is not a number"},
        {BYTES("I1"), "the pickle is cut short inside the line of INT (byte 1000)"},
        {BYTES("\x8b\xff\xff\xff\xff."), "LONG4 needs 4294967295 bytes"},
        {BYTES("J\1\1"), "BININT needs 4 bytes, but the pickle is cut short after 2"},
    };
    pickle_fixture_check_refusals(samples, PICKLE_COUNT(samples));
}

static void test_long_decimals(void **state)
{
    (void)state;
    struct arena arena = {0};
    char line[4400] = "L-";
    memset(line + 2, '9', 4301);
    memcpy(line + 2 + 4300, "\n.", 2); /* -(10^4300 - 1) */
    const struct pickle_value *value = pickle_fixture_accepted(&arena, line, 4304);
    assert_int_equal(value->kind, PICKLE_BIG);
    assert_int_equal(value->length, 1786); /* 4300 log2(10) = 14284.3 bits */
    assert_int_equal((unsigned char)value->text[0], 1);
    assert_int_equal((unsigned char)value->text[1785] & 0x80, 0x80);
    memcpy(line + 2 + 4300, "9\n.", 3);
    pickle_fixture_refused(line, 4305, "LONG has more than 4300 digits");
    arena_done(&arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers),
        cmocka_unit_test(test_broken_numbers_are_refused),
        cmocka_unit_test(test_long_decimals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
