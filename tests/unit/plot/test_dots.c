/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plot/dots.h"

/* Shows the dots on an empty frame of their size and compares. */
static void assert_shown(const struct dots *dots, enum glyphs glyphs, enum pen pen,
                         const char *expected)
{
    struct cells *cells = cells_new(dots->width, dots->height);
    dots_show(dots, cells, 0, 0, glyphs, pen, STYLE_DATA);
    struct text text = {0};
    cells_dump(cells, &text);
    assert_string_equal(text.data, expected);
    text_done(&text);
    cells_free(cells);
}

static void test_every_braille_dot(void **state)
{
    (void)state;
    static const char *const expected[] = {"⠁\n", "⠈\n", "⠂\n", "⠐\n", "⠄\n", "⠠\n", "⡀\n", "⢀\n"};
    for (int i = 0; i < 8; i++) {
        struct dots *dots = dots_new(1, 1);
        dots_point(dots, (i % 2 + 0.5) / 2, (i / 2 + 0.5) / 4);
        assert_shown(dots, GLYPHS_BRAILLE, PEN_POINTS, expected[i]);
        dots_free(dots);
    }
}

static void test_edges_belong_to_the_canvas(void **state)
{
    (void)state;
    struct dots *dots = dots_new(2, 1);
    dots_point(dots, 0, 0);
    dots_point(dots, 2, 1);
    dots_point(dots, -1e-9, 0.5);
    dots_point(dots, 2.0001, 0.5);
    dots_point(dots, 1, 1.0001);
    dots_point(dots, NAN, 0.5);
    dots_point(dots, 1, INFINITY);
    assert_shown(dots, GLYPHS_BRAILLE, PEN_POINTS, "⠁⢀\n");
    assert_shown(dots, GLYPHS_BLOCKS, PEN_POINTS, "▘▗\n");
    assert_shown(dots, GLYPHS_ASCII, PEN_POINTS, "oo\n");
    dots_free(dots);
}

static void test_diagonal(void **state)
{
    (void)state;
    struct dots *dots = dots_new(4, 2);
    dots_line(dots, 0, 2, 4, 0, 1);
    assert_shown(dots, GLYPHS_BRAILLE, PEN_LINE, "  ⡠⠊\n⡠⠊\n");
    dots_free(dots);
}

static void test_strokes_follow_height_and_slope(void **state)
{
    (void)state;
    struct dots *dots = dots_new(8, 1);
    for (int i = 0; i < 4; i++)
        dots_line(dots, i, (i + 0.5) / 4, i + 0.9, (i + 0.5) / 4, 1);
    dots_line(dots, 4.1, 0.99, 4.9, 0, 1);
    dots_line(dots, 5.1, 0, 5.9, 0.99, 1);
    dots_line(dots, 6.2, 0, 6.2, 1, 1);
    assert_shown(dots, GLYPHS_ASCII, PEN_LINE, "'--_/\\|\n");
    assert_shown(dots, GLYPHS_BLOCKS, PEN_LINE, "⎺⎻⎼⎽/\\│\n");
    dots_free(dots);
}

static void test_dotted_lines_have_gaps(void **state)
{
    (void)state;
    struct dots *dots = dots_new(7, 1);
    dots_line(dots, 0, 0.6, 7, 0.6, 4);
    assert_shown(dots, GLYPHS_BRAILLE, PEN_DOTTED, "⠄ ⠄ ⠄ ⠄\n");
    assert_shown(dots, GLYPHS_BLOCKS, PEN_DOTTED, "· · · ·\n");
    assert_shown(dots, GLYPHS_ASCII, PEN_DOTTED, ". . . .\n");
    dots_free(dots);
}

static void test_lines_are_clipped(void **state)
{
    (void)state;
    struct dots *dots = dots_new(4, 1);
    dots_line(dots, -1e300, 0.1, 1e300, 0.1, 1);
    assert_shown(dots, GLYPHS_BRAILLE, PEN_LINE, "⠉⠉⠉⠉\n");
    dots_line(dots, -5, -5, -1, 9, 1);
    dots_line(dots, 0, 2, 4, 3, 1);
    dots_line(dots, NAN, 0, 4, 1, 1);
    dots_line(dots, 0, 0, 1, INFINITY, 1);
    dots_line(dots, -1e308, 0.9, 1e308, 0.9, 1); /* the run itself overflows */
    assert_shown(dots, GLYPHS_BRAILLE, PEN_LINE, "⠉⠉⠉⠉\n");
    dots_line(dots, 2.6, -1e9, 2.6, 1e9, 1);
    assert_shown(dots, GLYPHS_BRAILLE, PEN_LINE, "⠉⠉⢹⠉\n");
    dots_free(dots);
}

static void test_braille_joins_braille_and_covers_bars(void **state)
{
    (void)state;
    struct cells *cells = cells_new(3, 1);
    cells_put(cells, 0, 0, 0x2801, STYLE_DATA);
    cells_put(cells, 1, 0, 0x2588, STYLE_DATA);
    cells_put(cells, 2, 0, 0x2588, STYLE_DATA);
    struct dots *dots = dots_new(3, 1);
    dots_point(dots, 0.9, 0.9);
    dots_point(dots, 1.1, 0.1);
    dots_show(dots, cells, 0, 0, GLYPHS_BRAILLE, PEN_POINTS, STYLE_THEORY);
    assert_int_equal(cells->cell[0].point, 0x2881);
    assert_int_equal(cells->cell[0].style, STYLE_THEORY);
    assert_int_equal(cells->cell[1].point, 0x2801);
    assert_int_equal(cells->cell[2].point, 0x2588);
    assert_int_equal(cells->cell[2].style, STYLE_DATA);
    dots_show(dots, cells, -2, 5, GLYPHS_BRAILLE, PEN_POINTS, STYLE_THEORY); /* off the frame */
    dots_free(dots);
    cells_free(cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_braille_dot),
        cmocka_unit_test(test_edges_belong_to_the_canvas),
        cmocka_unit_test(test_diagonal),
        cmocka_unit_test(test_strokes_follow_height_and_slope),
        cmocka_unit_test(test_dotted_lines_have_gaps),
        cmocka_unit_test(test_lines_are_clipped),
        cmocka_unit_test(test_braille_joins_braille_and_covers_bars),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
