/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/keys.h"
#include "ui/tensor_settings.h"

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

static void assert_has(const struct fixture *fixture, const char *part)
{
    const char *frame = fixture_frame(fixture);
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in\n%s", part, frame);
}

static void test_the_channels_turn(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_press(fixture, "T");
    assert_int_equal(session->settings.view.axis, 1);
    assert_int_equal(session_report(session)->figures.channels, 64);
    assert_string_equal(session->message, "channels: columns (axis 1)");
    assert_has(fixture, "tensor channels: columns (axis 1)");
    assert_has(fixture, "per channel  axis 1  ");
    fixture_press(fixture, "T");
    assert_int_equal(session_report(session)->figures.channels, 6);
    fixture_press(fixture, "u");
    assert_int_equal(session_report(session)->figures.channels, 64);
    fixture_press(fixture, "u u");
    assert_string_equal(session->message, "nothing to undo");
    assert_int_equal(session->settings.view.axis, 0);
}

static void test_a_channel_that_is_not_there_gives_way(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_press(fixture, "T . . . . T");
    assert_int_equal(session->settings.channel, 3);
    fixture_press(fixture, "T . . . . T");
    assert_int_equal(session->settings.channel, REQUEST_ALL_CHANNELS);
    assert_int_equal(session_report(session)->error.code, ERROR_NONE);
    fixture_press(fixture, "u");
    assert_int_equal(session->settings.channel, 7);
    assert_int_equal(session->settings.view.axis, 1);
    assert_has(fixture, "per channel  ch 7  ");
    fixture_press(fixture, ",");
    assert_int_equal(session_report(session)->request.channel, 6);
}

/* The columns of the tree are of one axis. */
static void test_columns_of_the_other_axis_are_forgotten(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    double sqnr = listing_values(session->listing, FIXTURE_MATRIX)[COLUMN_SQNR];
    fixture_press(fixture, "T");
    assert_true(listing_values(session->listing, FIXTURE_MATRIX)[COLUMN_SQNR] != sqnr);
    fixture_select(fixture, FIXTURE_TAILS);
    fixture_press(fixture, "T");
    assert_true(isnan(listing_values(session->listing, FIXTURE_MATRIX)[COLUMN_SQNR]));
}

static void test_nothing_to_turn(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_NORM);
    fixture_press(fixture, "T");
    assert_string_equal(fixture->session->message,
                        "axis 1 changes nothing here: there is one channel");
    assert_int_equal(session_report(fixture->session)->figures.channels, 1);
    static const size_t others[] = { FIXTURE_EMPTY, FIXTURE_SCALAR, FIXTURE_UNKNOWN };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        fixture_select(fixture, others[i]);
        fixture_press(fixture, "T W T");
    }
    fixture_press(fixture, "F6 T");
    assert_string_equal(fixture->session->message, "T is for tensors; F6 leaves the lab");
}

static void test_the_command_line(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_press(fixture, ": a x i s Space 1 Enter");
    assert_int_equal(session->settings.view.axis, 1);
    fixture_press(fixture, ": a x i s Space 2 Enter");
    assert_string_equal(session->message, "axis takes 0 (channels are rows) or 1 (columns)");
    fixture_press(fixture, ": s c a l e d Space 1 Enter");
    assert_string_equal(session->message, "scaled takes on or off");
}

/* The scales of the matrix, 0.5 for each row, as its file might have them. */
static void test_scales(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_press(fixture, "W");
    assert_string_equal(session->message,
                        "no tensor of this model has scales in a tensor of its own");
    assert_false(session->settings.view.scaled);
    struct tensor *tensor = &fixture->model->tensors[FIXTURE_MATRIX];
    struct tensor_scale scale = { fixture->model->tensors[FIXTURE_FLAT], 6, 64 };
    static const uint64_t dims[] = { 1, 1 };
    scale.values.dims = dims;
    scale.values.elements = 1;
    scale.values.bytes = 4;
    tensor->scale = &scale;
    double std = session_report(session)->figures.std;
    fixture_press(fixture, "W");
    assert_string_equal(session->message, "values are multiplied by their scales");
    assert_has(fixture, "tensor scaled by layers.0.flat.weight");
    assert_has(fixture, "  scaled  ");
    assert_true(fabs(session_report(session)->figures.std / std - 0.5) < 1e-6);
    fixture_press(fixture, ": s c a l e d Space o f f Enter");
    assert_string_equal(session->message, "values are as stored, without their scales");
    assert_has(fixture, "tensor raw codes, scales: layers.0.flat.weight");
    assert_true(session_report(session)->figures.std == std);
    fixture_press(fixture, "u");
    assert_true(session->settings.view.scaled);
    fixture_select(fixture, FIXTURE_TAILS);
    fixture_press(fixture, "W");
    assert_string_equal(session->message, "this tensor has no scales: its values are as stored");
    tensor->scale = NULL;
}

static void test_whose_bytes_a_tensor_has(void **state)
{
    struct fixture *fixture = *state;
    struct tensor *tensor = &fixture->model->tensors[FIXTURE_MATRIX];
    tensor->alias_of = "model.embed_tokens.weight";
    fixture_press(fixture, ".");
    assert_has(fixture, "tensor tied to model.embed_tokens.weight");
    /* Long names are cut to the line. */
    tensor->alias_of = "model.language_model.layers.17.self_attention.query_key_value.weight";
    fixture_press(fixture, ".");
    assert_has(fixture, "tied to m.l.l.17.");
    tensor->alias_of = NULL;
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_the_channels_turn),
        TEST(test_a_channel_that_is_not_there_gives_way),
        TEST(test_columns_of_the_other_axis_are_forgotten),
        TEST(test_nothing_to_turn),
        TEST(test_the_command_line),
        TEST(test_scales),
        TEST(test_whose_bytes_a_tensor_has),
    };
    return cmocka_run_group_tests_name("ui/tensor_settings", tests, NULL, NULL);
}
