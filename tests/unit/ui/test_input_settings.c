/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "linear/token_grid.h"
#include "ui/action.h"
#include "ui/input_settings.h"
#include "ui/keys.h"

static int setup(void **state)
{
    static struct fixture fixture;
    fixture_open(&fixture);
    fixture_select(&fixture, FIXTURE_MATRIX);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    return 0;
}

static void press(struct fixture *fixture, const char *keys)
{
    for (; *keys; keys++)
        session_key(fixture->session, (unsigned char)*keys);
}

static void command(struct fixture *fixture, const char *line)
{
    press(fixture, line);
    session_key(fixture->session, KEY_ENTER_CODE);
}

static int bits_of(const struct fixture *fixture)
{
    return fixture->session->settings.inputs.bits;
}

/* From the weights' width on, to both ends. */
static void test_keys(void **state)
{
    struct fixture *fixture = *state;
    const char *message = fixture->session->message;
    assert_int_equal(bits_of(fixture), 0);
    press(fixture, "(");
    assert_int_equal(bits_of(fixture), 0);
    assert_non_null(strstr(message, ") rounds them"));
    press(fixture, ")");
    assert_int_equal(bits_of(fixture), 4);
    press(fixture, ")");
    assert_int_equal(bits_of(fixture), 5);
    press(fixture, "(((");
    assert_int_equal(bits_of(fixture), TOKEN_GRID_BITS_LEAST);
    press(fixture, "(");
    assert_int_equal(bits_of(fixture), 0);
    assert_non_null(strstr(message, "left as they are"));
    command(fixture, ":activation-bits 16");
    press(fixture, ")");
    assert_int_equal(bits_of(fixture), TOKEN_GRID_BITS_MOST);
    assert_string_equal(message, "inputs take 2 to 16 bits");
}

/* A width of the weights that inputs cannot have. */
static void test_one_bit(void **state)
{
    struct fixture *fixture = *state;
    command(fixture, ":bits 1");
    press(fixture, ")");
    assert_int_equal(bits_of(fixture), TOKEN_GRID_BITS_LEAST);
}

static void test_command(void **state)
{
    struct fixture *fixture = *state;
    command(fixture, ":activation-bits 8");
    assert_int_equal(bits_of(fixture), 8);
    static const char *const wrong[] = {":activation-bits 1",          ":activation-bits 17",
                                        ":activation-bits 4x",         ":activation-bits x",
                                        ":activation-bits -1",         ":activation-bits 0",
                                        ":activation-bits 99999999999"};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        command(fixture, wrong[i]);
        assert_int_equal(bits_of(fixture), 8);
        assert_string_equal(fixture->session->message,
                            "activation-bits takes none, or a width from 2 to 16");
        session_key(fixture->session, KEY_ESCAPE);
    }
    command(fixture, ":activation-bits none");
    assert_int_equal(bits_of(fixture), 0);
}

static void test_undo(void **state)
{
    struct fixture *fixture = *state;
    press(fixture, "))");
    assert_int_equal(bits_of(fixture), 5);
    press(fixture, "u");
    assert_int_equal(bits_of(fixture), 4);
    press(fixture, "u");
    assert_int_equal(bits_of(fixture), 0);
}

/* Only the view of layers asks for them; there it is a request of its own. */
static void test_what_is_asked(void **state)
{
    struct fixture *fixture = *state;
    fixture_press(fixture, "1 )");
    assert_false(fixture->session->asked.lineup);
    assert_non_null(strstr(fixture->session->message, "6 shows"));
    fixture_press(fixture, "6");
    assert_true(fixture->session->asked.lineup);
    assert_int_equal(fixture->session->asked.inputs.bits, 4);
    fixture_press(fixture, ")");
    assert_int_equal(fixture->session->asked.inputs.bits, 5);
    assert_int_equal(fixture->session->report->request.inputs.bits, 5);
    assert_string_equal(fixture->session->message, "");
}

static void test_line_of_settings(void **state)
{
    struct fixture *fixture = *state;
    fixture_settle(fixture);
    assert_non_null(strstr(fixture_frame(fixture), "4 bits"));
    fixture_press(fixture, ") )");
    assert_null(strstr(fixture_frame(fixture), "4 bits"));
    assert_non_null(strstr(fixture_frame(fixture), "W4 A5"));
}

static void test_described(void **state)
{
    (void)state;
    struct text text = {0};
    struct settings settings = {.scheme = scheme_default()};
    input_settings_describe(&text, &settings);
    assert_int_equal(text.length, 0);
    settings.inputs = (struct input_grid){.bits = 8, .symmetric = true, .fixed = true};
    input_settings_describe(&text, &settings);
    assert_string_equal(text.data, "W4 A8 symmetric static");
    text_done(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_keys, setup, teardown),
        cmocka_unit_test_setup_teardown(test_one_bit, setup, teardown),
        cmocka_unit_test_setup_teardown(test_command, setup, teardown),
        cmocka_unit_test_setup_teardown(test_undo, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_asked, setup, teardown),
        cmocka_unit_test_setup_teardown(test_line_of_settings, setup, teardown),
        cmocka_unit_test(test_described),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
