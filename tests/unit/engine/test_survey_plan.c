/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/survey_plan.h"
#include "survey_model.h"

/* Adds the next tensor's part, as if it had been worked on; returns which tensor. */
static size_t do_next(struct survey_plan *plan)
{
    size_t tensor;
    struct survey_record record;
    assert_true(plan_next(plan, false, &tensor));
    const unsigned parts = plan_begin(plan, tensor, &record);
    record.parts |= parts;
    assert_true(plan_put(plan, tensor, &plan->settings, parts, &record));
    return tensor;
}

static void test_passes_and_preference(void **state)
{
    (void)state;
    struct model *model = survey_model();
    struct survey_settings settings = survey_usual();
    struct survey_plan plan;
    struct survey_record record;
    size_t tensor;
    plan_init(&plan, model);
    assert_false(plan_next(&plan, false, &tensor));
    assert_null(plan_pass(&plan));
    assert_int_equal(plan_ask(&plan, &settings), SURVEY_ALL);
    assert_int_equal(plan_ask(&plan, &settings), 0);
    static const size_t preferred[] = {LONG, NORM};
    plan_prefer(&plan, preferred, 2);
    static const size_t order[] = {LONG, NORM, MATRIX, BROKEN, COMPLEX};
    for (size_t i = 0; i < TENSORS; i++)
        assert_int_equal(do_next(&plan), order[i]);
    assert_true(plan_works_on(&plan, RECORD_FAST));
    assert_int_equal(plan.done_bytes, plan.all_bytes);
    assert_int_equal(do_next(&plan), LONG);
    assert_string_equal(plan_pass(&plan), "normality");
    assert_int_equal(plan.done_tensors, 1);
    for (size_t i = 0; i < TENSORS; i++) {
        assert_true(plan_take(&plan, &tensor, &record));
        assert_int_equal(tensor, order[i]);
    }
    assert_false(plan_take(&plan, &tensor, &record));
    plan_done(&plan);
    model_free(model);
}

/* What was made with settings that are gone counts as far as it does not depend on them. */
static void test_stale_parts_are_dropped(void **state)
{
    (void)state;
    struct model *model = survey_model();
    const struct survey_settings old = survey_usual();
    struct survey_settings settings = old;
    struct survey_plan plan;
    struct survey_record record;
    size_t tensor;
    plan_init(&plan, model);
    plan_ask(&plan, &old);
    assert_true(plan_next(&plan, false, &tensor));
    const unsigned parts = plan_begin(&plan, tensor, &record);
    assert_int_equal(parts, RECORD_FAST | RECORD_SCHEME);
    record.parts = parts;
    settings.scheme.clip = (struct clip){CLIP_SIGMA, 3};
    assert_int_equal(plan_ask(&plan, &settings), RECORD_SCHEME);
    assert_true(plan_put(&plan, tensor, &old, parts, &record));
    assert_int_equal(plan.entry[tensor].record->parts, RECORD_FAST);
    settings.view.axis = 1;
    assert_int_equal(plan_ask(&plan, &settings), SURVEY_ALL);
    assert_int_equal(plan.entry[tensor].record->parts, 0);
    assert_false(plan_put(&plan, tensor, &old, parts, &record));
    assert_int_equal(plan.entry[tensor].record->parts, 0);
    plan_done(&plan);
    model_free(model);
}

static void test_failures_are_tried_again(void **state)
{
    (void)state;
    struct model *model = survey_model();
    struct survey_settings settings = survey_usual();
    struct survey_plan plan;
    struct survey_record record;
    size_t tensor;
    plan_init(&plan, model);
    plan_ask(&plan, &settings);
    assert_true(plan_next(&plan, false, &tensor));
    const unsigned parts = plan_begin(&plan, tensor, &record);
    strcpy(record.failure, "broke");
    plan_put(&plan, tensor, &settings, parts, &record);
    assert_int_equal(do_next(&plan), NORM);
    settings.scheme.bits = 5;
    plan_ask(&plan, &settings);
    assert_int_equal(plan.entry[NORM].record->parts, RECORD_FAST | RECORD_SCHEME);
    assert_int_equal(do_next(&plan), MATRIX);
    assert_int_equal(do_next(&plan), BROKEN);
    plan_done(&plan);
    model_free(model);
}

static void test_time_left(void **state)
{
    (void)state;
    struct model *model = survey_model();
    const struct survey_settings settings = survey_usual();
    struct survey_plan plan;
    size_t tensor;
    plan_init(&plan, model);
    plan_ask(&plan, &settings);
    plan_next(&plan, true, &tensor);
    assert_true(isnan(plan_seconds_left(&plan, 0)));
    /* Ten seconds of work, clock stopped: a tenth is done. */
    plan.clock.before = 10;
    const double all = (double)plan.all_bytes;
    weights_assert_near(plan_seconds_left(&plan, all / 10), 90, 1e-12, 0);
    plan.done_bytes = plan.all_bytes / 2;
    plan.last_done = 8;
    weights_assert_near(plan_seconds_left(&plan, 0), 8 - 2, 1e-4, 0);
    plan_run(&plan, true);
    plan_run(&plan, false);
    assert_in_range((uintmax_t)plan.clock.before, 10, 11);
    plan_done(&plan);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_passes_and_preference),
        cmocka_unit_test(test_stale_parts_are_dropped),
        cmocka_unit_test(test_failures_are_tried_again),
        cmocka_unit_test(test_time_left),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
