/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "ui/action.h"
#include "ui/keys.h"
#include "ui/screen.h"

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

static void compose_at(struct fixture *fixture, int width, int height)
{
    struct engine_progress busy = { true, 3, "measuring the error", 0.42 };
    cells_free(fixture->cells);
    fixture->cells = cells_new(width, height);
    screen_compose(fixture->session, &busy, fixture->cells);
}

/* Sizes from 1x1 to 130x45: all of the small ones, then in steps.  The sanitizers see to it that
 * nothing is written outside. */
static void compose_at_all_sizes(struct fixture *fixture)
{
    for (int width = 1; width <= 130; width += width < 30 ? 4 : 13)
        for (int height = 1; height <= 45; height += height < 8 ? 1 : 6)
            compose_at(fixture, width, height);
}

static void test_all_modes_and_glyphs_at_all_sizes(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    memset(session->line, 'w', SESSION_LINE - 1);
    for (int glyphs = 0; glyphs < GLYPHS_COUNT; glyphs++)
        for (int mode = MODE_BROWSE; mode < MODE_COUNT; mode++)
            for (int focus = FOCUS_TREE; focus <= FOCUS_VIEW; focus++) {
                session->options.glyphs = (enum glyphs)glyphs;
                session->mode = (enum mode)mode;
                session->focus = (enum focus)focus;
                session->view = views[(size_t)(glyphs + mode + focus) % view_count];
                compose_at_all_sizes(fixture);
            }
}

static void test_every_kind_of_tensor_at_all_sizes(void **state)
{
    struct fixture *fixture = *state;
    fixture->session->focus = FOCUS_VIEW;
    for (size_t tensor = 0; tensor < FIXTURE_TENSORS; tensor++)
        for (size_t v = 0; v < view_count; v++) {
            fixture_select(fixture, tensor);
            fixture->session->view = views[v];
            session_say(fixture->session, STYLE_WARN, "%.200s", "a message with \303\244 in it");
            compose_at_all_sizes(fixture);
        }
}

static void assert_has(const struct fixture *fixture, const char *part)
{
    const char *frame = fixture_frame(fixture);
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in\n%s", part, frame);
}

static void test_what_a_frame_says(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_TAILS);
    assert_has(fixture, "roundoff  test-model  9 tensors  868 weights  mixed types");
    assert_has(fixture, "Error density ─ layers.1.proj.weight");
    assert_has(fixture, "4 bits  uniform  per channel  sym  clip max  4.25 bpw  source Gaussian");
    assert_has(fixture, "? help  / find");
    fixture_press(fixture, "d d");
    assert_has(fixture, "per channel  sym  clip max  4.25 bpw  source auto (Laplace)");
    fixture_press(fixture, "d");
    assert_has(fixture, "source empirical");
    fixture_press(fixture, "u u u . . x");
    assert_has(fixture, "clip max  4.25 bpw  hadamard");
    fixture_press(fixture, "Left");
    fixture_settle(fixture);
    assert_has(fixture, "a module of 2 tensors, 400 weights");
    fixture_select(fixture, FIXTURE_EMPTY);
    assert_has(fixture, "no elements");
    fixture_select(fixture, FIXTURE_UNKNOWN);
    assert_has(fixture, "Q9: ");
}

static void test_a_name_keeps_its_numbers(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_TAILS);
    fixture_press(fixture, "S");
    for (int width = 72; width >= 30; width--) {
        compose_at(fixture, width, 24);
        assert_has(fixture, ".1.");
    }
}

static void test_too_small(void **state)
{
    struct fixture *fixture = *state;
    compose_at(fixture, 10, 3);
    assert_string_equal(fixture_frame(fixture), "too small\n\n\n");
    compose_at(fixture, 3, 1);
    assert_string_equal(fixture_frame(fixture), "too\n");
}

static void test_progress_lies_on_nothing(void **state)
{
    struct fixture *fixture = *state;
    strcpy(fixture->model->label, "model-name");
    compose_at(fixture, 40, 12);
    assert_has(fixture, "  42 %\n");
    for (int width = 49; width < 130; width++) {
        compose_at(fixture, width, 24);
        assert_has(fixture, "measuring the error ████░░░░░░  42 %\n");
    }
    compose_at(fixture, 66, 24);
    assert_has(fixture, " roundoff  model-name  ");
}

