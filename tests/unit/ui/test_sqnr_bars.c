/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/sqnr_bars.h"

#define WIDTH  52 /* 24 columns of bars */
#define BAR_AT 12

/* Terms that add up; best alignment 6 dB above the present one. */
static struct layer_sqnr terms(double bits, double concentration, double alignment, double measured)
{
    return (struct layer_sqnr){.bits = bits,
                               .concentration = concentration,
                               .alignment = alignment,
                               .approximation = bits + concentration + alignment,
                               .weight_concentration = 7,
                               .activation_concentration = NAN,
                               .max_alignment = NAN,
                               .measured = measured};
}

/* The frame of one bar; with each line 52 cells wide, in ASCII unless said otherwise. */
static struct text draw(const struct sqnr_bars *bars, enum glyphs glyphs, int width, int height,
                        int *used)
{
    struct cells *cells = cells_new(width, height);
    struct text out = {0};
    const int rows = sqnr_bars_draw(bars, glyphs, cells, (struct rect){0, 0, width, height});
    if (used)
        *used = rows;
    cells_dump(cells, &out);
    cells_free(cells);
    return out;
}

static struct text draw_one(const struct layer_sqnr *sqnr)
{
    const struct sqnr_bar bar = {.label = "none", .sqnr = sqnr, .own = true};
    return draw(&(struct sqnr_bars){&bar, 1, NULL, 0}, GLYPHS_ASCII, WIDTH, 3, NULL);
}

/* The first bar's cells. */
static void assert_bar(const struct text *frame, const char *cells)
{
    const char *line = strchr(frame->data, '\n') + 1 + BAR_AT;
    if (strncmp(line, cells, strlen(cells)) != 0)
        fail_msg("not %s in\n%s", cells, frame->data);
}

static void assert_has(const struct text *frame, const char *part)
{
    if (!strstr(frame->data, part))
        fail_msg("no \"%s\" in\n%s", part, frame->data);
}

static void assert_lacks(const struct text *frame, const char *part)
{
    if (strstr(frame->data, part))
        fail_msg("\"%s\" in\n%s", part, frame->data);
}

/* 24 cells from 0 to a little above 47 dB: about 2 dB each. */
static void test_what_is_taken(void **state)
{
    (void)state;
    /* 32 + 15 - 23: the alignment takes all of the concentration, and of the bits. */
    struct layer_sqnr sqnr = terms(32, 15, -23, NAN);
    struct text frame = draw_one(&sqnr);
    assert_bar(&frame, "############::::........");
    assert_has(&frame, "> none ");
    assert_has(&frame, "24.0       -");
    text_done(&frame);
    /* A concentration that stays in part. */
    sqnr = terms(32, 15, -7, NAN);
    frame = draw_one(&sqnr);
    assert_bar(&frame, "################====....");
    text_done(&frame);
}

/* A concentration below 0 dB takes too: nothing is beyond the bits. */
static void test_concentration_takes(void **state)
{
    (void)state;
    struct layer_sqnr sqnr = terms(47, -8, -15, NAN);
    struct text frame = draw_one(&sqnr);
    assert_bar(&frame, "############::::::::::::");
    assert_lacks(&frame, "==");
    text_done(&frame);
}

/* Below 0 dB nothing is left, and the axis goes there. */
static void test_below_zero(void **state)
{
    (void)state;
    struct layer_sqnr sqnr = terms(8, 4, -24, NAN);
    struct text frame = draw_one(&sqnr);
    assert_bar(&frame, "::::");
    assert_lacks(&frame, "#:");
    assert_has(&frame, "-10");
    assert_has(&frame, "-12.0");
    text_done(&frame);
}

static void test_measured_and_best(void **state)
{
    (void)state;
    struct layer_sqnr sqnr = terms(32, 15, -23, 21);
    sqnr.max_alignment = -17;
    struct text frame = draw_one(&sqnr);
    assert_bar(&frame, "##########|#:::*........");
    assert_has(&frame, "24.0    21.0");
    text_done(&frame);
}

/* Levels without even steps have a measured SQNR and no more. */
static void test_plain(void **state)
{
    (void)state;
    struct layer_sqnr sqnr = terms(NAN, NAN, -20, 17);
    struct text frame = draw_one(&sqnr);
    assert_bar(&frame, "#######################|");
    assert_has(&frame, "no even steps");
    assert_lacks(&frame, "bits");
    text_done(&frame);
}

