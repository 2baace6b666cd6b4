/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plot/figure.h"

static void assert_drawn(const struct figure *figure, int width, int height, enum glyphs glyphs,
                         const char *expected)
{
    struct cells *cells = cells_new(width, height);
    draw_figure(cells, (struct rect){0, 0, width, height}, figure, glyphs);
    struct text text = {0};
    cells_dump(cells, &text);
    assert_string_equal(text.data, expected);
    text_done(&text);
    cells_free(cells);
}

/* Bars with a bump, a theory that has the same, and the uniform density, over one step. */
static void assert_density(int width, int height, enum glyphs glyphs, const char *expected)
{
    double edges[33], bars[32], x[65], y[65];
    for (int i = 0; i <= 32; i++)
        edges[i] = i / 32.0 - 0.5;
    for (int i = 0; i < 32; i++)
        bars[i] = 1 + 0.3 * cos(2 * M_PI * (edges[i] + 1 / 64.0)) + (i % 3 - 1) * 0.02;
    for (int i = 0; i <= 64; i++) {
        x[i] = i / 64.0 - 0.5;
        y[i] = 1 + 0.3 * cos(2 * M_PI * x[i]);
    }
    static const double ends[] = {-0.5, 0.5}, one[] = {1, 1};
    static const struct tick ticks[] = {{-0.5, "-q/2"}, {0, "0"}, {0.5, "+q/2"}};
    struct figure figure = {
        .x_title = "error", .y_title = "q·f(e)", .x_low = -0.5, .x_high = 0.5,
        .x_ticks = ticks, .x_tick_count = 3, .series_count = 3,
        .series = {{SERIES_LINE, STYLE_THEORY, "theory, Gaussian", x, y, 65},
                   {SERIES_BARS, STYLE_DATA, "measured", edges, bars, 32},
                   {SERIES_DOTTED, STYLE_REFERENCE, "uniform (PQN)", ends, one, 2}},
    };
    assert_drawn(&figure, width, height, glyphs, expected);
}

static void test_density(void **state)
{
    (void)state;
    assert_density(60, 11, GLYPHS_BRAILLE,
        "q·f(e)    ── theory, Gaussian  ██ measured  ·· uniform (PQN)\n"
        "    │                    ⣀⣀⠤⠤⠤⠒⠒⠒⠒⠒⠤⠤⠤⣀⣀\n"
        "    │              ⢀⣀⠤⠒⠊⠉███████████████⠉⠑⠒⠤⣀⡀\n"
        "1.0 ┤⠁ ⠁ ⠁ ⠁ ⠁⢀⣡⠤⠓⠊⠁█⠁█⠁█⠁█⠁█⠁█⠁█⠁█⠁█⠁█⠁█⠁█⠁█⠉⠑⠓⠤⣅⡀⠁ ⠁ ⠁ ⠁ ⠁\n"
        "    │⣀⣀⣀⣀⠤⠤⠒⠚⠉⠁███████████████████████████████████⠈⠉⠓⠒⠤⠤⣀⣀⣀⣀\n"
        "    │███████████████████████████████████████████████████████\n"
        "0.5 ┤███████████████████████████████████████████████████████\n"
        "    │███████████████████████████████████████████████████████\n"
        "    │███████████████████████████████████████████████████████\n"
        "0.0 ┼┬──────────────────────────┬──────────────────────────┬\n"
        "    -q/2          error         0                       +q/2\n");
    assert_density(60, 11, GLYPHS_BLOCKS,
        "q·f(e)    ── theory, Gaussian  ██ measured  ·· uniform (PQN)\n"
        "    │                    ⎽⎽⎼⎼⎼⎻⎻⎻⎻⎻⎼⎼⎼⎽⎽\n"
        "    │              ⎽⎽⎼⎻⎺⎺███████████████⎺⎺⎻⎼⎽⎽\n"
        "1.0 ┤· · · · ·⎽⎽⎼⎻⎺⎺█·█·█·█·█·█·█·█·█·█·█·█·█⎺⎺⎻⎼⎽⎽· · · · ·\n"
        "    │⎽⎽⎽⎽⎼⎼⎻⎺⎺⎺███████████████████████████████████⎺⎺⎺⎻⎼⎼⎽⎽⎽⎽\n"
        "    │███████████████████████████████████████████████████████\n"
        "0.5 ┤███████████████████████████████████████████████████████\n"
        "    │███████████████████████████████████████████████████████\n"
        "    │███████████████████████████████████████████████████████\n"
        "0.0 ┼┬──────────────────────────┬──────────────────────────┬\n"
        "    -q/2          error         0                       +q/2\n");
    assert_density(60, 11, GLYPHS_ASCII,
        "q·f(e)    -- theory, Gaussian  ## measured  .. uniform (PQN)\n"
        "    |                    __-----------__\n"
        "    |              __--''###############''--__\n"
        "1.0 +' ' ' ' '__--''#'#'#'#'#'#'#'#'#'#'#'#'#''--__' ' ' ' '\n"
        "    |____---'''###################################'''---____\n"
        "    |#######################################################\n"
        "0.5 +#######################################################\n"
        "    |#######################################################\n"
        "    |#######################################################\n"
        "0.0 ++--------------------------+--------------------------+\n"
        "    -q/2          error         0                       +q/2\n");
}