/* An error of the engine is read whole, however long the path in it. */
static void test_errors_are_wrapped(void **state)
{
    struct fixture *fixture = *state;
    struct report failed = { .request = session_report(fixture->session)->request };
    error_set(&failed.error, ERROR_FILE, "/a/long/path/of/%s/model.safetensors: was truncated "
              "while open, at byte 12345", "directories/and/directories/and/directories");
    const struct report *kept = fixture->session->report;
    fixture->session->report = &failed;
    compose_at(fixture, 80, 24);
    fixture->session->report = kept;
    assert_has(fixture, "truncated");
    assert_has(fixture, "12345");
}

static void test_ascii_is_ascii(void **state)
{
    struct fixture *fixture = *state;
    fixture->session->options.glyphs = GLYPHS_ASCII;
    static const char *const keys[] = { "1", "2", "3", "?", "x", "S", "/", "Esc", "G", ".", "T", "M" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        fixture_press(fixture, keys[i]);
        for (const char *c = fixture_frame(fixture); *c; c++)
            assert_in_range((unsigned char)*c, '\n', '~');
    }
}

static void test_an_empty_model(void **state)
{
    struct fixture *fixture = *state;
    struct model *empty = fixture_named_model(NULL, 0);
    struct settings settings = { .scheme = scheme_default(), .channel = REQUEST_ALL_CHANNELS };
    session_free(fixture->session);
    fixture->session = session_new(empty, fixture->engine, GLYPHS_BRAILLE, &settings);
    compose_at_all_sizes(fixture);
    /* What quits last. */
    for (size_t i = 0; i < action_count; i++)
        for (size_t k = 0; k < ACTION_KEYS && actions[i].key[k]; k++) {
            session_key(fixture->session, actions[i].key[k]);
            session_key(fixture->session, KEY_ESCAPE);
        }
    compose_at(fixture, 80, 24);
    assert_has(fixture, "no tensors in this file");
    assert_has(fixture, "safetensors without tensors, and without");
    struct metadata_entry entry = { "hand.gguf", "general.type", "string", "vocabulary" };
    empty->metadata = (struct metadata){ .entries = &entry, .count = 1 };
    compose_at(fixture, 100, 24);
    assert_has(fixture, "safetensors without tensors: M shows its metadata, 1 entry");
    session_key(fixture->session, 'M');
    compose_at(fixture, 80, 24);
    assert_has(fixture, "general.type  vocabulary");
    session_free(fixture->session);
    fixture->session = NULL;
    fixture_free_named_model(empty);
}

/* Ten thousand keys of all kinds, composed at changing sizes, and no frame is ever waited for. */
static void test_a_storm_of_keys(void **state)
{
    struct fixture *fixture = *state;
    struct engine_progress idle = { .busy = false };
    uint32_t random = 7;
    for (int i = 0; i < 10000; i++) {
        random = random * 1664525u + 1013904223u;
        size_t action = (random >> 8) % action_count;
        session_key(fixture->session, (random >> 20) % 5 ? actions[action].key[0]
                                                         : (int)((random >> 12) % 127));
        session_receive(fixture->session);
        fixture->session->quit = false;
        if (i % 50 == 0) {
            cells_free(fixture->cells);
            fixture->cells = cells_new(1 + (int)(random >> 9) % 120, 1 + (int)(random >> 17) % 40);
        }
        if (i % 5 == 0)
            screen_compose(fixture->session, &idle, fixture->cells);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_all_modes_and_glyphs_at_all_sizes),
        TEST(test_every_kind_of_tensor_at_all_sizes),
        TEST(test_what_a_frame_says),
        TEST(test_a_name_keeps_its_numbers),
        TEST(test_too_small),
        TEST(test_progress_lies_on_nothing),
        TEST(test_errors_are_wrapped),
        TEST(test_ascii_is_ascii),
        TEST(test_an_empty_model),
        TEST(test_a_storm_of_keys),
    };
    return cmocka_run_group_tests_name("ui/screen, ui/pane", tests, NULL, NULL);
}
