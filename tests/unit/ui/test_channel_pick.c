/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/agreement.h"
#include "fixture.h"
#include "ui/channel_pick.h"

static int setup(void **state)
{
    static struct fixture fixture;
    fixture_open(&fixture);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    return 0;
}

static const struct report *report_of(const struct fixture *fixture)
{
    return session_report(fixture->session);
}

/* In the views of all channels the report stays one of all, whichever is picked. */
static void test_picking_leaves_the_report_alone(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "4 . .");
    assert_int_equal(fixture->session->settings.channel, 1);
    assert_int_equal(report_of(fixture)->request.channel, REQUEST_ALL_CHANNELS);
    assert_int_equal(report_of(fixture)->errors->channels, 6);
    fixture_press(fixture, "1");
    assert_int_equal(report_of(fixture)->request.channel, 1);
}

static double distance(const struct report *report, int64_t channel)
{
    struct agreement_dot dot = agreement_dot(report, (size_t)channel, AGREEMENT_STD);
    return fabs(dot.y - dot.x);
}

static void test_from_the_worst_to_the_best(void **state)
{
    struct fixture *fixture = *state;
    const struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "4 w");
    double before = INFINITY;
    unsigned seen = 0;
    for (int i = 0; i < 6; i++) {
        double now = distance(report_of(fixture), session->settings.channel);
        assert_true(now <= before);
        before = now;
        seen |= 1u << session->settings.channel;
        assert_string_equal(session->message, "");
        fixture_press(fixture, "w");
    }
    assert_int_equal(seen, 63);
    assert_string_equal(session->message, "that was the last one");
}

static void test_the_coarsest(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_TAILS);
    fixture_press(fixture, "5 w"); /* channel 0 holds the outlier */
    assert_int_equal(fixture->session->settings.channel, 0);
}

static void test_enter_shows_the_channel(void **state)
{
    struct fixture *fixture = *state;
    const struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "5 Enter Enter"); /* to the pane; there nothing is picked yet */
    assert_ptr_equal(session->view, &view_ratio);
    fixture_press(fixture, ". Enter");
    assert_ptr_equal(session->view, &view_error);
    assert_int_equal(report_of(fixture)->request.channel, 0);
}

static void test_keys_of_other_views(void **state)
{
    struct fixture *fixture = *state;
    const struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "f");
    assert_non_null(strstr(session->message, "4 and 5"));
    assert_false(session->options.normal_only);
    fixture_press(fixture, "5 t");
    assert_non_null(strstr(session->message, "4"));
    assert_false(session->options.means);
    fixture_press(fixture, "f 4 t");
    assert_true(session->options.normal_only && session->options.means);
    fixture_press(fixture, "t f 1 w A");
    assert_false(session->options.normal_only || session->options.means || session->whole);
    assert_int_equal(session->settings.channel, REQUEST_ALL_CHANNELS);
}

static void test_nothing_to_pick(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_NORM);
    fixture_press(fixture, "4 w");
    assert_string_equal(fixture->session->message, "one channel is all there is");
    fixture_select(fixture, FIXTURE_ZERO);
    fixture_press(fixture, "w");
    assert_int_equal(fixture->session->settings.channel, REQUEST_ALL_CHANNELS);
    fixture_select(fixture, FIXTURE_UNKNOWN);
    fixture_press(fixture, "w");
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "A w");
    assert_int_equal(fixture->session->settings.channel, REQUEST_ALL_CHANNELS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_picking_leaves_the_report_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_from_the_worst_to_the_best, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_coarsest, setup, teardown),
        cmocka_unit_test_setup_teardown(test_enter_shows_the_channel, setup, teardown),
        cmocka_unit_test_setup_teardown(test_keys_of_other_views, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_to_pick, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
