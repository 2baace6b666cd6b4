/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "fixture.h"
#include "ui/facts.h"

#define CANARY 0x2603

/* A report of one channel made by hand. */
struct hand {
    struct report report;
    struct errors errors;
    struct channel_normality channel;
    struct normality normality;
    struct spread spread;
};

static void make(struct hand *hand, double value)
{
    *hand = (struct hand){
        .errors = { .channels = 1 },
        .channel = { value, value },
        .normality = { .channels = 1, .share = value },
        .spread = { .r2 = value, .outliers = 3 },
    };
    hand->normality.channel = &hand->channel;
    double *figure = &hand->report.figures.mean;
    double *end = &hand->report.figures.abs_max_expected;
    while (figure <= end)
        *figure++ = value;
    hand->report.errors = &hand->errors;
    hand->report.normality = &hand->normality;
    hand->report.spread = &hand->spread;
}

/* Draws into a rectangle amid snowmen and asserts that all of those stay. */
static char *drawn(const struct report *report, enum glyphs glyphs, struct rect rect)
{
    struct cells *cells = cells_new(140, 20);
    cells_fill(cells, (struct rect){ 0, 0, 140, 20 }, CANARY, STYLE_TEXT);
    cells_fill(cells, rect, ' ', STYLE_TEXT);
    int lines = facts_draw(report, glyphs, cells, rect);
    int wanted = facts_height(report, glyphs, rect.width);
    assert_int_equal(lines, wanted < rect.height ? wanted : rect.height);
    int broken = 0;
    for (int y = 0; y < 20; y++)
        for (int x = 0; x < 140; x++)
            if (x < rect.x || x >= rect.x + rect.width || y < rect.y || y >= rect.y + rect.height)
                broken += cells->cell[y * 140 + x].point != CANARY;
    assert_int_equal(broken, 0);
    cells_fill(cells, (struct rect){ 0, 0, 140, rect.y }, ' ', STYLE_TEXT);
    for (int y = 0; y < 20; y++)
        for (int x = 0; x < 140; x++)
            if (cells->cell[y * 140 + x].point == CANARY)
                cells_put(cells, x, y, ' ', STYLE_TEXT);
    struct text text = { 0 };
    cells_dump(cells, &text);
    cells_free(cells);
    return text.data;
}

static void assert_has(const struct report *report, enum glyphs glyphs, const char *part)
{
    char *frame = drawn(report, glyphs, (struct rect){ 2, 1, 100, 18 });
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in\n%s", part, frame);
    mem_free(frame);
}

static void test_figures_are_said(void **state)
{
    (void)state;
    struct hand hand;
    make(&hand, 0.25);
    struct figures *figures = &hand.report.figures;
    figures->sqnr_db = 19.434;
    figures->theory_sqnr_db = 19.2;
    figures->clipped_share = 0.0123;
    figures->error_mean = 1e-15;
    assert_has(&hand.report, GLYPHS_BRAILLE, "theory 19.20 dB   measured 19.43 dB");
    assert_has(&hand.report, GLYPHS_BRAILLE, "clipped 1.23 %");
    assert_has(&hand.report, GLYPHS_BRAILLE, "σ 0.250");
    assert_has(&hand.report, GLYPHS_BRAILLE, "measured 0\n"); /* a mean of rounding noise */
    assert_has(&hand.report, GLYPHS_ASCII, "std 0.250");
    assert_has(&hand.report, GLYPHS_ASCII, "beyond 6 std 3");
    figures->clipped_share = 0;
    assert_has(&hand.report, GLYPHS_BRAILLE, "clipped none");
    figures->nonfinite = 12345;
    assert_has(&hand.report, GLYPHS_BRAILLE, "NaN/inf left out 12 345");
}

/* A threshold is told where a rule has looked for it. */
static void test_clips_that_were_found(void **state)
{
    (void)state;
    struct hand hand;
    struct channel_error channel = { .clip = 0.125 };
    make(&hand, 0.5);
    hand.errors.channel = &channel;
    hand.report.figures.clip_over_std_median = 2.83;
    for (enum clip_rule rule = 0; rule < CLIP_RULES; rule++) {
        hand.report.request.scheme = scheme_default();
        hand.report.request.scheme.clip = clip_default(rule);
        char *frame = drawn(&hand.report, GLYPHS_BRAILLE, (struct rect){ 2, 1, 100, 18 });
        bool told = strstr(frame, "clip    c 0.125      c/σ 2.83");
        assert_int_equal(told, scheme_searches(&hand.report.request.scheme));
        mem_free(frame);
    }
    hand.report.request.scheme.clip = clip_default(CLIP_ACIQ);
    hand.errors.clip_source = &source_laplace;
    hand.errors.channels = 3;
    assert_has(&hand.report, GLYPHS_BRAILLE, "clip    median c/σ 2.83       taken for Laplace");
    assert_has(&hand.report, GLYPHS_ASCII, "clip    median c/std 2.83       taken for Laplace");
}

