/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/bars.h"
#include "ui/view.h"

#define CANARY 0x2603
#define WIDTH  70
#define HEIGHT 22

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

/* Draws a view amid snowmen and asserts that all of those stay. */
static void draw_in(const struct view *view, const struct report *report,
                    const struct view_options *options, struct rect rect)
{
    struct cells *cells = cells_new(WIDTH, HEIGHT);
    cells_fill(cells, (struct rect){ 0, 0, WIDTH, HEIGHT }, CANARY, STYLE_TEXT);
    view->draw(report, options, cells, rect);
    int broken = 0;
    for (int y = 0; y < HEIGHT; y++)
        for (int x = 0; x < WIDTH; x++)
            if (x < rect.x || x >= rect.x + rect.width || y < rect.y || y >= rect.y + rect.height)
                broken += cells->cell[y * WIDTH + x].point != CANARY;
    assert_int_equal(broken, 0);
    cells_free(cells);
}

static void draw_everywhere(const struct report *report)
{
    static const int widths[] = { 1, 3, 11, 12, 20, 61 };
    static const int heights[] = { 1, 3, 4, 7, 9, 16 };
    for (size_t v = 0; v < view_count; v++)
        for (int set = 0; set < 2 * GLYPHS_COUNT; set++)
            for (size_t w = 0; w < sizeof widths / sizeof *widths; w++)
                for (size_t h = 0; h < sizeof heights / sizeof *heights; h++) {
                    struct view_options options = { .glyphs = (enum glyphs)(set / 2), .log = set % 2,
                                                    .means = set % 2, .normal_only = set / 2 % 2,
                                                    .channel = (int64_t)w - 1 };
                    struct rect rect = { 4, 3, widths[w], heights[h] };
                    draw_in(views[v], report, &options, rect);
                }
}

static void test_no_view_leaves_its_rectangle(void **state)
{
    struct fixture *fixture = *state;
    const size_t tensors[] = { FIXTURE_MATRIX, FIXTURE_TAILS, FIXTURE_FLAT, FIXTURE_NAN,
                               FIXTURE_ZERO, FIXTURE_NORM, FIXTURE_SCALAR };
    for (size_t i = 0; i < sizeof tensors / sizeof *tensors; i++) {
        fixture_select(fixture, tensors[i]);
        const struct report *report = session_report(fixture->session);
        assert_non_null(report);
        assert_non_null(report->errors);
        draw_everywhere(report);
        fixture_press(fixture, "9"); /* now with a spectrum */
        assert_non_null(session_report(fixture->session)->spectrum);
        draw_everywhere(session_report(fixture->session));
        fixture_press(fixture, "C");
        assert_non_null(session_report(fixture->session)->curve);
        draw_everywhere(session_report(fixture->session));
        fixture_press(fixture, "8");
        assert_non_null(session_report(fixture->session)->outlier_map);
        draw_everywhere(session_report(fixture->session));
        fixture_press(fixture, "1");
    }
}

/* The frame of a view of what is selected. */
static const char *picture(const struct fixture *fixture, const char *view, enum glyphs glyphs)
{
    struct view_options options = { .glyphs = glyphs, .log = false, .channel = -1 };
    cells_clear(fixture->cells);
    view_find(view)->draw(session_report(fixture->session), &options, fixture->cells,
                          (struct rect){ 0, 0, 80, 24 });
    return fixture_frame(fixture);
}

static void assert_has(const char *frame, const char *part)
{
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in\n%s", part, frame);
}

static void test_error_density(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    const char *frame = picture(fixture, "error", GLYPHS_BRAILLE);
    assert_has(frame, "measured");
    assert_has(frame, "uniform (PQN)");
    assert_has(frame, "theory, Gaussian");
    assert_has(frame, "-q/2");
    assert_has(frame, "q·f(e)");
    assert_null(strstr(frame, "3q/2")); /* clip max never errs by more than half a step */
    fixture_select(fixture, FIXTURE_ZERO);
    assert_has(picture(fixture, "error", GLYPHS_ASCII), "all is zero or not finite");
    fixture_select(fixture, FIXTURE_NAN);
    assert_has(picture(fixture, "error", GLYPHS_ASCII), "all is zero or not finite");
}

static void test_clipping_widens_the_error_density(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "c [ [ [ [ [ [ [ [ [ [");
    assert_has(picture(fixture, "error", GLYPHS_ASCII), "+3q/2");
}

static void test_weights_and_grid(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    const char *frame = picture(fixture, "weights", GLYPHS_BRAILLE);
    assert_has(frame, "mass at each level");
    assert_has(frame, "fitted Gaussian");
    assert_has(frame, "clip");
    assert_has(frame, "+c/2");
    fixture_press(fixture, "+ + + +");
    frame = picture(fixture, "weights", GLYPHS_BRAILLE); /* 255 levels would be a second fill */
    assert_null(strstr(frame, "mass at each level"));
    fixture_press(fixture, "."); /* one channel has a clip in the weights' own units */
    assert_null(strstr(picture(fixture, "weights", GLYPHS_BRAILLE), "+c/2"));
}

