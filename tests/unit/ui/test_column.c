/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/column.h"

static bool parses(const char *name, enum column expected)
{
    enum column column;
    struct error error;
    return column_parse(name, strlen(name), &column, &error) && column == expected;
}

static void test_every_name_is_its_column(void **state)
{
    (void)state;
    for (int i = 0; i < COLUMN_COUNT; i++)
        assert_true(parses(column_types[i].name, (enum column)i));
}

static void test_beginnings_will_do(void **state)
{
    (void)state;
    assert_true(parses("kurt", COLUMN_KURTOSIS));
    assert_true(parses("out", COLUMN_OUTLIERS));
    assert_true(parses("sq", COLUMN_SQNR));
    static const char *const wrong[] = { "", "no", "n", "kurtosiss", "Kurt" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        enum column column;
        struct error error;
        assert_false(column_parse(wrong[i], strlen(wrong[i]), &column, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_non_null(strstr(error.text, "median-ratio"));
    }
}

static void assert_prints(enum column column, double value, const char *expected)
{
    struct text text = { 0 };
    text_puts(&text, "");
    column_print(&text, column, value);
    assert_string_equal(text.data, expected);
    text_done(&text);
}

static void test_values_in_their_formats(void **state)
{
    (void)state;
    assert_prints(COLUMN_SQNR, 19.44, "19.4");
    assert_prints(COLUMN_SQNR, NAN, "");
    assert_prints(COLUMN_SQNR, -0.04, "0.0");
    assert_prints(COLUMN_SQNR, -0.06, "-0.1");
    assert_prints(COLUMN_GAP, -0.004, "0.00");
    assert_prints(COLUMN_RATIO, 0.1234, "0.12");
    assert_prints(COLUMN_RATIO, 123.45, "123.5");
    assert_prints(COLUMN_KURTOSIS, 12345, "1e+04");
    assert_prints(COLUMN_SIZE, 65536, "65 536");
    assert_prints(COLUMN_NORMAL, 85.2, "85");
    assert_prints(COLUMN_FAMILY, 0, "Gauss");
    assert_prints(COLUMN_FAMILY, 1, "Laplace");
    assert_prints(COLUMN_FAMILY, 0.3, "mixed");
    assert_prints(COLUMN_NONFINITE, 0, "0");
}

/* No figure that the list can show is wider than its column. */
static void test_values_fit(void **state)
{
    (void)state;
    static const double values[] = { 0, -0.5, 9.99, -99.94, 99.96, 999.4, -999, 99999, -1e9 };
    for (int i = COLUMN_SIZE; i < COLUMN_COUNT; i++)
        for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
            if (column_types[i].format == FORMAT_COUNT || column_types[i].format == FORMAT_WHOLE)
                continue;
            struct text text = { 0 };
            column_print(&text, (enum column)i, values[k]);
            assert_true(text.length <= (size_t)column_types[i].width);
            text_done(&text);
        }
}

static bool looks(enum column column, double value)
{
    return column_types[column].worth_a_look(value);
}

static void test_what_is_worth_a_look(void **state)
{
    (void)state;
    assert_false(looks(COLUMN_RATIO, 2.0));
    assert_true(looks(COLUMN_RATIO, 2.1)); /* PQN is strained from 2.07 on */
    assert_true(looks(COLUMN_GAP, 1.5));
    assert_false(looks(COLUMN_GAP, -1.5));
    assert_true(looks(COLUMN_ERROR, 0.8));
    assert_true(looks(COLUMN_ERROR, 1.2));
    assert_false(looks(COLUMN_ERROR, 1.01));
    assert_true(looks(COLUMN_NONFINITE, 1));
    for (int i = 0; i < COLUMN_COUNT; i++)
        if (column_types[i].worth_a_look)
            assert_false(looks((enum column)i, NAN));
}

/* Of a record only the parts that it has. */
static void test_parts_of_records(void **state)
{
    (void)state;
    static struct survey_record record;
    record.scheme.sqnr_db = 18;
    record.scheme.theory_sqnr_db = 20;
    record.weights.excess_kurtosis = 3;
    record.normality.tested = 4;
    record.normality.normal = 3;
    record.normality.laplace = true;
    record.outliers.count[0] = 7;
    for (int i = COLUMN_SQNR; i < COLUMN_COUNT; i++)
        assert_true(isnan(column_types[i].of_record(&record)));
    record.parts = RECORD_SCHEME;
    assert_true(column_types[COLUMN_GAP].of_record(&record) == 2);
    assert_true(isnan(column_types[COLUMN_KURTOSIS].of_record(&record)));
    record.parts = RECORD_FAST;
    assert_true(column_types[COLUMN_KURTOSIS].of_record(&record) == 3);
    assert_true(isnan(column_types[COLUMN_SQNR].of_record(&record)));
    record.parts = RECORD_SLOW;
    assert_true(column_types[COLUMN_NORMAL].of_record(&record) == 75);
    assert_true(column_types[COLUMN_FAMILY].of_record(&record) == 1);
    assert_true(column_types[COLUMN_OUTLIERS].of_record(&record) == 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_name_is_its_column),
        cmocka_unit_test(test_beginnings_will_do),
        cmocka_unit_test(test_values_in_their_formats),
        cmocka_unit_test(test_values_fit),
        cmocka_unit_test(test_what_is_worth_a_look),
        cmocka_unit_test(test_parts_of_records),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