/* What groups cost is told, but of channels and tensors only in the line of settings. */
static void test_units(void **state)
{
    (void)state;
    static const struct tensor vector = { .rank = 1, .elements = 1000 };
    struct hand hand;
    make(&hand, 0.5);
    hand.report.request.draws = 1000;
    hand.report.rows.tensor = &vector;
    hand.report.request.scheme = scheme_default();
    char *frame = drawn(&hand.report, GLYPHS_BRAILLE, (struct rect){ 2, 1, 100, 18 });
    assert_null(strstr(frame, "units"));
    mem_free(frame);
    hand.report.request.scheme.granularity = (struct granularity){ 1, 64 };
    hand.report.figures.bits_per_weight = 4.256;
    assert_has(&hand.report, GLYPHS_BRAILLE,
               "units   16 groups of 64  bits/weight beside the codes 0.256");
    hand.report.request.scheme.levels = (struct levels){ LEVELS_BLOCKS, NULL, &block_format_mxfp4,
                                                         LEVELS_FAMILY_TENSOR };
    assert_has(&hand.report, GLYPHS_BRAILLE, "units   32 groups of 32");
}

/* The PQN model is of even steps. */
static void test_verdicts(void **state)
{
    (void)state;
    struct hand hand;
    make(&hand, 0.01);
    hand.report.request.scheme = scheme_default();
    assert_has(&hand.report, GLYPHS_BRAILLE, "q/σ 0.0100     holds ");
    hand.report.request.scheme.bits = 1;
    assert_has(&hand.report, GLYPHS_BRAILLE, "q/σ 0.0100     2 levels ");
    hand.report.request.scheme.levels.kind = LEVELS_EMPIRICAL;
    assert_has(&hand.report, GLYPHS_BRAILLE, "q/σ 0.0100     uneven ");
    hand.report.request.scheme = scheme_default();
    hand.report.figures.pqn_deviation = NAN;
    assert_has(&hand.report, GLYPHS_BRAILLE, "q/σ 0.0100     no spread ");
}

static void test_samples_are_marked(void **state)
{
    (void)state;
    struct hand hand;
    make(&hand, 0.5);
    hand.errors.channels = 4;
    assert_has(&hand.report, GLYPHS_BRAILLE, "normal rows 50 %");
    hand.report.normality_sampled = hand.report.spread_sampled = true;
    assert_has(&hand.report, GLYPHS_BRAILLE, "normal rows ≈50 %");
    assert_has(&hand.report, GLYPHS_BRAILLE, "beyond 6σ ≈3");
    assert_has(&hand.report, GLYPHS_ASCII, "normal rows ~50 %");
}

static void test_the_nearer_family(void **state)
{
    (void)state;
    struct hand hand;
    make(&hand, 0.5);
    struct family family = { .ks_gaussian = 0.0134, .ks_laplace = 0.055 };
    hand.report.family = &family;
    assert_has(&hand.report, GLYPHS_BRAILLE, "KS 0.013 Gaussian");
    family = (struct family){ .ks_gaussian = 0.062, .ks_laplace = 0.0081, .laplace = true };
    hand.report.family_sampled = true;
    assert_has(&hand.report, GLYPHS_BRAILLE, "KS ≈0.0081 Laplace");
    assert_has(&hand.report, GLYPHS_ASCII, "KS ~0.0081 Laplace");
    family.ks_gaussian = family.ks_laplace = NAN;
    char *frame = drawn(&hand.report, GLYPHS_BRAILLE, (struct rect){ 0, 0, 120, 20 });
    assert_null(strstr(frame, "KS"));
    mem_free(frame);
}

