/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/pace.h"

/* Shows a frame that takes so long as soon as it may be; returns when it is done. */
static double show(struct pace *pace, enum pace_reason reason, double now, double takes)
{
    now += pace_wait(pace, reason, now);
    pace_show(pace, reason == PACE_PROGRESS, now, now + takes);
    return now + takes;
}

/* Frames of one reason in 10 seconds, each wanted at once. */
static int frames_in_10s(bool thrifty, enum pace_reason reason, double takes)
{
    struct pace pace = pace_new(thrifty, 100);
    int frames = 0;
    for (double now = 100; now < 110; frames++)
        now = show(&pace, reason, now, takes);
    return frames;
}

static void test_a_key_after_a_rest_is_answered_at_once(void **state)
{
    (void)state;
    for (int thrifty = 0; thrifty < 2; thrifty++) {
        struct pace pace = pace_new(thrifty, 5);
        assert_true(pace_wait(&pace, PACE_ANSWER, 5) == 0);
        pace_show(&pace, false, 5, 5.001);
        assert_true(pace_wait(&pace, PACE_ANSWER, 5.002) == 0); /* its report, too */
    }
}

static void test_rates(void **state)
{
    (void)state;
    assert_in_range(frames_in_10s(false, PACE_ANSWER, 0.001), 295, 305);
    assert_in_range(frames_in_10s(false, PACE_PROGRESS, 0.001), 90, 101);
    assert_in_range(frames_in_10s(true, PACE_ANSWER, 0.001), 38, 43);
    assert_in_range(frames_in_10s(true, PACE_PROGRESS, 0.001), 4, 6);
}

static void test_progress_leaves_time_to_all_else(void **state)
{
    (void)state;
    /* Frames that take 50 ms have a tenth of the time. */
    assert_in_range(frames_in_10s(false, PACE_PROGRESS, 0.05), 18, 22);
}

static void test_progress_leaves_a_frame_to_keys(void **state)
{
    (void)state;
    struct pace pace = pace_new(false, 0);
    double now = 0;
    for (int i = 0; i < 50; i++) {
        now = show(&pace, PACE_PROGRESS, now, 0.001);
        assert_true(pace_wait(&pace, PACE_ANSWER, now) == 0);
    }
}

static void test_an_interim_report_waits_for_the_final_one(void **state)
{
    (void)state;
    struct pace pace = pace_new(false, 0);
    pace_show(&pace, false, 0, 0.001);
    const double wait = pace_wait(&pace, PACE_INTERIM, 0.002);
    assert_true(wait > 0.03 && wait < 0.05);
    assert_true(pace_wait(&pace, PACE_INTERIM, 1) == 0);
    assert_true(pace_wait(&pace, PACE_ANSWER, 0.002) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_key_after_a_rest_is_answered_at_once),
        cmocka_unit_test(test_rates),
        cmocka_unit_test(test_progress_leaves_time_to_all_else),
        cmocka_unit_test(test_progress_leaves_a_frame_to_keys),
        cmocka_unit_test(test_an_interim_report_waits_for_the_final_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
