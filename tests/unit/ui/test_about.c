/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "model/arena.h"
#include "ui/keys.h"
#include "ui/screen.h"

/* Metadata made by hand in place of the fixture's own, with the arena that holds its words. */
static struct metadata kept;
static struct arena arena;

static void add(struct fixture *fixture, const char *type, const char *key, const char *value)
{
    metadata_add(&fixture->model->metadata, &arena, "test-model", type, key, strlen(key), value,
                 strlen(value));
}

static int setup(void **state)
{
    static struct fixture fixture;
    fixture_open(&fixture);
    kept = fixture.model->metadata;
    fixture.model->metadata = (struct metadata){ 0 };
    arena = (struct arena){ 0 };
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    mem_free(fixture->model->metadata.entries);
    fixture->model->metadata = kept;
    arena_done(&arena);
    fixture_close(fixture);
    return 0;
}

/* Ten entries and a long one: 400 words, the last of them "end". */
static void fill(struct fixture *fixture)
{
    struct text words = { 0 };
    for (int i = 0; i < 399; i++)
        text_puts(&words, "word ");
    text_puts(&words, "end");
    add(fixture, "string", "general.name", "Tiny");
    add(fixture, "string", "template", words.data);
    for (int i = 0; i < 9; i++) {
        char key[32];
        snprintf(key, sizeof key, "setting.%d", i);
        add(fixture, "u32", key, "17");
    }
    text_done(&words);
}

static bool frame_has(const struct fixture *fixture, const char *part)
{
    return strstr(fixture_frame(fixture), part);
}

#define assert_has(fixture, part)                                                                 \
    do {                                                                                          \
        if (!frame_has(fixture, part))                                                            \
            fail_msg("no \"%s\" in\n%s", part, fixture_frame(fixture));                           \
    } while (0)

static void test_nothing_is_said_in_words(void **state)
{
    struct fixture *fixture = *state;
    fixture_press(fixture, "M");
    assert_has(fixture, "These files say nothing about themselves");
    assert_has(fixture, "Esc closes");
    fixture_press(fixture, "j G PgUp n Enter / x");
    assert_string_equal(fixture->session->message, "no metadata matches \"x\"");
    fixture_press(fixture, "Enter n");
    assert_string_equal(fixture->session->message, "no metadata matches \"x\"");
    assert_int_equal(fixture->session->mode, MODE_ABOUT);
    assert_int_equal(fixture->session->about, 0);
    assert_false(fixture->session->about_whole);
    fixture_press(fixture, "q");
    assert_int_equal(fixture->session->mode, MODE_BROWSE);
    assert_false(fixture->session->quit);
}

static void test_the_list_and_the_entry(void **state)
{
    struct fixture *fixture = *state;
    fill(fixture);
    fixture->model->metadata.dropped = 3;
    fixture_press(fixture, "M");
    assert_has(fixture, "general.name  Tiny");
    assert_has(fixture, "string · test-model");
    assert_has(fixture, " 1 of 11, 3 more were dropped, ");
    fixture_press(fixture, "j");
    assert_has(fixture, "template");
    assert_has(fixture, " Enter: ↓ ");
    assert_false(frame_has(fixture, "word end"));
    fixture_press(fixture, "G");
    assert_int_equal(fixture->session->about, 10);
    fixture_press(fixture, "j PgDn");
    assert_int_equal(fixture->session->about, 10);
    fixture_press(fixture, "g k");
    assert_int_equal(fixture->session->about, 0);
}

