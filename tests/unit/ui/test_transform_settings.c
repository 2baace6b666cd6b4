/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/text.h"
#include "fixture.h"
#include "ui/transform_settings.h"

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

static void assert_transform(const struct session *session, const char *name)
{
    struct text text = {0};
    transform_spec_print(&session->settings.transform, &text);
    assert_string_equal(text.data, name);
    text_done(&text);
}

static void test_keys_go_round(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    static const char *const names[] = {"hadamard", "align:128+hadamard", "align:1", "none"};
    fixture_select(fixture, FIXTURE_MATRIX);
    for (size_t i = 0; i < 4; i++) {
        fixture_press(fixture, "x");
        assert_transform(session, names[i]);
        assert_true((session_report(session)->basis != NULL) == (i < 3));
    }
    for (size_t i = 0; i < 4; i++) {
        fixture_press(fixture, "X");
        assert_transform(session, names[i < 3 ? 2 - i : 3]);
    }
}

static void test_others_lead_to_none(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    struct error error = {ERROR_NONE, ""};
    assert_true(transform_settings_set(session, "random:3", &error));
    assert_transform(session, "random:3");
    fixture_press(fixture, "x");
    assert_transform(session, "none");
    fixture_press(fixture, "u");
    assert_transform(session, "random:3");
    fixture_press(fixture, "X");
    assert_transform(session, "none");
}

static void test_what_is_said(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "x");
    assert_string_equal(session->message, "transform hadamard");
    fixture_press(fixture, "x");
    assert_string_equal(session->message, "transform cat: isotropic input assumed");
    fixture_select(fixture, FIXTURE_NORM);
    fixture_press(fixture, "x");
    assert_string_equal(session->message,
                        "align:1 changes nothing here: one dimension has no input side");
}

static void test_what_is_no_transform(void **state)
{
    struct fixture *fixture = *state;
    static const char *const wrong[] = {"", "all", "hadamard:3", "x"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct error error = {ERROR_NONE, ""};
        assert_false(transform_settings_set(fixture->session, wrong[i], &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_transform(fixture->session, "none");
    }
}

/* A transform that the tensor does not admit is told where the picture would be. */
static void test_failure_is_shown(void **state)
{
    struct fixture *fixture = *state;
    struct error error = {ERROR_NONE, ""};
    fixture_select(fixture, FIXTURE_MATRIX);
    assert_true(transform_settings_set(fixture->session, "scale:0.5", &error));
    fixture_settle(fixture);
    const struct report *report = session_report(fixture->session);
    assert_non_null(report);
    assert_int_equal(report->error.code, ERROR_USAGE);
    assert_non_null(strstr(report->error.text, "scale needs the largest |x|"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_keys_go_round, setup, teardown),
        cmocka_unit_test_setup_teardown(test_others_lead_to_none, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_no_transform, setup, teardown),
        cmocka_unit_test_setup_teardown(test_failure_is_shown, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
