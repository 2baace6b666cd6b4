/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "../engine/comparisons.h"
#include "fixture.h"
#include "ui/view.h"

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

/* The picture of the fixture's report with a comparison made by hand. */
static struct text picture(const struct fixture *fixture, const struct comparison *comparison,
                           enum glyphs glyphs, bool log, int width, int height)
{
    struct report report = *session_report(fixture->session);
    const struct view_options options = {.glyphs = glyphs, .log = log};
    struct cells *cells = cells_new(width, height);
    struct text out = {0};
    report.comparison = comparison;
    view_bits.draw(&report, &options, cells, (struct rect){0, 0, width, height});
    cells_dump(cells, &out);
    cells_free(cells);
    return out;
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

static const struct comparison *usual(bool sampled, const struct comparison *before, size_t refused)
{
    struct fake fake = {.scale = 1, .refused = refused};
    const struct comparison *comparison =
        fake_compare(&fake, COMPARISON_USUAL_WIDTHS, sampled, false, before, NULL);
    assert_non_null(comparison);
    return comparison;
}

static void test_all_is_named(void **state)
{
    const struct comparison *comparison = usual(false, NULL, 0);
    for (int glyphs = 0; glyphs < GLYPHS_COUNT; glyphs++) {
        struct text frame = picture(*state, comparison, (enum glyphs)glyphs, false, 80, 20);
        assert_has(&frame, "@ now  U max  C clipped");
        assert_has(&frame, "Q ggml");
        assert_has(&frame, "Panter-Dite");
        assert_has(&frame, "Shannon");
        assert_has(&frame, "SQNR, dB ");
        assert_lacks(&frame, "scheme");
        text_done(&frame);
    }
    part_unref(&comparison->part);
}

/* Wide ones tell the schemes of 4 bits, the best first, and which one is at hand. */
static void test_table(void **state)
{
    const struct comparison *comparison = usual(false, NULL, 0);
    struct text frame = picture(*state, comparison, GLYPHS_ASCII, false, 140, 30);
    assert_has(&frame, "scheme");
    assert_has(&frame, "@ uniform, max");
    assert_has(&frame, "MXFP4, MXFP6, MXFP8");
    const char *uniform = strstr(frame.data, "uniform, max"), *nf = strstr(frame.data, "  NF  ");
    assert_true(uniform && nf && uniform < nf);
    text_done(&frame);
    part_unref(&comparison->part);
}

static void test_slope_taken_off(void **state)
{
    const struct comparison *comparison = usual(false, NULL, 0);
    struct text frame = picture(*state, comparison, GLYPHS_BRAILLE, true, 90, 20);
    assert_has(&frame, "SQNR - 6.02 dB a bit");
    text_done(&frame);
    part_unref(&comparison->part);
}

static void test_progress(void **state)
{
    const struct comparison *sample = usual(true, NULL, 0);
    struct text frame = picture(*state, sample, GLYPHS_ASCII, false, 90, 20);
    char words[64];
    snprintf(words, sizeof words, "(0 of %zu exact)", sample->count);
    assert_has(&frame, words);
    text_done(&frame);
    part_unref(&sample->part);
    const struct comparison *holed = usual(false, NULL, 5);
    frame = picture(*state, holed, GLYPHS_ASCII, false, 90, 20);
    assert_lacks(&frame, " of "); /* what was refused is no progress to wait for */
    text_done(&frame);
    part_unref(&holed->part);
}

static void test_nothing_to_show(void **state)
{
    struct text frame = picture(*state, NULL, GLYPHS_ASCII, false, 80, 20);
    assert_has(&frame, "still being measured");
    text_done(&frame);
    const struct comparison *comparison = usual(false, NULL, 0);
    struct comparison *zero = comparison_copy(comparison);
    part_unref(&comparison->part);
    zero->power = 0;
    frame = picture(*state, zero, GLYPHS_ASCII, false, 80, 20);
    assert_has(&frame, "nothing to compare");
    text_done(&frame);
    part_unref(&zero->part);
}

static void test_no_size_breaks_it(void **state)
{
    const struct comparison *comparison = usual(false, NULL, 7);
    for (int width = 1; width < 150; width += 7)
        for (int height = 1; height < 40; height += 3) {
            struct text frame =
                picture(*state, comparison, GLYPHS_BRAILLE, width % 2, width, height);
            text_done(&frame);
        }
    part_unref(&comparison->part);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_is_named),    cmocka_unit_test(test_table),
        cmocka_unit_test(test_slope_taken_off), cmocka_unit_test(test_progress),
        cmocka_unit_test(test_nothing_to_show), cmocka_unit_test(test_no_size_breaks_it),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
