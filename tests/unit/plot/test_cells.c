/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plot/cells.h"

/* Compares the frame with lines of text and frees it. */
static void assert_frame(struct cells *cells, const char *expected)
{
    struct text text = {0};
    cells_dump(cells, &text);
    assert_string_equal(text.data, expected);
    text_done(&text);
    cells_free(cells);
}

static void test_text_is_cut_at_its_width(void **state)
{
    (void)state;
    struct cells *cells = cells_new(8, 3);
    assert_int_equal(cells_text(cells, 1, 0, 4, STYLE_TEXT, "q/σ 12"), 4);
    assert_int_equal(cells_text(cells, 5, 1, 10, STYLE_TEXT, "abcdef"), 6);
    assert_int_equal(cells_text(cells, -2, 2, 10, STYLE_TEXT, "abcd"), 4);
    assert_int_equal(cells_text(cells, 0, 9, 10, STYLE_TEXT, "below"), 5);
    assert_int_equal(cells_printf(cells, 4, 2, 3, STYLE_TEXT, "%d", 12345), 3);
    assert_frame(cells, " q/σ\n     abc\ncd  123\n");
}

static void test_wide_characters_are_never_halved(void **state)
{
    (void)state;
    struct cells *cells = cells_new(6, 4);
    assert_int_equal(cells_text(cells, 0, 0, 5, STYLE_TEXT, "重み重"), 4);
    cells_text(cells, 0, 1, 6, STYLE_TEXT, "重み重");
    cells_put(cells, 1, 1, 'x', STYLE_TEXT); /* right half of the first */
    cells_put(cells, 4, 1, 'y', STYLE_TEXT); /* left half of the third */
    cells_text(cells, 0, 2, 6, STYLE_TEXT, "重み");
    cells_put(cells, 1, 2, 0x91CD, STYLE_TEXT); /* over halves of both */
    cells_put(cells, 5, 3, 0x91CD, STYLE_TEXT); /* half outside */
    cells_put(cells, -1, 3, 0x91CD, STYLE_TEXT);
    assert_frame(cells, "重み\n xみy\n 重\n\n");
}

static void test_combining_characters_join(void **state)
{
    (void)state;
    struct cells *cells = cells_new(4, 1);
    assert_int_equal(cells_text(cells, 0, 0, 4, STYLE_TEXT, "\xCC\x81"
                                                            "e\xCC\x81x"), 2);
    assert_int_equal(cells->cell[0].combining, 0x301);
    assert_frame(cells, "e\xCC\x81x\n");
}

static void test_nothing_moves_the_cursor(void **state)
{
    (void)state;
    struct cells *cells = cells_new(6, 2);
    cells_text(cells, 0, 0, 6, STYLE_TEXT, "a\nb\x1B\xFF");
    cells_put(cells, 0, 1, 0x202E, STYLE_TEXT);
    cells_put(cells, 1, 1, 0, STYLE_TEXT);
    assert_frame(cells, "a?b??\n??\n");
}

static void test_fill_is_clipped(void **state)
{
    (void)state;
    struct cells *cells = cells_new(4, 3);
    cells_fill(cells, (struct rect){-5, 1, 7, 100}, '#', STYLE_DATA);
    cells_fill(cells, (struct rect){3, -1, 2147483647, 2}, 0x2502, STYLE_AXIS);
    cells_fill(cells, (struct rect){0, 0, -3, 2}, 'x', STYLE_AXIS);
    cells_fill(cells, (struct rect){9, 9, 3, 2}, 'x', STYLE_AXIS);
    assert_frame(cells, "   │\n##\n##\n");
}

static void test_colours(void **state)
{
    (void)state;
    struct cells *cells = cells_new(6, 2);
    cells_text(cells, 0, 0, 2, STYLE_DATA, "ab");
    cells_text(cells, 2, 0, 2, STYLE_TEXT, "cd");
    cells_text(cells, 0, 1, 2, STYLE_BAD, "!");
    cells_reverse(cells, (struct rect){0, 1, 2, 1});
    struct text text = {0};
    cells_dump_colour(cells, &text);
    assert_string_equal(text.data, "\033[0;34mab\033[0mcd\n\033[0;1;31;7m!\033[0;7m \033[0m\n");
    text_done(&text);
    cells_free(cells);
}

static void test_equality_sees_everything(void **state)
{
    (void)state;
    struct cells *a = cells_new(3, 2), *b = cells_new(3, 2), *c = cells_new(2, 3);
    assert_true(cells_equal(a, b));
    assert_false(cells_equal(a, c));
    cells_put(a, 1, 1, 'x', STYLE_DATA);
    assert_false(cells_equal(a, b));
    cells_put(b, 1, 1, 'x', STYLE_THEORY);
    assert_false(cells_equal(a, b));
    cells_put(b, 1, 1, 'x', STYLE_DATA);
    assert_true(cells_equal(a, b));
    cells_reverse(b, (struct rect){2, 1, 1, 1});
    assert_false(cells_equal(a, b));
    cells_clear(a);
    cells_clear(b);
    assert_true(cells_equal(a, b));
    cells_free(a);
    cells_free(b);
    cells_free(c);
    cells_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_text_is_cut_at_its_width),
        cmocka_unit_test(test_wide_characters_are_never_halved),
        cmocka_unit_test(test_combining_characters_join),
        cmocka_unit_test(test_nothing_moves_the_cursor),
        cmocka_unit_test(test_fill_is_clipped),
        cmocka_unit_test(test_colours),
        cmocka_unit_test(test_equality_sees_everything),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
