/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"

static void test_text_grows(void **state)
{
    (void)state;
    struct text text = {0};
    assert_null(text.data);
    for (int i = 0; i < 300; i++)
        text_printf(&text, "%03d,", i);
    text_puts(&text, "end");
    text_add(&text, "\0x", 2);
    assert_int_equal(text.length, 300 * 4 + 3 + 2);
    assert_memory_equal(text.data + 299 * 4, "299,end\0x", 10);
    text_clear(&text);
    assert_int_equal(text.length, 0);
    assert_string_equal(text.data, "");
    text_done(&text);
    assert_null(text.data);
}

static void test_empty_addition_gives_a_string(void **state)
{
    (void)state;
    struct text text = {0};
    text_add(&text, NULL, 0);
    assert_string_equal(text.data, "");
    text_clear(&text);
    text_done(&text);
}

static void test_number(void **state)
{
    (void)state;
    static const struct {
        double value;
        int digits;
        const char *expected;
    } rows[] = {
        {0.021347, 3, "0.0213"},     {2, 3, "2.00"},           {17.3, 3, "17.3"},
        {123456, 3, "123456"},       {999999.4, 3, "1.00e+06"}, {999999.4, 7, "999999.4"},
        {1e6, 3, "1.00e+06"},        {1e-4, 3, "0.000100"},    {0.0000999996, 3, "0.000100"},
        {0.00001234, 3, "1.23e-05"}, {-0.5, 1, "-0.5"},        {0, 3, "0"},
        {-0.0, 3, "0"},              {INFINITY, 3, "inf"},     {-INFINITY, 3, "-inf"},
        {NAN, 3, "-"},               {9.999, 3, "10.0"},       {0.1, 17, "0.10000000000000001"},
        {1, 0, "1"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[TEXT_NUMBER];
        assert_string_equal(text_number(out, rows[i].value, rows[i].digits), rows[i].expected);
    }
}

static void test_number_fits(void **state)
{
    (void)state;
    static const double values[] = {-2.2250738585072014e-308, -1.7976931348623157e308,
                                    -1.0000000000000002e-4, -999999.99999999988, 5e-324};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        char out[TEXT_NUMBER];
        text_number(out, values[i], 99);
        assert_true(strlen(out) < TEXT_NUMBER - 1);
        assert_true(strtod(out, NULL) == values[i]);
    }
}

static void test_count(void **state)
{
    (void)state;
    static const struct {
        uint64_t count;
        const char *expected;
    } rows[] = {
        {0, "0"},           {999, "999"},         {1000, "1 000"},        {65536, "65 536"},
        {999999, "999 999"}, {1000000, "1 M"},    {3034567, "3.03 M"},    {9996000, "10 M"},
        {34560000, "34.6 M"}, {999500000, "1 G"}, {999499999, "999 M"},   {7200000000, "7.2 G"},
        {UINT64_MAX, "18.4 E"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[TEXT_NUMBER];
        assert_string_equal(text_count(out, rows[i].count), rows[i].expected);
    }
}

static void test_bytes(void **state)
{
    (void)state;
    static const struct {
        uint64_t bytes;
        const char *expected;
    } rows[] = {
        {0, "0 B"},           {512, "512 B"},          {1023, "1023 B"},       {1024, "1.00 KiB"},
        {1226834, "1.17 MiB"}, {1ull << 32, "4.00 GiB"}, {1048575, "1.00 MiB"},
        {1047552, "1023 KiB"},
        {UINT64_MAX, "16.0 EiB"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char out[TEXT_NUMBER];
        assert_string_equal(text_bytes(out, rows[i].bytes), rows[i].expected);
    }
}

static int sign(int value)
{
    return (value > 0) - (value < 0);
}

static int compare(const char *a, const char *b)
{
    return sign(text_natural_compare(a, strlen(a), b, strlen(b)));
}

/* Every name comes after all names before it: the order is total, antisymmetric, transitive. */
static void test_natural_order(void **state)
{
    (void)state;
    static const char *const ascending[] = {
        "",
        "-",
        "0",
        "00",
        "1",
        "01",
        "1.5",
        "01.5",
        "2",
        "9",
        "10",
        "99999999999999999999999999999999999998",
        "99999999999999999999999999999999999999",
        "100000000000000000000000000000000000000",
        "blk.9",
        "blk.10.a1",
        "blk.10.a01",
        "blk.010.a1",
        "blk.10.a2",
        "h",
        "h.2",
        "h.10",
        "h2o",
        "ha",
        "\xC3\xA9",
    };
    size_t count = sizeof ascending / sizeof *ascending;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            assert_int_equal(compare(ascending[i], ascending[j]), (i > j) - (i < j));
}

static void test_natural_order_needs_no_terminator(void **state)
{
    (void)state;
    assert_int_equal(sign(text_natural_compare("12", 1, "13", 1)), 0);
    assert_int_equal(sign(text_natural_compare("a\0b", 3, "a\0c", 3)), -1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_grows),
        cmocka_unit_test(test_empty_addition_gives_a_string),
        cmocka_unit_test(test_number),
        cmocka_unit_test(test_number_fits),
        cmocka_unit_test(test_count),
        cmocka_unit_test(test_bytes),
        cmocka_unit_test(test_natural_order),
        cmocka_unit_test(test_natural_order_needs_no_terminator),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
