/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "plot/heat.h"

#define WIDTH  90
#define HEIGHT 30
#define CANARY 0x2603

static struct heat heat_of(const float value[], size_t rows, size_t columns)
{
    return (struct heat){ .rows = rows,
                          .columns = columns,
                          .value = value,
                          .bound = { 1.5, 3, 6, 12, 24 },
                          .row_span = rows,
                          .column_span = columns };
}

static const char *dump(const struct cells *cells)
{
    static struct text text;
    text_clear(&text);
    cells_dump(cells, &text);
    return text.data;
}

static const char *picture(const struct heat *heat, int width, int height, enum glyphs glyphs)
{
    struct cells *cells = cells_new(width, height);
    heat_draw(cells, (struct rect){ 0, 0, width, height }, heat, glyphs);
    const char *frame = dump(cells);
    cells_free(cells);
    return frame;
}

/* Every shade at its bound, what is below none, and a block that is broken. */
static void test_shades(void **state)
{
    (void)state;
    const float value[] = { 0, 1.4f, 1.5f, 2.9f, 3, 6, 12, 24, 1e30f, INFINITY };
    struct heat heat = heat_of(value, 1, 10);
    assert_string_equal(picture(&heat, 10, 1, GLYPHS_BLOCKS), "  ··░▒▓██!\n");
    assert_string_equal(picture(&heat, 10, 1, GLYPHS_ASCII), "  ..:+#@@!\n");
}

/* A cell shows the largest of its blocks, wherever it lies. */
static void test_cells_hide_nothing(void **state)
{
    (void)state;
    float value[7 * 23] = { 0 };
    for (size_t at = 0; at < 7 * 23; at++) {
        value[at] = 30;
        struct heat heat = heat_of(value, 7, 23);
        const char *frame = picture(&heat, 9, 3, GLYPHS_ASCII);
        const char *found = strchr(frame, '@');
        assert_non_null(found);
        assert_null(strchr(found + 1, '@'));
        value[at] = 0;
    }
}

/* Where there is room, blocks are stretched to whole cells, each as large as the others. */
static void test_stretched(void **state)
{
    (void)state;
    const float value[] = { 30, 0, 0, 7, 0, 2 };
    struct heat heat = heat_of(value, 2, 3);
    assert_string_equal(picture(&heat, 11, 3, GLYPHS_ASCII), "@@@\n+++   ...\n\n");
}

static void test_axes(void **state)
{
    (void)state;
    float value[6 * 30] = { 0 };
    struct heat heat = heat_of(value, 6, 30);
    heat.first_row = 100;
    heat.first_column = 4000;
    heat.column_span = 300;
    heat.marked = true;
    heat.mark_row = 104;
    heat.mark_column = 4105;
    assert_string_equal(picture(&heat, 36, 8, GLYPHS_ASCII), "100 +\n"
                                                             "    |\n"
                                                             "102 +\n"
                                                             "    |\n"
                                                             "104 >\n"
                                                             "    |\n"
                                                             "    ++------+--^---+------+--------\n"
                                                             "     4000   4070   4140   4210\n");
}

static void test_profiles(void **state)
{
    (void)state;
    float value[10 * 40] = { 0 };
    uint64_t rows[10] = { [3] = 8, [4] = 1 }, columns[40] = { [0] = 8, [39] = 1 };
    struct heat heat = heat_of(value, 10, 40);
    heat.row_count = rows;
    heat.column_count = columns;
    const char *frame = picture(&heat, 60, 14, GLYPHS_BLOCKS);
    assert_non_null(strstr(frame, "    █                                      ▁\n"));
    assert_non_null(strstr(frame, "████████\n"));
    assert_non_null(strstr(frame, " █\n"));
    /* Without room they are left out. */
    assert_null(strstr(picture(&heat, 55, 14, GLYPHS_BLOCKS), "█"));
    assert_null(strstr(picture(&heat, 60, 9, GLYPHS_BLOCKS), "█"));
}

static void test_legend(void **state)
{
    (void)state;
    struct heat heat = heat_of(NULL, 0, 0);
    struct cells *cells = cells_new(40, 1);
    assert_int_equal(heat_legend(cells, 0, 0, 27, &heat, "σ", GLYPHS_BLOCKS), 25);
    assert_string_equal(dump(cells), "  · 1.5 ░ 3 ▒ 6 ▓ 12 █ 24 σ\n");
    cells_clear(cells);
    assert_int_equal(heat_legend(cells, 0, 0, 24, &heat, "σ", GLYPHS_BLOCKS), 0);
    assert_string_equal(dump(cells), "\n");
    cells_free(cells);
}

/* Any size in any place stays within its rectangle. */
static void test_stays_within(void **state)
{
    (void)state;
    static const size_t shapes[][2] = { { 0, 0 }, { 1, 1 }, { 3, 100 }, { 256, 2 }, { 40, 512 } };
    float *value = calloc(40 * 512, sizeof *value);
    uint64_t *count = calloc(512, sizeof *count);
    assert_true(value && count);
    for (size_t i = 0; i < 40 * 512; i++)
        value[i] = (float)(i % 37);
    for (size_t i = 0; i < 512; i++)
        count[i] = i % 5;
    for (int size = 0; size < 40 * 28; size++) {
        struct cells *cells = cells_new(WIDTH, HEIGHT);
        struct rect rect = { 2, 1, size % 40 * 2, size / 40 };
        const size_t *shape = shapes[size % 5];
        struct heat heat = heat_of(value, shape[0], shape[1]);
        heat.first_row = UINT64_C(1) << 21;
        heat.row_count = heat.column_count = count;
        heat.marked = true;
        heat.mark_row = heat.first_row + shape[0] / 2;
        heat.mark_column = shape[1] / 2;
        cells_fill(cells, (struct rect){ 0, 0, WIDTH, HEIGHT }, CANARY, STYLE_TEXT);
        heat_draw(cells, rect, &heat, (enum glyphs)(size % GLYPHS_COUNT));
        for (int y = 0; y < HEIGHT; y++)
            for (int x = 0; x < WIDTH; x++)
                if (x < rect.x || x >= rect.x + rect.width || y < rect.y ||
                    y >= rect.y + rect.height)
                    assert_int_equal(cells->cell[y * WIDTH + x].point, CANARY);
        cells_free(cells);
    }
    free(value);
    free(count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shades),    cmocka_unit_test(test_cells_hide_nothing),
        cmocka_unit_test(test_stretched), cmocka_unit_test(test_axes),
        cmocka_unit_test(test_profiles),  cmocka_unit_test(test_legend),
        cmocka_unit_test(test_stays_within),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