/* A smaller rect loses words, then its header, then its axes. */
static void test_density_degrades(void **state)
{
    (void)state;
    assert_density(36, 7, GLYPHS_BRAILLE,
        "  ── theory  ██ measured  ·· uniform\n"
        "    │        ⣀⡠⠤⠒⠒⠒⠉⠉⠉⠒⠒⠒⠤⢄⣀\n"
        "1.0 ┤⣁⣀⣁⡠⠥⠔⠓⠉⠁█⠁█⠁█⠁█⠁█⠁█⠁█⠁⠉⠓⠢⠥⢄⣁⣀⣁\n"
        "0.5 ┤███████████████████████████████\n"
        "    │███████████████████████████████\n"
        "0.0 ┼┬──────────────┬──────────────┬\n"
        "    -q/2    error   0           +q/2\n");
    assert_density(24, 7, GLYPHS_BRAILLE,
        "q·f(e)         ── theory\n"
        "    │     ⣀⠴⠒⠊⠉⠑⠒⠦⣀\n"
        "1.0 ┤⣁⣀⠥⠖⠋█⠁█⠁█⠁█⠁█⠙⠲⠥⣀⣁\n"
        "0.5 ┤███████████████████\n"
        "    │███████████████████\n"
        "0.0 ┼┬────────┬────────┬\n"
        "    -q/2      0     +q/2\n");
    assert_density(24, 5, GLYPHS_BRAILLE,
        "1.0 ┤⡀ ⡀ ⣀⠤⡖⠒⡉⠉⡉⠒⡲⠤⣀ ⡀ ⡀\n"
        "0.5 ┤⠒⠒⠚⠉███████████⠉⠓⠒⠒\n"
        "    │███████████████████\n"
        "0.0 ┼┬────────┬────────┬\n"
        "    -q/2      0     +q/2\n");
    assert_density(12, 4, GLYPHS_BRAILLE,
        "│⣄⣠⠤⠒⠍⠉⠍⠒⠤⣄⣄\n"
        "│███████████\n"
        "└┬────┬────┬\n"
        "-q/2  0 +q/2\n");
    assert_density(11, 4, GLYPHS_BRAILLE,
        "   ⡠⠒⠉⠒⢄\n"
        "⣁⡴⠋█⠁█⠁█⠙⢦⣁\n"
        "███████████\n"
        "███████████\n");
    assert_density(1, 1, GLYPHS_BRAILLE,
        "⠛\n");
}

/* Mass at integer levels, and where the clip is. */
static void assert_stems(bool y_log, enum glyphs glyphs, const char *expected)
{
    double x[7], y[7], edges[71], bars[70];
    for (int i = 0; i < 7; i++) {
        x[i] = i - 3;
        y[i] = exp(-x[i] * x[i] / 4);
    }
    for (int i = 0; i <= 70; i++)
        edges[i] = i / 10.0 - 3.5;
    for (int i = 0; i < 70; i++)
        bars[i] = 0.9 * exp(-pow(edges[i] + 0.05, 2) / 4);
    static const struct marker markers[] = {
        {-3.3, "-clip", STYLE_MARK}, {3.3, "+clip", STYLE_MARK}, {99, "off", STYLE_MARK}};
    struct figure figure = {
        .x_title = "w/q", .x_low = -4, .x_high = 4, .y_log = y_log,
        .markers = markers, .marker_count = 3, .series_count = 2,
        .series = {{SERIES_STEMS, STYLE_MARK, "levels", x, y, 7},
                   {SERIES_BARS, STYLE_DATA, "weights", edges, bars, 70}},
    };
    assert_drawn(&figure, 46, 12, glyphs, expected);
}

