/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <math.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/action.h"
#include "ui/keys.h"

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

/* Index of the selected tensor, -1 on a module. */
static int selected(const struct fixture *fixture)
{
    const struct tensor *tensor = session_tensor(fixture->session);
    return tensor ? (int)(tensor - fixture->model->tensors) : -1;
}

static void type(struct fixture *fixture, const char *text)
{
    for (; *text; text++)
        session_key(fixture->session, (unsigned char)*text);
}

static void command(struct fixture *fixture, const char *line)
{
    type(fixture, ":");
    type(fixture, line);
    session_key(fixture->session, KEY_ENTER_CODE);
    fixture_settle(fixture);
    assert_int_equal(fixture->session->mode, MODE_BROWSE);
}

static void test_begins_at_the_first_matrix(void **state)
{
    struct fixture *fixture = *state;
    assert_int_equal(selected(fixture), FIXTURE_FLAT);
    assert_non_null(session_report(fixture->session));
    assert_false(session_report(fixture->session)->sampled);
}

static void test_a_channel_of_the_command_line_is_kept(void **state)
{
    struct fixture *fixture = *state;
    struct settings settings = { .scheme = scheme_default(), .channel = 2 };
    session_free(fixture->session);
    fixture->session = session_new(fixture->model, fixture->engine, GLYPHS_ASCII, &settings);
    fixture_settle(fixture);
    assert_int_equal(session_report(fixture->session)->request.channel, 2);
}

static void test_bits_have_ends(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_press(fixture, "- - - - - -");
    assert_int_equal(session->settings.scheme.bits, 1);
    assert_string_equal(session->message, "uniform takes 1 to 16 bits");
    command(fixture, "bits 16");
    fixture_press(fixture, "+");
    assert_int_equal(session->settings.scheme.bits, 16);
    fixture_press(fixture, "-");
    assert_string_equal(session->message, "");
    assert_int_equal(session_report(session)->request.scheme.bits, 15);
}

static void test_undo_goes_back_step_by_step(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "- x c ] u");
    assert_true(session->settings.scheme.clip.parameter == clip_default(CLIP_SIGMA).parameter);
    fixture_press(fixture, "u");
    assert_int_equal(session->settings.scheme.clip.rule, CLIP_MAX);
    fixture_press(fixture, "u");
    assert_int_equal(session->settings.transform.count, 0);
    fixture_press(fixture, "u");
    assert_int_equal(session->settings.scheme.bits, 4);
    assert_string_equal(session->message, "");
    fixture_press(fixture, "u");
    assert_string_equal(session->message, "nothing to undo");
    assert_int_equal(session_report(session)->request.scheme.bits, 4);
}

static void test_undo_remembers_only_so_much(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    for (int i = 0; i < SESSION_UNDO + 10; i++)
        session_key(session, i % 2 ? '-' : '+');
    assert_int_equal(session->undo_count, SESSION_UNDO);
    for (int i = 0; i < SESSION_UNDO; i++)
        session_key(session, 'u');
    assert_int_equal(session->undo_count, 0);
    assert_int_equal(session->settings.scheme.bits, 4);
}

static void test_undo_brings_no_channel_of_another_tensor(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, ". . - . .");
    fixture_select(fixture, FIXTURE_TAILS);
    assert_int_equal(session->settings.channel, REQUEST_ALL_CHANNELS);
    fixture_press(fixture, "u"); /* the bits; steps through channels are gone */
    assert_int_equal(session->settings.channel, REQUEST_ALL_CHANNELS);
    assert_int_equal(session->settings.scheme.bits, 4);
    fixture_press(fixture, "u");
    assert_string_equal(session->message, "nothing to undo");
}

static void test_channels_stop_at_both_ends(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX); /* 6 channels */
    fixture_press(fixture, ".");
    assert_int_equal(session->settings.channel, 0);
    fixture_press(fixture, ", ,");
    assert_int_equal(session->settings.channel, 0);
    fixture_press(fixture, ". . . . . . . . .");
    assert_int_equal(session->settings.channel, 5);
    assert_int_equal(session_report(session)->figures.channels, 1);
    fixture_press(fixture, "0 ,");
    assert_int_equal(session->settings.channel, 5);
    fixture_press(fixture, "0");
    assert_int_equal(session->settings.channel, REQUEST_ALL_CHANNELS);
    fixture_press(fixture, "Tab Right Right Left");
    assert_int_equal(session->settings.channel, 0);
    fixture_select(fixture, FIXTURE_NORM);
    fixture_press(fixture, ".");
    assert_int_equal(session->settings.channel, REQUEST_ALL_CHANNELS);
    assert_string_equal(session->message, "one channel is all there is");
}