static void test_qq(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    assert_has(picture(fixture, "qq", GLYPHS_BRAILLE), "Gaussian, y = x");
    assert_has(picture(fixture, "qq", GLYPHS_BRAILLE), "Gaussian, σ");
    fixture_select(fixture, FIXTURE_FLAT);
    assert_has(picture(fixture, "qq", GLYPHS_BRAILLE), "all elements are alike");
    struct report early = *session_report(fixture->session);
    early.spread = NULL;
    struct view_options options = { .glyphs = GLYPHS_ASCII, .log = false, .channel = -1 };
    cells_clear(fixture->cells);
    view_qq.draw(&early, &options, fixture->cells, (struct rect){ 0, 0, 80, 24 });
    assert_has(fixture_frame(fixture), "still being counted");
}

static void test_characteristic_function(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    assert_null(session_report(fixture->session)->spectrum);
    assert_has(picture(fixture, "cf", GLYPHS_BRAILLE), "still being summed");
    fixture_press(fixture, "9");
    const char *frame = picture(fixture, "cf", GLYPHS_BRAILLE);
    assert_has(frame, "measured");
    assert_has(frame, "replicas");
    assert_has(frame, "sinc");
    assert_has(frame, "theory, Gaussian");
    assert_has(frame, "QT I\n");
    assert_has(frame, "QT II");
    assert_has(frame, "|Φ(u)|");
    assert_has(frame, "-2Ψ");
    assert_has(picture(fixture, "cf", GLYPHS_ASCII), "+Psi");
    fixture_select(fixture, FIXTURE_FLAT); /* constant rows have steps but no density */
    assert_has(picture(fixture, "cf", GLYPHS_ASCII), "measured");
    assert_null(strstr(picture(fixture, "cf", GLYPHS_ASCII), "theory"));
    fixture_select(fixture, FIXTURE_ZERO);
    assert_has(picture(fixture, "cf", GLYPHS_ASCII), "all is zero or not finite");
}

/* On a logarithmic axis a thousandth still stands above the bottom. */
static void test_characteristic_function_in_decades(void **state)
{
    struct fixture *fixture = *state;
    struct view_options options = { .glyphs = GLYPHS_BRAILLE, .log = true, .channel = -1 };
    fixture_press(fixture, "9");
    fixture_select(fixture, FIXTURE_MATRIX);
    cells_clear(fixture->cells);
    view_cf.draw(session_report(fixture->session), &options, fixture->cells,
                 (struct rect){ 0, 0, 80, 24 });
    assert_has(fixture_frame(fixture), "1e0 ");
    assert_has(fixture_frame(fixture), "1e-6");
}

static void test_legends_name_the_source(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "9 d");
    assert_has(picture(fixture, "error", GLYPHS_BRAILLE), "theory, Laplace");
    assert_has(picture(fixture, "weights", GLYPHS_BRAILLE), "fitted Laplace");
    assert_has(picture(fixture, "cf", GLYPHS_BRAILLE), "theory, Laplace");
    fixture_press(fixture, "d"); /* the nearer one */
    assert_has(picture(fixture, "error", GLYPHS_BRAILLE), "theory, Gaussian");
    fixture_press(fixture, "d");
    assert_has(picture(fixture, "error", GLYPHS_BRAILLE), "theory, empirical");
}

static void test_theory_source(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    double sqnr = listing_values(session->listing, FIXTURE_MATRIX)[COLUMN_SQNR];
    static const enum belief order[] = { BELIEF_LAPLACE, BELIEF_FAMILY, BELIEF_EMPIRICAL,
                                         BELIEF_GAUSSIAN };
    for (size_t i = 0; i < 4; i++) {
        fixture_press(fixture, "d");
        assert_int_equal(session->settings.belief, order[i]);
        assert_int_equal(session_report(session)->request.belief, order[i]);
    }
    fixture_press(fixture, "u u");
    assert_int_equal(session->settings.belief, BELIEF_FAMILY);
    fixture_press(fixture, ": s o u r c e Space l a p l a c e Enter");
    assert_int_equal(session->settings.belief, BELIEF_LAPLACE);
    /* What was measured has nothing to do with it. */
    assert_true(listing_values(session->listing, FIXTURE_MATRIX)[COLUMN_SQNR] == sqnr);
}