static void test_stems_and_markers(void **state)
{
    (void)state;
    assert_stems(false, GLYPHS_BRAILLE,
        "                         │• levels  ██ weights\n"
        "      -clip                             +clip\n"
        "1.0 ┤   ┊                •                ┊\n"
        "    │   ┊             ▂▅▆│▆▅▂             ┊\n"
        "    │   ┊           •▇███│███▇•           ┊\n"
        "    │   ┊         ▂▇│████│████│▇▂         ┊\n"
        "0.5 ┤   ┊       ▁▆██│████│████│██▆▁       ┊\n"
        "    │   ┊     ▁•████│████│████│████•▁     ┊\n"
        "    │   ┊  ▁▃▆█│████│████│████│████│█▆▃▁  ┊\n"
        "    │   ┊▅•████│████│████│████│████│████•▅┊\n"
        "0.0 ┼┬─────────┬─────────┬─────────┬─────────┬\n"
        "     -4        -2        0         2       w/q\n");
    assert_stems(false, GLYPHS_ASCII,
        "                         |o levels  ## weights\n"
        "      -clip                             +clip\n"
        "1.0 +   :                o                :\n"
        "    |   :             .:#|#:.             :\n"
        "    |   :           o####|####o           :\n"
        "    |   :         .#|####|####|#.         :\n"
        "0.5 +   :       .###|####|####|###.       :\n"
        "    |   :     .o####|####|####|####o.     :\n"
        "    |   :  .:##|####|####|####|####|##:.  :\n"
        "    |   ::o####|####|####|####|####|####o::\n"
        "0.0 ++---------+---------+---------+---------+\n"
        "     -4        -2        0         2       w/q\n");
    assert_stems(true, GLYPHS_BLOCKS,
        "                         │• levels  ██ weights\n"
        "      -clip                             +clip\n"
        "  1 ┤   ┊                •                ┊\n"
        "    │   ┊           •▄▅▆▆│▆▆▅▄•           ┊\n"
        "    │   ┊        ▃▆█│████│████│█▆▃        ┊\n"
        "    │   ┊     ▂•████│████│████│████•▂     ┊\n"
        "    │   ┊   ▁▆█│████│████│████│████│█▆▁   ┊\n"
        "    │   ┊  ▄███│████│████│████│████│███▄  ┊\n"
        "0.1 ┤   ┊▂•████│████│████│████│████│████•▂┊\n"
        "    │   ┊█│████│████│████│████│████│████│█┊\n"
        "    └┬─────────┬─────────┬─────────┬─────────┬\n"
        "     -4        -2        0         2       w/q\n");
}

static void assert_scatter(enum glyphs glyphs, const char *expected)
{
    double x[61], y[61];
    for (int i = 0; i <= 60; i++) {
        x[i] = i / 10.0 - 3;
        y[i] = x[i] + pow(x[i], 5) / 200;
    }
    static const double ends[] = {-3, 3};
    struct figure figure = {
        .x_title = "normal", .y_title = "sample", .x_low = -3, .x_high = 3,
        .y_low = -4, .y_high = 4, .series_count = 2,
        .series = {{SERIES_DOTTED, STYLE_REFERENCE, "y = x", ends, ends, 2},
                   {SERIES_SCATTER, STYLE_DATA, "weights", x, y, 61}},
    };
    assert_drawn(&figure, 44, 12, glyphs, expected);
}

