/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/record_figures.h"
#include "engine/record_layout.h"

static const struct tensor tensor = {.label = "layers.2.mlp.up", .dtype_name = "BF16", .rank = 2};

static struct survey_record make_record(void)
{
    struct survey_record record;
    record_clear(&record);
    record.parts = RECORD_FAST | RECORD_SLOW | RECORD_SCHEME;
    record.weights.channels = 64;
    record.weights.excess_kurtosis = 6.5;
    record.weights.abs_max_over_std = 14;
    record.normality.tested = 64;
    record.normality.normal = 48;
    record.normality.laplace = true;
    record.normality.ks_gaussian = record.normality.ks_laplace = 0.1;
    record.audit.elements[0].count = 1;
    record.audit.elements[1].count = 2;
    record.audit.elements[2].count = 4;
    record.scheme.sqnr_db = 30;
    record.scheme.theory_sqnr_db = 31.5;
    for (int i = 0; i < RECORD_WIDTHS; i++) {
        record.error[i].sqnr_db = 6 * (i + RECORD_BITS_LEAST) - 4;
        record.error[i].theory_sqnr_db = record.error[i].sqnr_db + 1;
    }
    return record;
}

static int bits_at(const struct survey_record *record, const char *text)
{
    struct error error = {ERROR_NONE, ""};
    struct expression *condition = expression_parse(text, &record_figure_names, &error);
    if (!condition)
        fail_msg("%s: %s", text, error.text);
    int bits;
    bool meets = record_meets(condition, &tensor, record, &bits);
    expression_free(condition);
    return meets ? bits : -1;
}

/* Without bits it is the scheme that is spoken of. */
static void test_scheme(void **state)
{
    (void)state;
    const struct survey_record record = make_record();
    assert_int_equal(bits_at(&record, "sqnr == 30 && sqnr_db == 30"), 0);
    assert_int_equal(bits_at(&record, "gap == 1.5"), 0);
    assert_int_equal(bits_at(&record, "sqnr < 30"), -1);
    assert_int_equal(bits_at(&record, "kurt > 5 && excess_kurtosis < 7"), 0);
    assert_int_equal(bits_at(&record, "normal == 0.75"), 0);
    assert_int_equal(bits_at(&record, "nan == 1 && inf == 6"), 0);
    assert_int_equal(bits_at(&record, "channels == 64 && rank == 2 && !vector && !failed"), 0);
    assert_int_equal(bits_at(&record, "family == 'laplace' && name ~ '*.mlp.*'"), 0);
    assert_int_equal(bits_at(&record, "dtype == 'F32'"), -1);
}

/* With bits every width is asked, from the smallest on. */
static void test_widths(void **state)
{
    (void)state;
    const struct survey_record record = make_record();
    assert_int_equal(bits_at(&record, "sqnr<21 && bits==4"), 4);
    assert_int_equal(bits_at(&record, "sqnr<20 && bits==4"), -1);
    assert_int_equal(bits_at(&record, "sqnr>21 && bits<8"), 5);
    assert_int_equal(bits_at(&record, "gap == 1 && bits > 1"), 2);
    assert_int_equal(bits_at(&record, "q_over_std == 2 && bits"), 4); /* 14 by 7 levels */
    assert_int_equal(bits_at(&record, "bits == 9"), -1);
}

/* What was not looked at is not defined, rather than zero. */
static void test_parts(void **state)
{
    (void)state;
    struct survey_record record = make_record();
    record.parts = RECORD_FAST;
    assert_int_equal(bits_at(&record, "nan == 0"), -1);
    assert_int_equal(bits_at(&record, "nan > 0 || outliers >= 0 || normal > 0"), -1);
    assert_int_equal(bits_at(&record, "family ~ '*'"), -1);
    record.parts = 0;
    strcpy(record.failure, "cannot be read");
    assert_int_equal(bits_at(&record, "failed"), 0);
    assert_int_equal(bits_at(&record, "channels < 100"), -1);
    assert_int_equal(bits_at(&record, "bits < 9"), -1);
}

/* Each name is one figure's. */
static void test_names(void **state)
{
    (void)state;
    const char *name, *other, *short_name, *other_short;
    for (size_t i = 0; (name = record_figure_name(i, &short_name)) != NULL; i++) {
        bool string;
        assert_int_equal(record_figure_names.find(name, strlen(name), &string), i);
        if (short_name)
            assert_int_equal(record_figure_names.find(short_name, strlen(short_name), &string), i);
        for (size_t j = 0; j < i; j++) {
            other = record_figure_name(j, &other_short);
            assert_string_not_equal(name, other);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scheme),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_parts),
        cmocka_unit_test(test_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
