/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "clip_grid.h"
#include "quant/clip_sweep.h"

/* What the sweep has come by: how often, and the least error of all parabolas. */
struct visits {
    size_t count;
    double squares, least;
    struct clip_fit last;
};

static double least_of(double squares, const struct clip_fit *fit)
{
    const double vertex = fit->square > 0 ? fmin(fit->product / fit->square, 1) : 1;
    return squares - vertex * (2 * fit->product - vertex * fit->square);
}

static void visit(void *context, const struct clip_fit *fit)
{
    struct visits *visits = context;
    visits->count++;
    visits->least = fmin(visits->least, least_of(visits->squares, fit));
    visits->last = *fit;
}

/* Whether the best way was found; crossings that fall together may hide it. */
static bool check(const struct grid *grid, const double w[], size_t n, double least)
{
    const struct clip_grids grids = grids_of(grid);
    struct clip_sample *sample = clip_sample_make(NULL, w, n);
    struct clip_ladder ladder;
    clip_ladder_make(&ladder, sample, &grids);
    struct visits visits = {.squares = clip_sample_total(sample).square,
                            .last = clip_ladder_fit(&ladder, sample, 1)};
    visits.least = least_of(visits.squares, &visits.last);
    clip_sweep(sample, &ladder, least, visit, &visits);
    double wanted = INFINITY;
    for (double factor = 0.9999; factor > least; factor *= 0.9999) {
        const struct clip_fit fit = clip_ladder_fit(&ladder, sample, factor);
        wanted = fmin(wanted, least_of(visits.squares, &fit));
    }
    assert_true(visits.count <= n * (grid->n - 1));
    /* All crossings together lead to the levels of the last factor. */
    const struct clip_fit end = clip_ladder_fit(&ladder, sample, least);
    assert_true(fabs(end.product - visits.last.product) < 1e-9 * visits.squares);
    assert_true(fabs(end.square - visits.last.square) < 1e-9 * visits.squares);
    clip_ladder_done(&ladder);
    clip_sample_free(sample);
    return visits.least <= wanted * (1 + 1e-9) + 1e-12;
}

static void test_ways_are_found(void **state)
{
    (void)state;
    size_t found = 0, all = 0;
    struct grid *grid = mem_alloc(1, sizeof *grid);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t n = 2; n <= 32; n *= 2)
        for (int turn = 0; turn < 9; turn++) {
            double w[32];
            const double most = draw(rng, turn % 3, w, n);
            make_symmetric(grid, 2 + turn / 3, most);
            found += check(grid, w, n, 0.3);
            grid->n = 4; /* uneven, and with a threshold at 0 */
            for (size_t i = 0; i < 4; i++)
                grid->level[i] = most * (double[]){-1, -0.2, 0.2, 0.9}[i];
            found += check(grid, w, n, 0.3);
            all += 2;
        }
    assert_true(20 * found >= 19 * all);
    gsl_rng_free(rng);
    mem_free(grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ways_are_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
