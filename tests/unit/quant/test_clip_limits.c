/* SPDX-License-Identifier: MIT
 *
 * The clip search at its limits: many levels, huge and tiny weights, nothing to search; and the
 * error at a factor.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "clip_grid.h"

/* With thousands of levels: step^2 / 12 times the square of the factor, plus what is beyond. */
static void test_many_levels(void **state)
{
    (void)state;
    enum { N = 20000 };
    struct grid *grid = mem_alloc(1, sizeof *grid);
    double *w = mem_alloc(N, sizeof *w);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int bits = 11; bits <= 16; bits++) {
        const double most = draw(rng, 1, w, N);
        make_symmetric(grid, bits, 3 * most); /* two thirds of it are not needed */
        const struct clip_grids grids = grids_of(grid);
        struct clip_sample *sample = clip_sample_make(NULL, w, N);
        const double step = 3 * most / (1 << (bits - 1));
        for (int turn = 0; turn < 2; turn++) {
            const double factor =
                turn ? clip_search_lp(sample, &grids, 2.4) : clip_search_mse(sample, &grids);
            assert_true(factor > 0.2 && factor < 0.34);
            const double mse = true_error(grid, w, N, factor, 2) / N;
            assert_true(mse < 1.06 * step * step / 9 / 12);
            assert_true(fabs(clip_sample_error(sample, &grids, factor).mse / mse - 1) < 1e-4);
        }
        clip_sample_free(sample);
    }
    gsl_rng_free(rng);
    mem_free(w);
    mem_free(grid);
}

/* Levels -1, 0, 1 and half a cell of 1/2 beyond: 1.5 divides the error's parts. */
static void test_error(void **state)
{
    (void)state;
    static const double w[] = {0.25, NAN, -0.75, 1.25, -2, 1.75, INFINITY};
    struct grid *grid = mem_alloc(1, sizeof *grid);
    make_symmetric(grid, 2, 1);
    const struct clip_grids grids = grids_of(grid);
    struct clip_sample *sample = clip_sample_make(NULL, w, 7);
    const struct clip_error error = clip_sample_error(sample, &grids, 1);
    const double granular = (0.0625 + 0.0625 + 0.0625) / 5, overload = (1 + 0.5625) / 5;
    assert_true(fabs(error.granular - granular) < 1e-15);
    assert_true(fabs(error.overload - overload) < 1e-15);
    assert_true(fabs(error.mse - granular - overload) < 1e-15);
    clip_sample_free(sample);
    mem_free(grid);
}

/* The parts by the definition, with an outermost cell that is wider than the others. */
static void test_error_in_bins(void **state)
{
    (void)state;
    enum { N = 100000 };
    struct grid *grid = mem_alloc(1, sizeof *grid);
    double *w = mem_alloc(N, sizeof *w);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    draw(rng, 1, w, N);
    *grid = (struct grid){5, {-1.5, -0.5, 0.25, 1, 2.5}};
    const struct clip_grids grids = grids_of(grid);
    struct clip_sample *sample = clip_sample_make(NULL, w, N);
    for (double factor = 1; factor > 0.3; factor *= 0.83) {
        double overload = 0;
        for (size_t i = 0; i < N; i++) {
            const double e = factor * nearest(grid, w[i] / factor) - w[i];
            overload += w[i] < -2 * factor || w[i] > 3.25 * factor ? e * e : 0;
        }
        const struct clip_error error = clip_sample_error(sample, &grids, factor);
        const double all = true_error(grid, w, N, factor, 2);
        assert_true(fabs(error.mse * N / all - 1) < 1e-4);
        assert_true(fabs(error.overload * N / overload - 1) < 1e-4);
        assert_true(fabs(error.granular + error.overload - error.mse) < 1e-15);
    }
    clip_sample_free(sample);
    gsl_rng_free(rng);
    mem_free(w);
    mem_free(grid);
}

/* Powers of two change nothing, however large or small. */
static void test_scale(void **state)
{
    (void)state;
    enum { N = 400 };
    static const int exponents[] = {-960, -500, -30, 0, 40, 1015};
    struct grid *grid = mem_alloc(1, sizeof *grid);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double w[N], scaled[N], squares = 0, powers = 0;
    const double most = draw(rng, 2, w, N);
    for (size_t i = 0; i < N; i++)
        w[i] = rint(w[i] * 64) / 64; /* so that the smallest lose nothing */
    for (size_t k = 0; k < sizeof exponents / sizeof *exponents; k++) {
        for (size_t i = 0; i < N; i++)
            scaled[i] = ldexp(w[i], exponents[k]);
        make_symmetric(grid, 4, rint(most * 64) / 64);
        for (size_t i = 0; i < grid->n; i++)
            grid->level[i] = ldexp(grid->level[i], exponents[k]);
        const struct clip_grids grids = grids_of(grid);
        struct clip_sample *sample = clip_sample_make(NULL, scaled, N);
        if (k == 0) {
            squares = clip_search_mse(sample, &grids);
            powers = clip_search_lp(sample, &grids, 2.4);
        }
        assert_true(fabs(clip_search_mse(sample, &grids) - squares) < 1e-3);
        assert_true(fabs(clip_search_lp(sample, &grids, 2.4) - powers) < 1e-3);
        clip_sample_free(sample);
    }
    gsl_rng_free(rng);
    mem_free(grid);
}

/* Nothing, zeros, many that are the same; memory used again from any size to another. */
static void test_degenerate(void **state)
{
    (void)state;
    enum { N = 70000 };
    struct grid *grid = mem_alloc(1, sizeof *grid);
    double *w = mem_zero(N, sizeof *w);
    struct clip_sample *sample = NULL;
    make_symmetric(grid, 4, 1.7);
    const struct clip_grids grids = grids_of(grid);
    assert_null(clip_sample_make(NULL, w, 0));
    w[0] = NAN;
    assert_null(clip_sample_make(NULL, w, 1));
    static const double values[] = {0, 1.7, -1.7, 5e-324};
    for (size_t k = 0; k < 4; k++)
        for (size_t n = 2; n <= N; n += N - 2) {
            for (size_t i = 1; i < n; i++)
                w[i] = values[k];
            sample = clip_sample_make(sample, w, n);
            assert_non_null(sample);
            const double factor = clip_search_mse(sample, &grids);
            assert_true(factor > 0 && factor <= 1);
            assert_true(true_error(grid, w + 1, n - 1, factor, 2) < 1e-28);
            assert_true(clip_sample_error(sample, &grids, factor).mse < 1e-30);
            if (k == 0)
                assert_true(factor == 1 && clip_search_lp(sample, &grids, 3) == 1);
            for (size_t i = 1; i < n; i++)
                w[i] = (double)i / N;
            sample = clip_sample_make(sample, w, n);
        }
    /* One level. */
    *grid = (struct grid){.n = 1};
    const struct clip_grids single = grids_of(grid);
    assert_true(clip_search_mse(sample, &single) > 0);
    assert_true(fabs(clip_sample_error(sample, &single, 1).mse - 1 / 3.0) < 1e-4);
    clip_sample_free(sample);
    clip_sample_free(NULL);
    mem_free(w);
    mem_free(grid);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_levels),   cmocka_unit_test(test_error),
        cmocka_unit_test(test_error_in_bins), cmocka_unit_test(test_scale),
        cmocka_unit_test(test_degenerate),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