/* Their lines are kept free from the moment that they are asked for. */
static void test_characteristic_function(void **state)
{
    (void)state;
    static struct spectrum spectrum = { .qt1 = { 0.25, 0.5 }, .qt2 = { 0.125, 0.75 } };
    struct hand hand;
    make(&hand, 0.5);
    int without = facts_height(&hand.report, GLYPHS_BRAILLE, 100);
    hand.report.request.spectrum = true;
    int waiting = facts_height(&hand.report, GLYPHS_BRAILLE, 100);
    assert_int_equal(waiting, without + 2);
    assert_has(&hand.report, GLYPHS_BRAILLE, "CF      theory   QT I -");
    spectrum.theory[SPECTRUM_PER_PSI] = 0.0625;
    spectrum.measured[SPECTRUM_PER_PSI] = 0.625;
    hand.report.spectrum = &spectrum;
    assert_int_equal(facts_height(&hand.report, GLYPHS_BRAILLE, 100), waiting);
    assert_has(&hand.report, GLYPHS_BRAILLE,
               "CF      theory   QT I 0.250      QT II 0.125      |Φ(Ψ)| 0.0625");
    assert_has(&hand.report, GLYPHS_ASCII,
               "measured QT I 0.500      QT II 0.750      Phi(Psi) 0.625");
}

static void test_undefined_figures_are_dashes(void **state)
{
    (void)state;
    struct hand hand;
    make(&hand, NAN);
    assert_has(&hand.report, GLYPHS_BRAILLE, "theory -          measured -");
    assert_has(&hand.report, GLYPHS_BRAILLE, "no spread");
    for (int i = 0; i < 3; i++) {
        make(&hand, i == 0 ? NAN : i == 1 ? INFINITY : -INFINITY);
        for (int channels = 1; channels < 3; channels++) {
            hand.errors.channels = (size_t)channels;
            char *frame = drawn(&hand.report, GLYPHS_ASCII, (struct rect){ 2, 1, 100, 18 });
            assert_null(strstr(frame, "nan"));
            mem_free(frame);
        }
    }
}

static void test_missing_parts_are_left_out(void **state)
{
    (void)state;
    struct hand hand;
    make(&hand, 1);
    hand.report.normality = NULL;
    hand.report.spread = NULL;
    char *frame = drawn(&hand.report, GLYPHS_BRAILLE, (struct rect){ 0, 0, 120, 20 });
    assert_null(strstr(frame, "beyond"));
    assert_null(strstr(frame, "normal rows"));
    mem_free(frame);
}

static void test_any_rectangle(void **state)
{
    (void)state;
    struct hand hand;
    make(&hand, -1.2345678e-11);
    hand.report.figures.nonfinite = UINT64_MAX;
    for (int glyphs = 0; glyphs < GLYPHS_COUNT; glyphs++)
        for (int width = 1; width < 130; width += width < 70 ? 1 : 7)
            for (int height = 0; height < 16; height += height < 3 ? 1 : 5)
                mem_free(drawn(&hand.report, (enum glyphs)glyphs,
                               (struct rect){ 3, 2, width, height }));
}

static void test_facts_stand_where_they_stood(void **state)
{
    (void)state;
    struct hand a, b;
    make(&a, 0.1);
    make(&b, 1.234e-7);
    int width = 100;
    assert_int_equal(facts_height(&a.report, GLYPHS_BRAILLE, width),
                     facts_height(&b.report, GLYPHS_BRAILLE, width));
    char *first = drawn(&a.report, GLYPHS_BRAILLE, (struct rect){ 0, 0, width, 20 });
    char *second = drawn(&b.report, GLYPHS_BRAILLE, (struct rect){ 0, 0, width, 20 });
    /* "PQN" behind two numbers of other lengths. */
    const char *x = strstr(first, "std e"), *y = strstr(second, "std e");
    assert_non_null(x);
    assert_non_null(y);
    assert_int_equal(strstr(x, "PQN") - x, strstr(y, "PQN") - y);
    mem_free(first);
    mem_free(second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_are_said),
        cmocka_unit_test(test_clips_that_were_found),
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_verdicts),
        cmocka_unit_test(test_samples_are_marked),
        cmocka_unit_test(test_the_nearer_family),
        cmocka_unit_test(test_characteristic_function),
        cmocka_unit_test(test_undefined_figures_are_dashes),
        cmocka_unit_test(test_missing_parts_are_left_out),
        cmocka_unit_test(test_any_rectangle),
        cmocka_unit_test(test_facts_stand_where_they_stood),
    };
    return cmocka_run_group_tests_name("ui/facts", tests, NULL, NULL);
}
