/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "plot/strips.h"

#define WIDTH  40
#define HEIGHT 20

static const double low[] = {2, 4, 8}, high[] = {10, 12}, one[] = {5};

static const struct strip rows[] = {
    {"a", {{low, 3}, {high, 2}}, 6},
    {"bb", {{one, 1}, {NULL, 0}}, NAN},
};

static struct strips strips_of(void)
{
    return (struct strips){.title = "title",
                           .x_title = "dB",
                           .low = 0,
                           .high = 16,
                           .name = {"one", "two"},
                           .bound_name = "possible",
                           .rows = rows,
                           .count = 2};
}

static const char *picture(const struct strips *strips, int width, int height, enum glyphs glyphs)
{
    static struct text text;
    struct cells *cells = cells_new(WIDTH, HEIGHT);
    text_clear(&text);
    strips_draw(cells, (struct rect){0, 0, width, height}, strips, glyphs);
    cells_dump(cells, &text);
    cells_free(cells);
    return text.data;
}

static void assert_picture(const char *got, const char *expected)
{
    if (strncmp(got, expected, strlen(expected)) != 0)
        fail_msg("not\n%s\nbut\n%s", expected, got);
}

static void test_sets_on_lines_of_their_own(void **state)
{
    (void)state;
    const struct strips strips = strips_of();
    assert_picture(picture(&strips, WIDTH, 8, GLYPHS_ASCII),
                   "title        .O one  -# two  `` possible\n"
                   "\n"
                   " a +````o....O........o\n"
                   "   |`````````````         +-#--+\n"
                   "bb +           O\n"
                   "   |\n");
}

static void test_sets_on_one_line(void **state)
{
    (void)state;
    const struct strips strips = strips_of();
    const char *frame = picture(&strips, WIDTH, 7, GLYPHS_BRAILLE);
    assert_non_null(strstr(frame, "╌○ one  ─● two  ░░ possible"));
    assert_non_null(strstr(frame, " a ┤░░░░◦╌╌╌╌○╌╌╌╌╌╌╌╌◦   •─●──•\n"));
    assert_non_null(strstr(frame, "bb ┤           ○\n"));
}

static void test_markers(void **state)
{
    (void)state;
    struct strips strips = strips_of();
    const struct marker marker = {14, "here", STYLE_REFERENCE};
    strips.markers = &marker;
    strips.marker_count = 1;
    strips.bound_name = NULL;
    const char *frame = picture(&strips, WIDTH, 8, GLYPHS_ASCII);
    assert_non_null(strstr(frame, "here\n"));
    assert_non_null(strstr(frame, ":\n"));
    assert_null(strstr(frame, "possible"));
}

/* Rows that do not fit are left out at the end. */
static void test_few_lines(void **state)
{
    (void)state;
    struct strip many[STRIPS_ROWS];
    char label[STRIPS_ROWS][4];
    struct strips strips = strips_of();
    for (int i = 0; i < STRIPS_ROWS; i++) {
        snprintf(label[i], sizeof label[i], "r%d", i);
        many[i] = (struct strip){label[i], {{one, 1}, {high, 2}}, NAN};
    }
    strips.rows = many;
    strips.count = STRIPS_ROWS;
    assert_int_equal(strips_height(&strips, true), STRIPS_ROWS + 4);
    assert_int_equal(strips_height(&strips, false), 2 * STRIPS_ROWS + 4);
    const char *frame = picture(&strips, WIDTH, 9, GLYPHS_ASCII);
    assert_non_null(strstr(frame, "r4 +"));
    assert_null(strstr(frame, "r5 +"));
}

static void test_never_outside(void **state)
{
    (void)state;
    const struct strips strips = strips_of();
    for (int width = 0; width <= WIDTH - 5; width++)
        for (int height = 0; height <= HEIGHT - 4; height++) {
            struct cells *cells = cells_new(WIDTH, HEIGHT);
            strips_draw(cells, (struct rect){3, 2, width, height}, &strips, GLYPHS_BRAILLE);
            for (int y = 0; y < HEIGHT; y++)
                for (int x = 0; x < WIDTH; x++)
                    if (x < 3 || x >= 3 + width || y < 2 || y >= 2 + height)
                        assert_int_equal(cells->cell[y * WIDTH + x].point, ' ');
            cells_free(cells);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sets_on_lines_of_their_own),
        cmocka_unit_test(test_sets_on_one_line),
        cmocka_unit_test(test_markers),
        cmocka_unit_test(test_few_lines),
        cmocka_unit_test(test_never_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