static void test_scatter(void **state)
{
    (void)state;
    assert_scatter(GLYPHS_BRAILLE,
        "sample                  ·· y = x  •• weights\n"
        " 4 ┤                                     ⡀⠔⠁\n"
        "   │                                  ⡠⠄⡊ ⠂\n"
        " 2 ┤                             ⡀⡠⠔⠊⠁⠁\n"
        "   │                       ⡀⡠⠄⠒⠂⠉\n"
        " 0 ┤                 ⡀⡠⠄⠖⠊⠉\n"
        "   │           ⡀⡠⠄⠖⠊⠉\n"
        "-2 ┤      ⣀⡠⠒⠂⠉\n"
        "   │⡀ ⠂⡀⠕⠂⠁\n"
        "   │⢀⠔⠈\n"
        "-4 ┼──────┬─────────────┬────────────┬──────\n"
        "          -2            0             normal\n");
    assert_scatter(GLYPHS_BLOCKS,
        "sample                  ·· y = x  •• weights\n"
        " 4 ┤                                     ▖▞▘\n"
        "   │                                  ▄▖▀ ·\n"
        " 2 ┤                             ▖▄▞▝▘·\n"
        "   │                       ▖▄▖▀▘▀\n"
        " 0 ┤                 ▖▄▖▞▀▝\n"
        "   │           ▖▄▖▞▀▝\n"
        "-2 ┤      ▗▄▝▘▀\n"
        "   │· ·▖▞▘▘\n"
        "   │▗▞▝\n"
        "-4 ┼──────┬─────────────┬────────────┬──────\n"
        "          -2            0             normal\n");
    assert_scatter(GLYPHS_ASCII,
        "sample                  .. y = x  oo weights\n"
        " 4 +                                     ooo\n"
        "   |                                  ooo '\n"
        " 2 +                             ooooo'\n"
        "   |                       oooooo\n"
        " 0 +                 oooooo\n"
        "   |           oooooo\n"
        "-2 +      ooooo\n"
        "   |. 'oooo\n"
        "   |ooo\n"
        "-4 +------+-------------+------------+------\n"
        "          -2            0             normal\n");
}

/* More bins than columns are averaged; the least of them is still seen; nothing is zero. */
static void test_bars_are_mean_densities(void **state)
{
    (void)state;
    static const double edges[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    static const double heights[] = {4, 0, 4, 4, 0, 0, 1e-9, 0, NAN, 2, NAN, NAN};
    struct figure figure = {
        .x_low = 0, .x_high = 12, .y_low = 0, .y_high = 4, .series_count = 1,
        .series = {{SERIES_BARS, STYLE_DATA, NULL, edges, heights, 12}},
    };
    assert_drawn(&figure, 6, 2, GLYPHS_BLOCKS, " █\n██ ▁█\n");
    assert_drawn(&figure, 6, 2, GLYPHS_ASCII, " #\n## .#\n");
}

static void test_bars_hang_below_zero(void **state)
{
    (void)state;
    static const double edges[] = {0, 1, 2, 3, 4, 5};
    static const double heights[] = {2, -1.5, -2, 0.25, -1e-9};
    struct figure figure = {
        .x_low = 0, .x_high = 5, .y_low = -2, .y_high = 2, .series_count = 1,
        .series = {{SERIES_BARS, STYLE_DATA, NULL, edges, heights, 5}},
    };
    assert_drawn(&figure, 5, 4, GLYPHS_BLOCKS, "█\n█  ▂\n ██ ▔\n ▀█\n");
}

static void test_lines_break_at_gaps(void **state)
{
    (void)state;
    static const double x[] = {0, 3, 4, 6, 9, 10}, y[] = {1, 1, NAN, 1, NAN, 1};
    struct figure figure = {
        .x_low = 0, .x_high = 10, .y_low = 0, .y_high = 2, .series_count = 1,
        .series = {{SERIES_LINE, STYLE_THEORY, NULL, x, y, 6}},
    };
    assert_drawn(&figure, 10, 1, GLYPHS_BRAILLE, "⠤⠤⠤   ⠄  ⠠\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_density),
        cmocka_unit_test(test_density_degrades),
        cmocka_unit_test(test_stems_and_markers),
        cmocka_unit_test(test_scatter),
        cmocka_unit_test(test_bars_are_mean_densities),
        cmocka_unit_test(test_bars_hang_below_zero),
        cmocka_unit_test(test_lines_break_at_gaps),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