static void test_a_long_value_scrolls_to_its_end(void **state)
{
    struct fixture *fixture = *state;
    fill(fixture);
    fixture_press(fixture, "M j Enter");
    assert_true(fixture->session->about_whole);
    assert_has(fixture, "Enter lists all");
    assert_false(frame_has(fixture, "word end"));
    fixture_press(fixture, "G");
    assert_has(fixture, "word end");
    int last = fixture->session->about_top;
    fixture_press(fixture, "j PgDn");
    assert_int_equal(fixture->session->about_top, last);
    fixture_press(fixture, "k");
    assert_int_equal(fixture->session->about_top, last - 1);
    fixture_press(fixture, "g k");
    assert_int_equal(fixture->session->about_top, 0);
    assert_int_equal(fixture->session->about, 1);
    fixture_press(fixture, "Esc");
    assert_false(fixture->session->about_whole);
    assert_int_equal(fixture->session->mode, MODE_ABOUT);
    fixture_press(fixture, "Esc");
    assert_int_equal(fixture->session->mode, MODE_BROWSE);
}

static void test_search(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    size_t cursor = session->cursor;
    fill(fixture);
    fixture_press(fixture, "M n");
    assert_string_equal(session->message, "nothing was searched for yet: / finds");
    fixture_press(fixture, "/ t i n y");
    assert_has(fixture, "/tiny");
    assert_int_equal(session->about, 0); /* a value, in either case */
    fixture_press(fixture, "C-u 1 7");
    assert_int_equal(session->about, 2);
    fixture_press(fixture, "Enter n n");
    assert_int_equal(session->about, 4);
    fixture_press(fixture, "N N N");
    assert_int_equal(session->about, 10);
    fixture_press(fixture, "/ T I N Y");
    assert_string_equal(session->message, "no metadata matches \"TINY\"");
    fixture_press(fixture, "Esc");
    assert_int_equal(session->about, 10);
    assert_int_equal(session->mode, MODE_ABOUT);
    assert_int_equal(session->cursor, cursor);
}

static void test_its_command(void **state)
{
    struct fixture *fixture = *state;
    fill(fixture);
    fixture_press(fixture, ": m e t a d a t a Enter");
    assert_int_equal(fixture->session->mode, MODE_ABOUT);
    fixture_press(fixture, "M");
    assert_int_equal(fixture->session->mode, MODE_BROWSE);
}

/* The sanitizers see to it that nothing is written outside. */
static void test_all_sizes(void **state)
{
    struct fixture *fixture = *state;
    const struct engine_progress idle = { .busy = false };
    fill(fixture);
    add(fixture, "string", "", "");
    add(fixture, "string", "\xe4\xbd\xa0\xe5\xa5\xbd wide", "\xe4\xbd\xa0\xe5\xa5\xbd\xe4\xbd\xa0");
    fixture_press(fixture, "M");
    for (int whole = 0; whole < 2; whole++)
        for (size_t entry = 0; entry < fixture->model->metadata.count; entry++)
            for (int width = 1; width <= 150; width += width < 40 ? 3 : 23)
                for (int height = 1; height <= 40; height += height < 14 ? 1 : 9) {
                    fixture->session->about = entry;
                    fixture->session->about_whole = whole;
                    fixture->session->about_top = 1000;
                    fixture->session->options.glyphs = (enum glyphs)(width % GLYPHS_COUNT);
                    cells_free(fixture->cells);
                    fixture->cells = cells_new(width, height);
                    screen_compose(fixture->session, &idle, fixture->cells);
                }
}

static void test_ascii_is_ascii(void **state)
{
    struct fixture *fixture = *state;
    fill(fixture);
    fixture->session->options.glyphs = GLYPHS_ASCII;
    static const char *const keys[] = { "M", "j", "Enter", "Esc", "G" };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        fixture_press(fixture, keys[i]);
        for (const char *c = fixture_frame(fixture); *c; c++)
            assert_in_range((unsigned char)*c, '\n', '~');
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_nothing_is_said_in_words), TEST(test_the_list_and_the_entry),
        TEST(test_a_long_value_scrolls_to_its_end), TEST(test_search), TEST(test_its_command),
        TEST(test_all_sizes), TEST(test_ascii_is_ascii),
    };
    return cmocka_run_group_tests_name("ui/about", tests, NULL, NULL);
}