static void test_sorting_keeps_the_selection(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_TAILS);
    fixture_press(fixture, ".");
    for (int column = 0; column <= COLUMN_COUNT; column++) {
        fixture_press(fixture, "S");
        assert_int_equal(selected(fixture), FIXTURE_TAILS);
        assert_int_equal(session->settings.channel, 0);
        if (session->column == COLUMN_NAME)
            continue;
        fixture_press(fixture, ">");
        assert_true(session->descending);
        fixture_press(fixture, "<");
        assert_false(session->descending);
        assert_int_equal(selected(fixture), FIXTURE_TAILS);
    }
    command(fixture, "sort name");
    fixture_press(fixture, "<");
    assert_non_null(strstr(session->message, "order of names"));
    command(fixture, "sort size");
    assert_true(session->tree->flat);
    fixture_press(fixture, "Left Right"); /* nothing to fold in a list */
    assert_int_equal(session->tree->rows, FIXTURE_TENSORS);
}

static void test_a_module_gives_way_to_its_first_tensor(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_NAN);
    fixture_press(fixture, "Left");
    assert_int_equal(selected(fixture), -1);
    assert_null(session_report(session));
    fixture_press(fixture, "Left"); /* folds it */
    fixture_press(fixture, "S");
    assert_int_equal(selected(fixture), FIXTURE_NAN);
}

static void test_search_as_one_types(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_press(fixture, "/ p r");
    assert_int_equal(selected(fixture), FIXTURE_MATRIX);
    fixture_press(fixture, "BS BS n o");
    assert_int_equal(selected(fixture), FIXTURE_NORM);
    fixture_press(fixture, "Esc"); /* back to where it began */
    assert_int_equal(session->mode, MODE_BROWSE);
    assert_int_equal(selected(fixture), FIXTURE_FLAT);
    fixture_press(fixture, "/ p r o j Enter");
    assert_int_equal(selected(fixture), FIXTURE_MATRIX);
    fixture_press(fixture, "n");
    assert_int_equal(selected(fixture), FIXTURE_TAILS);
    fixture_press(fixture, "n");
    assert_int_equal(selected(fixture), FIXTURE_MATRIX);
    fixture_press(fixture, "N");
    assert_int_equal(selected(fixture), FIXTURE_TAILS);
    fixture_press(fixture, "/ q q");
    assert_string_equal(session->message, "no tensor matches \"qq\"");
    assert_int_equal(session->mode, MODE_SEARCH); /* q is a letter here */
    fixture_press(fixture, "BS BS BS");
    assert_int_equal(session->mode, MODE_BROWSE);
    assert_int_equal(selected(fixture), FIXTURE_TAILS);
}

static void test_lines_have_an_end(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_press(fixture, ":");
    for (int i = 0; i < 1000; i++)
        session_key(session, i % 3 ? 0x3c3 : 0x1f600);
    assert_true(strlen(session->line) < SESSION_LINE);
    fixture_settle(fixture);
    for (int i = 0; i < 1000 && session->line[0]; i++)
        session_key(session, KEY_RUBOUT);
    assert_int_equal(session->mode, MODE_COMMAND);
    session_key(session, KEY_RUBOUT);
    assert_int_equal(session->mode, MODE_BROWSE);
    fixture_press(fixture, ": a b C-u");
    assert_string_equal(session->line, "");
    session_key(session, 0x202e); /* would reverse the direction of writing */
    session_key(session, 7);
    session_key(session, KEY_CURSOR_UP);
    assert_string_equal(session->line, "");
}

static void test_commands(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    command(fixture, "  bits  7  ");
    assert_int_equal(session->settings.scheme.bits, 7);
    command(fixture, "clip sigma 2.5");
    assert_int_equal(session->settings.scheme.clip.rule, CLIP_SIGMA);
    assert_true(session->settings.scheme.clip.parameter == 2.5);
    command(fixture, "transform hadamard");
    assert_int_equal(session->settings.transform.count, 1);
    command(fixture, "channel 3");
    assert_int_equal(session->settings.channel, 3);
    command(fixture, "channel all");
    assert_int_equal(session->settings.channel, REQUEST_ALL_CHANNELS);
    command(fixture, "view qq");
    assert_ptr_equal(session->view, &view_qq);
    command(fixture, "tensor 1.proj.weight");
    assert_int_equal(selected(fixture), FIXTURE_TAILS);
    command(fixture, "sort kurtosis");
    assert_int_equal(session->column, COLUMN_KURTOSIS);
    command(fixture, "glyphs blocks");
    assert_int_equal(session->options.glyphs, GLYPHS_BLOCKS);
    command(fixture, "log");
    assert_true(session->options.log);
    command(fixture, "");
    assert_string_equal(session->message, "");
    type(fixture, ":help\r");
    assert_int_equal(session->mode, MODE_HELP);
    fixture_press(fixture, "j k PgDn PgUp x");
    assert_int_equal(session->mode, MODE_BROWSE);
    assert_int_equal(session->settings.transform.count, 1); /* x closed the help */
    command(fixture, "quit");
    assert_true(session->quit);
}

