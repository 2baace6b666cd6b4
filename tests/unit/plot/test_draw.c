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

/* A small generator, so that every run sees the same figures. */
static uint64_t next_random(uint64_t *state)
{
    *state = *state * 6364136223846793005u + 1442695040888963407u;
    return *state >> 33;
}

static double random_number(uint64_t *state)
{
    static const double odd[] = {NAN,      INFINITY, -INFINITY, DBL_MAX, -DBL_MAX, 1e300, 0,
                                 DBL_MIN,  5e-324,   -1e-300,   1,       1,        -1};
    uint64_t pick = next_random(state) % 40;
    if (pick < sizeof odd / sizeof *odd)
        return odd[pick];
    return (double)next_random(state) / 2147483648.0 * 4 - 2;
}

#define POINTS 40

/* Any figure whatever, in arrays that the caller owns: x and y of each series. */
static struct figure random_figure(uint64_t *state, double numbers[][POINTS],
                                   struct marker *markers, struct tick *ticks)
{
    static const char *const words[] = {NULL, "", "theory, Gaussian", "重み", "e\xCC\x81(x)", "a"};
    struct figure figure = {.series_count = next_random(state) % (FIGURE_SERIES + 1)};
    figure.x_title = words[next_random(state) % 6];
    figure.y_title = words[next_random(state) % 6];
    figure.x_low = random_number(state);
    figure.x_high = next_random(state) % 4 ? random_number(state) : figure.x_low;
    if (next_random(state) % 2) {
        figure.y_low = random_number(state);
        figure.y_high = random_number(state);
    }
    figure.y_log = next_random(state) % 2;
    for (size_t s = 0; s < figure.series_count; s++) {
        double *x = numbers[2 * s], *y = numbers[2 * s + 1];
        bool ascending = next_random(state) % 2;
        for (int i = 0; i < POINTS; i++) {
            x[i] = ascending ? -2 + i * 0.1 : random_number(state);
            y[i] = random_number(state);
        }
        figure.series[s] = (struct series){
            .kind = (enum series_kind)(next_random(state) % (SERIES_LETTERS + 1)),
            .style = STYLE_DATA, .label = words[next_random(state) % 6], .x = x, .y = y,
            .n = next_random(state) % 3 ? next_random(state) % POINTS : 0};
    }
    for (int i = 0; i < 4; i++) {
        markers[i] = (struct marker){random_number(state), words[next_random(state) % 6],
                                     STYLE_MARK};
        ticks[i] = (struct tick){random_number(state), words[1 + next_random(state) % 5]};
    }
    figure.markers = markers;
    figure.marker_count = next_random(state) % 5;
    figure.x_ticks = next_random(state) % 2 ? ticks : NULL;
    figure.x_tick_count = next_random(state) % 5;
    return figure;
}

static void assert_untouched_outside(const struct cells *cells, struct rect rect)
{
    for (int y = 0; y < cells->height; y++)
        for (int x = 0; x < cells->width; x++) {
            bool inside = x >= rect.x && x < rect.x + rect.width && y >= rect.y &&
                          y < rect.y + rect.height;
            const struct cell *cell = &cells->cell[y * cells->width + x];
            if (!inside && (cell->point != '@' || cell->combining || cell->style != STYLE_DIM))
                fail_msg("(%d, %d) outside %dx%d at (%d, %d) was written", x, y, rect.width,
                         rect.height, rect.x, rect.y);
        }
}

static void test_nothing_is_written_outside(void **state)
{
    (void)state;
    uint64_t random = 1;
    double numbers[2 * FIGURE_SERIES][POINTS];
    struct marker markers[4];
    struct tick ticks[4];
    struct cells *cells = cells_new(50, 20);
    for (int round = 0; round < 6000; round++) {
        struct figure figure = random_figure(&random, numbers, markers, ticks);
        struct rect rect = {(int)(next_random(&random) % 60) - 5,
                            (int)(next_random(&random) % 30) - 5,
                            (int)(next_random(&random) % 60) - 2,
                            (int)(next_random(&random) % 25) - 2};
        cells_fill(cells, (struct rect){0, 0, 50, 20}, '@', STYLE_DIM);
        draw_figure(cells, rect, &figure, (enum glyphs)(round % GLYPHS_COUNT));
        assert_untouched_outside(cells, rect);
    }
    cells_free(cells);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_written_outside),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
