/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/survey.h"
#include "survey_model.h"

/* Takes all that is new; returns how many records it was. */
static size_t take_all(struct survey *survey, struct survey_record record[TENSORS])
{
    size_t tensor, n = 0;
    struct survey_record taken;
    for (; survey_take(survey, &tensor, &taken); n++) {
        assert_in_range(tensor, 0, TENSORS - 1);
        record[tensor] = taken;
    }
    return n;
}

static bool is_readable(const struct survey *survey)
{
    struct pollfd wait = {survey_descriptor(survey), POLLIN, 0};
    return poll(&wait, 1, 0) == 1;
}

static void test_in_the_background(void **state)
{
    (void)state;
    struct model *model = survey_model();
    const struct survey_settings settings = survey_usual();
    struct survey_record expected[TENSORS], record[TENSORS];
    survey_run_all(model, &settings, 1, expected);
    struct survey *survey = survey_new(model, 2, NULL);
    survey_wait(survey);
    assert_int_equal(take_all(survey, record), 0);
    survey_ask(survey, &settings);
    survey_wait(survey);
    assert_true(is_readable(survey));
    assert_int_equal(take_all(survey, record), TENSORS);
    assert_false(is_readable(survey));
    survey_assert_all_same(record, expected);
    assert_false(survey_progress(survey).busy);
    survey_free(survey);
    model_free(model);
}

static void test_preferred_come_first(void **state)
{
    (void)state;
    struct model *model = survey_model();
    const struct survey_settings settings = survey_usual();
    static const size_t preferred[] = {LONG, NORM};
    struct survey *survey = survey_new(model, 2, NULL);
    survey_hold(survey, SURVEY_HOLD_USER, true);
    survey_prefer(survey, preferred, 2);
    survey_ask(survey, &settings);
    survey_wait(survey);
    struct survey_progress progress = survey_progress(survey);
    assert_true(progress.held && progress.busy);
    size_t tensor;
    struct survey_record record;
    assert_false(survey_take(survey, &tensor, &record));
    survey_hold(survey, SURVEY_HOLD_USER, false);
    survey_wait(survey);
    static const size_t order[] = {LONG, NORM, MATRIX, BROKEN, COMPLEX};
    for (size_t i = 0; i < TENSORS; i++) {
        assert_true(survey_take(survey, &tensor, &record));
        assert_int_equal(tensor, order[i]);
    }
    survey_prefer(survey, NULL, 0);
    survey_free(survey);
    model_free(model);
}

/* Either reason holds it. */
static void test_held(void **state)
{
    (void)state;
    struct model *model = survey_model();
    const struct survey_settings settings = survey_usual();
    struct survey *survey = survey_new(model, 3, NULL);
    struct survey_record record[TENSORS], expected[TENSORS];
    survey_run_all(model, &settings, 1, expected);
    survey_ask(survey, &settings);
    for (int i = 0; i < 200; i++) {
        survey_hold(survey, SURVEY_HOLD_ENGINE, true);
        survey_hold(survey, SURVEY_HOLD_USER, i % 2);
        survey_hold(survey, SURVEY_HOLD_ENGINE, false);
        assert_int_equal(survey_progress(survey).held, i % 2);
    }
    survey_wait(survey);
    survey_hold(survey, SURVEY_HOLD_USER, false);
    survey_wait(survey);
    take_all(survey, record);
    survey_assert_all_same(record, expected);
    survey_free(survey);
    model_free(model);
}

static void test_freed_at_any_time(void **state)
{
    (void)state;
    struct model *model = survey_model();
    const struct survey_settings settings = survey_usual();
    for (int i = 0; i < 12; i++) {
        struct survey *survey = survey_new(model, 2, NULL);
        if (i % 4 == 1)
            survey_hold(survey, SURVEY_HOLD_ENGINE, true);
        if (i > 0)
            survey_ask(survey, &settings);
        if (i % 4 == 2)
            survey_hold(survey, SURVEY_HOLD_USER, true);
        if (i % 3 == 1)
            poll(NULL, 0, i);
        survey_free(survey);
    }
    model_free(model);
}

/* What does not depend on the scheme is kept; another width of the ladder needs no weights. */
static void test_change_of_scheme(void **state)
{
    (void)state;
    struct model *model = survey_model();
    struct survey_settings settings = survey_usual();
    struct survey *survey = survey_new(model, 2, NULL);
    struct survey_record record[TENSORS], expected[TENSORS];
    survey_ask(survey, &settings);
    survey_wait(survey);
    take_all(survey, record);
    survey_hold(survey, SURVEY_HOLD_USER, true);
    settings.scheme.bits = 3;
    survey_ask(survey, &settings);
    assert_int_equal(take_all(survey, record), TENSORS);
    survey_run_all(model, &settings, 1, expected);
    for (size_t i = 0; i < COMPLEX; i++)
        survey_assert_same(&record[i], &expected[i]);
    settings.scheme.clip = (struct clip){CLIP_SIGMA, 3};
    survey_ask(survey, &settings);
    take_all(survey, record);
    assert_int_equal(record[MATRIX].parts, RECORD_FAST | RECORD_SLOW);
    survey_hold(survey, SURVEY_HOLD_USER, false);
    survey_wait(survey);
    take_all(survey, record);
    survey_run_all(model, &settings, 1, expected);
    survey_assert_all_same(record, expected);
    assert_true(record[MATRIX].scheme.clipped_share > 0);
    survey_free(survey);
    model_free(model);
}

/* Settings that change all the time end in the records of the last ones. */
static void test_changes_while_busy(void **state)
{
    (void)state;
    struct model *model = survey_model();
    struct survey *survey = survey_new(model, 2, NULL);
    struct survey_record record[TENSORS], expected[TENSORS];
    struct survey_settings settings = survey_usual();
    for (int i = 0; i < 60; i++) {
        settings = survey_usual();
        settings.scheme.bits = 2 + i % 9;
        settings.view.axis = i / 6 % 2;
        settings.transform = weights_transform(i / 12 % 2 ? i / 24 % 2 ? "cat" : "hadamard" : "none");
        if (i % 5 == 0)
            settings.scheme.clip = (struct clip){CLIP_SIGMA, 3};
        survey_ask(survey, &settings);
        if (i % 3 == 0)
            poll(NULL, 0, 5);
    }
    survey_wait(survey);
    take_all(survey, record);
    survey_run_all(model, &settings, 1, expected);
    survey_assert_all_same(record, expected);
    survey_free(survey);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_the_background),
        cmocka_unit_test(test_preferred_come_first),
        cmocka_unit_test(test_held),
        cmocka_unit_test(test_freed_at_any_time),
        cmocka_unit_test(test_change_of_scheme),
        cmocka_unit_test(test_changes_while_busy),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
