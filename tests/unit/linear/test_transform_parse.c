/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "linear/transform_type.h"

static void test_counts(void **state)
{
    (void)state;
    size_t count = 7;
    assert_true(transform_parse_count("1", &count) && count == 1);
    assert_true(transform_parse_count("1073741824", &count) && count == (size_t)1 << 30);
    static const char *const bad[] = {"",   "0",   "1073741825", "9999999999",          "-1", "+1",
                                      "1 ", "1e3", "0x10",       "18446744073709551617"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(transform_parse_count(bad[i], &count));
}

static void test_decimals(void **state)
{
    (void)state;
    double number;
    assert_true(transform_parse_number("0", 0, 1, &number) && number == 0);
    assert_true(transform_parse_number("1.0", 0, 1, &number) && number == 1);
    assert_true(transform_parse_number("25e-2", 0, 1, &number) && number == 0.25);
    assert_true(transform_parse_number("-2", -2, 2, &number) && number == -2);
    assert_true(transform_parse_number("-0", -2, 2, &number) && !signbit(number));
    assert_false(transform_parse_number("-2.1", -2, 2, &number));
    static const char *const bad[] = {"", ".", "e", "1.1", "-0.1", "nan", "inf", "0x1", " 1", "1 "};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_false(transform_parse_number(bad[i], 0, 1, &number));
}

static void test_seeds(void **state)
{
    (void)state;
    uint32_t seed;
    assert_true(transform_parse_seed(NULL, &seed) && seed == 1);
    assert_true(transform_parse_seed("0", &seed) && seed == 0);
    assert_true(transform_parse_seed("4294967295", &seed) && seed == UINT32_MAX);
    assert_false(transform_parse_seed("4294967296", &seed));
    assert_false(transform_parse_seed("", &seed));
}

static void test_numbers(void **state)
{
    (void)state;
    static const double values[] = {0, 0.1, 0.5, 1.0 / 3, 1e-5, 1, -2, -0.25};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct text text = {.length = 0};
        transform_print_number(values[i], &text);
        assert_true(strtod(text.data, NULL) == values[i]);
        assert_true(i == 3 || text.length <= 5);
        text_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_numbers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