static void test_commands_that_make_no_sense(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    static const char *const lines[] = {
        "bits", "bits 0", "bits 17", "bits 99999999999999999999", "bits four", "bits 4x",
        "clip nothing", "clip sigma -1", "clip sigma nan", "transform", "transform x",
        "source", "source law", "source x", "channel", "channel 4", "channel -1", "channel 99999999999999999999", "view", "view x",
        "tensor", "tensor no.such.tensor", "tensor weight", "sort x", "sort", "glyphs x",
        "bit 3", "nonsense",
    };
    struct settings before = session->settings;
    for (size_t i = 0; i < sizeof lines / sizeof *lines; i++) {
        command(fixture, lines[i]);
        if (!session->message[0])
            fail_msg("no message about \":%s\"", lines[i]);
        assert_int_equal(session->message_style, STYLE_WARN);
        assert_int_equal(session->settings.scheme.bits, before.scheme.bits);
        assert_int_equal(session->settings.scheme.clip.rule, before.scheme.clip.rule);
        assert_int_equal(session->settings.channel, before.channel);
        assert_int_equal(selected(fixture), FIXTURE_FLAT);
    }
}

static void test_columns_are_forgotten_with_the_settings(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    double sqnr = listing_values(session->listing, FIXTURE_MATRIX)[COLUMN_SQNR];
    assert_true(sqnr > 10 && sqnr < 30);
    fixture_press(fixture, "."); /* the channel does not change what is known of the tensor */
    assert_true(listing_values(session->listing, FIXTURE_MATRIX)[COLUMN_SQNR] == sqnr);
    fixture_select(fixture, FIXTURE_TAILS);
    assert_true(listing_values(session->listing, FIXTURE_MATRIX)[COLUMN_SQNR] == sqnr);
    fixture_press(fixture, "+");
    assert_true(isnan(listing_values(session->listing, FIXTURE_MATRIX)[COLUMN_SQNR]));
    assert_false(isnan(listing_values(session->listing, FIXTURE_TAILS)[COLUMN_SQNR]));
    assert_true(listing_values(session->listing, FIXTURE_MATRIX)[COLUMN_SIZE] == 384);
}

static void test_keys_that_do_nothing_say_so(void **state)
{
    struct fixture *fixture = *state;
    fixture_press(fixture, "Z");
    assert_string_equal(fixture->session->message, "Z does nothing here; ? shows the keys");
    session_key(fixture->session, 0);
    assert_string_equal(fixture->session->message, "^@ does nothing here; ? shows the keys");
}

static void test_clip_thresholds(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "]");
    assert_non_null(strstr(session->message, "no threshold"));
    fixture_press(fixture, "c c c c");
    assert_int_equal(session->settings.scheme.clip.rule, CLIP_MSE);
    fixture_press(fixture, "]");
    assert_non_null(strstr(session->message, "clip mse has no threshold"));
    fixture_press(fixture, "c ]");
    assert_int_equal(session->settings.scheme.clip.rule, CLIP_LP);
    assert_true(session->settings.scheme.clip.parameter == 2.6);
    fixture_press(fixture, "c");
    assert_int_equal(session->settings.scheme.clip.rule, CLIP_VALUE);
    double value = session->settings.scheme.clip.parameter;
    double half = session_report(session)->figures.abs_max / 2;
    assert_true(fabs(value - half) < 0.05 * half);
    fixture_press(fixture, "]");
    assert_true(session->settings.scheme.clip.parameter > value);
    fixture_press(fixture, "c");
    assert_int_equal(session->settings.scheme.clip.rule, CLIP_MAX);
}

static void test_glyphs_stay_ascii_where_nothing_else_can_be_shown(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_press(fixture, "b b b");
    assert_int_equal(session->options.glyphs, GLYPHS_BRAILLE);
    session->ascii_only = true;
    session->options.glyphs = GLYPHS_ASCII;
    fixture_press(fixture, "b");
    assert_int_equal(session->options.glyphs, GLYPHS_ASCII);
    command(fixture, "glyphs braille");
    assert_int_equal(session->options.glyphs, GLYPHS_ASCII);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_begins_at_the_first_matrix),
        TEST(test_a_channel_of_the_command_line_is_kept),
        TEST(test_bits_have_ends),
        TEST(test_undo_goes_back_step_by_step),
        TEST(test_undo_remembers_only_so_much),
        TEST(test_undo_brings_no_channel_of_another_tensor),
        TEST(test_channels_stop_at_both_ends),
        TEST(test_sorting_keeps_the_selection),
        TEST(test_a_module_gives_way_to_its_first_tensor),
        TEST(test_search_as_one_types),
        TEST(test_lines_have_an_end),
        TEST(test_commands),
        TEST(test_commands_that_make_no_sense),
        TEST(test_columns_are_forgotten_with_the_settings),
        TEST(test_keys_that_do_nothing_say_so),
        TEST(test_clip_thresholds),
        TEST(test_glyphs_stay_ascii_where_nothing_else_can_be_shown),
    };
    return cmocka_run_group_tests_name("ui/session, ui/action, ui/prompt", tests, NULL, NULL);
}
