/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "survey_model.h"

static void test_plain_run(void **state)
{
    (void)state;
    struct model *model = survey_model();
    const struct survey_settings settings = survey_usual();
    struct survey_record record[TENSORS];
    survey_run_all(model, &settings, 2, record);
    for (size_t i = 0; i < COMPLEX; i++) {
        assert_int_equal(record[i].parts, SURVEY_ALL);
        assert_string_equal(record[i].failure, "");
    }
    assert_int_equal(record[COMPLEX].parts, 0);
    assert_non_null(strstr(record[COMPLEX].failure, "complex"));
    assert_false(record[MATRIX].vector);
    assert_true(record[NORM].vector);
    assert_int_equal(record[MATRIX].normality.tested, 300);
    assert_true(record_normal_share(&record[MATRIX]) > 0.85);
    assert_false(record[MATRIX].normality.laplace);
    assert_true(record_clean(&record[MATRIX]));
    assert_false(record_clean(&record[BROKEN]));
    assert_int_equal(record[BROKEN].audit.elements[0].count, 1);
    assert_int_equal(record[BROKEN].audit.elements[0].place[0].channel, 12);
    assert_int_equal(record[BROKEN].audit.elements[0].place[0].column, 34);
    assert_int_equal(record[BROKEN].outliers.worst[0].channel, 43);
    assert_int_equal(record[BROKEN].outliers.worst[0].column, 21);
    weights_assert_same(record[MATRIX].scheme.sqnr_db, record_error(&record[MATRIX], 4)->sqnr_db);
    assert_int_equal(record_error(&record[MATRIX], 4)->std_fit[RECORD_NORMAL].n,
                     record[MATRIX].normality.normal);
    weights_assert_near(record_step_over_std_median(&record[MATRIX], 4),
                        record[MATRIX].scheme.step_over_std_median, 0, 0);
    model_free(model);
}

static void test_threads_make_no_difference(void **state)
{
    (void)state;
    struct model *model = survey_model();
    const struct survey_settings settings = survey_usual();
    struct survey_record one[TENSORS], five[TENSORS];
    survey_run_all(model, &settings, 1, one);
    survey_run_all(model, &settings, 5, five);
    survey_assert_all_same(one, five);
    model_free(model);
}

static bool refuse(void *user, size_t tensor, const struct survey_record *record,
                   struct error *error)
{
    (void)record;
    ++*(size_t *)user;
    return error_set(error, ERROR_SYSTEM, "no room for %zu", tensor);
}

static void test_callback_stops_a_run(void **state)
{
    (void)state;
    struct model *model = survey_model();
    const struct survey_settings settings = survey_usual();
    static const size_t tensor[] = {NORM, MATRIX};
    struct error error = {0};
    struct watch watch = {.cancel = false};
    struct pool *pool = pool_new(1, &error);
    size_t calls = 0;
    assert_false(survey_run(pool, &watch, model, tensor, 2, &settings, refuse, &calls, &error));
    assert_int_equal(calls, 1);
    assert_string_equal(error.text, "no room for 1");
    pool_free(pool);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_plain_run),
        cmocka_unit_test(test_threads_make_no_difference),
        cmocka_unit_test(test_callback_stops_a_run),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
