/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/explain.h"
#include "ui/glossary.h"

#define CANARY 0x2603
#define WIDTH  100
#define HEIGHT 40

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

static void assert_has(const struct fixture *fixture, const char *part)
{
    const char *frame = fixture_frame(fixture);
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in\n%s", part, frame);
}

static void test_opens_and_closes(void **state)
{
    struct fixture *fixture = *state;
    static const char *const closing[] = { "i", "Enter", "Esc", "q" };
    for (size_t i = 0; i < 4; i++) {
        fixture_press(fixture, "i");
        assert_int_equal(fixture->session->mode, MODE_EXPLAIN);
        assert_has(fixture, "The facts explained");
        fixture_press(fixture, closing[i]);
        assert_int_equal(fixture->session->mode, MODE_BROWSE);
        assert_false(fixture->session->quit);
    }
}

/* The cursor stays on the list, and where it was when the list is opened again. */
static void test_cursor(void **state)
{
    struct fixture *fixture = *state;
    const struct session *session = fixture->session;
    size_t row = session->cursor;
    fixture_press(fixture, "i Up k PgUp g");
    assert_int_equal(session->explained, 0);
    fixture_press(fixture, "Down j Down k");
    assert_int_equal(session->explained, 2);
    fixture_press(fixture, "PgDn");
    assert_true(session->explained > 3);
    fixture_press(fixture, "G j Down PgDn");
    assert_int_equal(session->explained, glossary_count - 1);
    fixture_press(fixture, "x i i Home i"); /* x means nothing there */
    assert_int_equal(session->settings.transform.count, 0);
    assert_int_equal(session->explained, 0);
    assert_int_equal(session->cursor, row);
}

static void choose(struct fixture *fixture, const char *key)
{
    fixture->session->explained = (size_t)(glossary_find(key) - glossary);
    fixture_settle(fixture);
}

static void test_says_what_it_means(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "i");
    choose(fixture, "normal_share");
    assert_has(fixture, "Share of the channels");
    assert_has(fixture, "p ≥ 0.05");
    assert_has(fixture, "Royston");
    assert_has(fixture, "normal_share");
    choose(fixture, "elements");
    assert_has(fixture, "384"); /* the value of the tensor at hand */
    fixture_press(fixture, "i b b i");
    choose(fixture, "normal_share");
    assert_has(fixture, "p >= 0.05");
    for (const char *c = fixture_frame(fixture); *c; c++)
        assert_in_range((unsigned char)*c, '\n', '~');
}

static void test_without_a_report(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_UNKNOWN);
    fixture_press(fixture, "i");
    assert_has(fixture, "The facts explained");
}

/* Every entry in boxes of all sizes that it promises, amid snowmen which all have to stay. */
static void test_stays_in_its_box(void **state)
{
    struct fixture *fixture = *state;
    struct cells *cells = cells_new(WIDTH, HEIGHT);
    for (int width = 24; width <= 84; width += 12)
        for (int height = 4; height <= 34; height += height < 9 ? 1 : 5)
            for (size_t i = 0; i < glossary_count; i++) {
                struct rect rect = { 3, 2, width, height };
                fixture->session->explained = i;
                cells_fill(cells, (struct rect){ 0, 0, WIDTH, HEIGHT }, CANARY, STYLE_TEXT);
                explain_draw(fixture->session, cells, rect);
                int broken = 0, selected = 0;
                for (int k = 0; k < WIDTH * HEIGHT; k++) {
                    int x = k % WIDTH - rect.x, y = k / WIDTH - rect.y;
                    bool inside = x >= 0 && x < width && y >= 0 && y < height;
                    broken += inside == (cells->cell[k].point == CANARY);
                    selected += cells->cell[k].reverse;
                }
                assert_int_equal(broken, 0);
                assert_int_equal(selected, width - 4); /* one line */
            }
    cells_free(cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_opens_and_closes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_cursor, setup, teardown),
        cmocka_unit_test_setup_teardown(test_says_what_it_means, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_a_report, setup, teardown),
        cmocka_unit_test_setup_teardown(test_stays_in_its_box, setup, teardown),
    };
    return cmocka_run_group_tests_name("ui/explain", tests, NULL, NULL);
}