static void test_error_over_the_clip(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    assert_null(session_report(fixture->session)->curve);
    assert_has(picture(fixture, "clip", GLYPHS_ASCII), "still being summed");
    fixture_press(fixture, "C");
    const char *frame = picture(fixture, "clip", GLYPHS_BRAILLE);
    assert_has(frame, "granular");
    assert_has(frame, "overload");
    assert_has(frame, "theory, Gaussian");
    assert_has(frame, "mean e²");
    assert_has(frame, "clip 1");
    assert_has(frame, "best for all 0.");
    assert_has(frame, "each its own, mean 0.");
    fixture_press(fixture, ". c c c c"); /* one channel, at the best clip */
    frame = picture(fixture, "clip", GLYPHS_ASCII);
    assert_has(frame, "clip, best 0.");
    assert_has(frame, "mean e^2");
    assert_has(frame, ": SQNR +0.00 dB");
    assert_null(strstr(frame, "each its own"));
    fixture_press(fixture, "- - -");
    assert_has(picture(fixture, "clip", GLYPHS_ASCII), "one bit has no clip");
    fixture_press(fixture, "+");
    fixture_select(fixture, FIXTURE_FLAT); /* constant rows have no density */
    assert_null(strstr(picture(fixture, "clip", GLYPHS_ASCII), "theory"));
    fixture_select(fixture, FIXTURE_ZERO);
    assert_has(picture(fixture, "clip", GLYPHS_ASCII), "all is zero or not finite");
}

static void test_the_spectrum_is_asked_for_where_it_is_drawn(void **state)
{
    struct fixture *fixture = *state;
    const struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    assert_null(session_report(session)->spectrum);
    fixture_press(fixture, "9");
    assert_ptr_equal(session->view, &view_cf);
    assert_non_null(session_report(session)->spectrum);
    fixture_select(fixture, FIXTURE_TAILS);
    assert_non_null(session_report(session)->spectrum);
    fixture_press(fixture, "1");
    assert_null(session_report(session)->spectrum);
    fixture_press(fixture, ": v i e w Space c f Enter");
    assert_non_null(session_report(session)->spectrum);
}

static void test_ascii_is_ascii(void **state)
{
    struct fixture *fixture = *state;
    fixture_press(fixture, "C");
    fixture_select(fixture, FIXTURE_TAILS);
    for (size_t v = 0; v < view_count; v++)
        for (const char *c = picture(fixture, views[v]->name, GLYPHS_ASCII); *c; c++)
            assert_in_range((unsigned char)*c, '\n', '~');
}

static void test_describe(void **state)
{
    struct fixture *fixture = *state;
    struct text text = { 0 };
    fixture_select(fixture, FIXTURE_MATRIX);
    view_describe(&text, session_report(fixture->session), false, false);
    assert_string_equal(text.data, "6 channels · n 384");
    fixture_press(fixture, ". . x");
    text_clear(&text);
    view_describe(&text, session_report(fixture->session), false, true);
    assert_string_equal(text.data, "channel 1 - hadamard - n 64");
    fixture_select(fixture, FIXTURE_NORM);
    text_clear(&text);
    view_describe(&text, session_report(fixture->session), false, false);
    assert_string_equal(text.data, "one channel · n 33");
    text_done(&text);
}

static void test_bars_are_as_many_as_the_sample_carries(void **state)
{
    (void)state;
    struct histogram *histogram = histogram_new(-1, 1, 256);
    struct bars bars;
    bars_of(&bars, histogram, -1, 1, 128, 8);
    assert_int_equal(bars.n, 16);
    assert_true(bars.height[0] == 0);
    for (int i = 0; i < 6400; i++) {
        double x = -1 + (i + 0.5) / 3200;
        histogram_add(histogram, &x, 1);
    }
    bars_of(&bars, histogram, -1, 1, 128, 8);
    assert_int_equal(bars.n, 256);
    bars_of(&bars, histogram, -0.5, 0.5, 4096, 8);
    assert_int_equal(bars.n, 256); /* as many as 6400 elements carry on one unit */
    double area = 0;
    for (size_t i = 0; i < bars.n; i++)
        area += bars.height[i] * (bars.edge[i + 1] - bars.edge[i]);
    assert_true(fabs(area - 0.5) < 1e-12); /* half of the elements lie outside */
    histogram_free(histogram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_no_view_leaves_its_rectangle, setup, teardown),
        cmocka_unit_test_setup_teardown(test_error_density, setup, teardown),
        cmocka_unit_test_setup_teardown(test_clipping_widens_the_error_density, setup, teardown),
        cmocka_unit_test_setup_teardown(test_weights_and_grid, setup, teardown),
        cmocka_unit_test_setup_teardown(test_qq, setup, teardown),
        cmocka_unit_test_setup_teardown(test_characteristic_function, setup, teardown),
        cmocka_unit_test_setup_teardown(test_characteristic_function_in_decades, setup, teardown),
        cmocka_unit_test_setup_teardown(test_legends_name_the_source, setup, teardown),
        cmocka_unit_test_setup_teardown(test_theory_source, setup, teardown),
        cmocka_unit_test_setup_teardown(test_error_over_the_clip, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_spectrum_is_asked_for_where_it_is_drawn, setup,
                                        teardown),
        cmocka_unit_test_setup_teardown(test_ascii_is_ascii, setup, teardown),
        cmocka_unit_test_setup_teardown(test_describe, setup, teardown),
        cmocka_unit_test(test_bars_are_as_many_as_the_sample_carries),
    };
    return cmocka_run_group_tests_name("ui/view, ui/bars", tests, NULL, NULL);
}