static void test_without_figures(void **state)
{
    (void)state;
    const struct sqnr_bar bars[] = {{.label = "scale:0.5", .reason = "needs samples"},
                                    {.label = "a transform with a long name"}};
    struct text frame = draw(&(struct sqnr_bars){bars, 2, NULL, 0}, GLYPHS_ASCII, WIDTH, 4, NULL);
    assert_has(&frame, "  scale:0.5 needs samples");
    assert_has(&frame, "~");
    assert_has(&frame, "...");
    assert_has(&frame, "bits");
    text_done(&frame);
}

/* Wider panes have more columns, and residuals. */
static void test_columns(void **state)
{
    (void)state;
    const struct layer_sqnr sqnr = terms(32, 15, -23, 21);
    const struct sqnr_bar bar = {.label = "none", .sqnr = &sqnr};
    const struct sqnr_bars bars = {&bar, 1, NULL, 0};
    struct text frame = draw(&bars, GLYPHS_BRAILLE, 71, 3, NULL);
    assert_has(&frame, "approx. ┃ meas.");
    assert_lacks(&frame, "resid.");
    text_done(&frame);
    frame = draw(&bars, GLYPHS_BRAILLE, 72, 3, NULL);
    assert_has(&frame, "24.00   21.00   -3.00");
    assert_lacks(&frame, "-23.00");
    text_done(&frame);
    frame = draw(&bars, GLYPHS_BRAILLE, 88, 3, NULL);
    assert_has(&frame, "15.00  -23.00   24.00");
    text_done(&frame);
    frame = draw(&bars, GLYPHS_BRAILLE, 124, 3, NULL);
    assert_has(&frame, "C(W)    C(x)   conc.  align.");
    assert_has(&frame, "7.00       -   15.00");
    assert_has(&frame, "best alignment");
    text_done(&frame);
}

/* Letters on the axis stand where they belong, and numbers keep away from them. */
static void test_letters(void **state)
{
    (void)state;
    const struct layer_sqnr sqnr = terms(32, 15, -23, 21);
    const struct sqnr_bar bar = {.label = "none", .sqnr = &sqnr};
    const struct sqnr_mark marks[] = {{'L', 19}, {'G', 41}, {'N', NAN}, {'F', 1000}};
    const struct sqnr_bars bars = {&bar, 1, marks, 4};
    struct text frame = draw(&bars, GLYPHS_ASCII, WIDTH, 3, NULL);
    const char *axis = strstr(frame.data, "SQNR, dB");
    assert_non_null(axis);
    assert_int_equal(axis[BAR_AT - 2 + 9], 'L');
    assert_int_equal(axis[BAR_AT - 2 + 20], 'G');
    assert_null(strstr(axis, "20"));
    assert_null(strchr(axis, 'F'));
    text_done(&frame);
}

/* Bars grow with the room there is, up to three rows; never more is taken than there is. */
static void test_room(void **state)
{
    (void)state;
    const struct layer_sqnr sqnr = terms(32, 15, -23, 21);
    struct sqnr_bar bar[3] = {{.label = "a"}, {.label = "b"}, {.label = "c"}};
    for (size_t i = 0; i < 3; i++)
        bar[i].sqnr = &sqnr;
    const struct sqnr_bars bars = {bar, 3, NULL, 0};
    assert_int_equal(sqnr_bars_least(3), 5);
    for (int height = 1; height < 24; height++) {
        int used;
        struct text frame = draw(&bars, GLYPHS_BLOCKS, WIDTH, height, &used);
        assert_true(used <= height);
        if (height >= 5)
            assert_has(&frame, "  c ");
        if (height == 5 || height == 8 || height >= 14)
            assert_int_equal(used, height < 8 ? 5 : height < 14 ? 7 : 13);
        text_done(&frame);
    }
    struct text frame = draw(&bars, GLYPHS_BLOCKS, 5, 9, NULL); /* no room, no harm */
    text_done(&frame);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_taken), cmocka_unit_test(test_concentration_takes),
        cmocka_unit_test(test_below_zero),    cmocka_unit_test(test_measured_and_best),
        cmocka_unit_test(test_plain),         cmocka_unit_test(test_without_figures),
        cmocka_unit_test(test_columns),       cmocka_unit_test(test_letters),
        cmocka_unit_test(test_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
