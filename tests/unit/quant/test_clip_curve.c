/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "clip_grid.h"
#include "quant/clip_curve.h"

#define FACTORS 25

/* 0.35 .. 1.4, the ratios equal; none is so round that the largest weight lies on an edge. */
static void make_factors(double factor[FACTORS])
{
    for (int i = 0; i < FACTORS; i++)
        factor[i] = exp2((i - 18.3) / 12);
}

/* By the definition: what lies further out than half the last cell is overload. */
static struct clip_error error_of(const struct grid *grid, const double w[], size_t n,
                                  double factor)
{
    const double *level = grid->level;
    const size_t last = grid->n - 1;
    const double low = factor * (level[0] - (level[1] - level[0]) / 2);
    const double high = factor * (level[last] + (level[last] - level[last - 1]) / 2);
    struct clip_error error = {0};
    for (size_t i = 0; i < n; i++) {
        const double e = w[i] - factor * nearest(grid, w[i] / factor);
        *(w[i] < low || w[i] > high ? &error.overload : &error.granular) += e * e / (double)n;
    }
    error.mse = error.granular + error.overload;
    return error;
}

static void assert_near(double got, double expected, double tolerance)
{
    if (!(fabs(got - expected) <= tolerance))
        fail_msg("%.12g is not within %g of %.12g", got, tolerance, expected);
}

/* tolerance: of the error, but for the rounding of sums of squares. */
static void check_curve(const struct grid *grid, const double w[], size_t n, double tolerance)
{
    double factor[FACTORS];
    struct clip_error error[FACTORS];
    const struct clip_grids grids = grids_of(grid);
    struct clip_sample *sample = clip_sample_make(NULL, w, n);
    double square = 0;
    for (size_t i = 0; i < n; i++)
        square += w[i] * w[i] / (double)n;
    make_factors(factor);
    clip_curve_measure(sample, &grids, factor, FACTORS, error);
    for (size_t i = 0; i < FACTORS; i++) {
        const struct clip_error expected = error_of(grid, w, n, factor[i]);
        const double allowed = tolerance * expected.mse + 1e-14 * square;
        assert_near(error[i].granular, expected.granular, allowed);
        assert_near(error[i].overload, expected.overload, allowed);
        assert_true(error[i].mse == error[i].granular + error[i].overload);
    }
    clip_sample_free(sample);
}

/* Sorted weights, of any levels: even, uneven, lopsided, one bit. */
static void test_every_weight_counts(void **state)
{
    (void)state;
    static const double uneven[] = {-1, -0.6, -0.35, -0.1, 0, 0.1, 0.4, 0.5, 1.1};
    struct grid *grid = mem_alloc(1, sizeof *grid);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double w[3000];
    for (int kind = 0; kind < 3; kind++)
        for (size_t n = 5; n <= 3000; n *= 8) {
            const double most = draw(rng, kind, w, n);
            for (int bits = 2; bits <= 8; bits += 3) {
                make_symmetric(grid, bits, most);
                check_curve(grid, w, n, 1e-12);
            }
            grid->n = sizeof uneven / sizeof *uneven;
            for (size_t i = 0; i < grid->n; i++)
                grid->level[i] = most * uneven[i];
            check_curve(grid, w, n, 1e-12);
            grid->n = 2;
            grid->level[0] = -most;
            grid->level[1] = most;
            check_curve(grid, w, n, 1e-12);
        }
    gsl_rng_free(rng);
    mem_free(grid);
}

/* Bins and levels by the thousand stand for densities. */
static void test_many_weights_and_levels(void **state)
{
    (void)state;
    static const size_t n = 200000;
    struct grid *grid = mem_alloc(1, sizeof *grid);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double *w = mem_alloc(n, sizeof *w);
    const double most = draw(rng, 0, w, n);
    make_symmetric(grid, 4, most);
    check_curve(grid, w, n, 2e-4);
    make_symmetric(grid, 10, most);
    check_curve(grid, w, n, 0.01); /* noise of 1 / sqrt(n) */
    gsl_rng_free(rng);
    mem_free(w);
    mem_free(grid);
}

/* A parabola in logarithms is found exactly; an end and a zero are taken as they are. */
static void test_best_point(void **state)
{
    (void)state;
    double factor[FACTORS];
    struct clip_error error[FACTORS] = {{0}};
    make_factors(factor);
    for (double place = 7.5; place <= 8.5; place += 0.25) {
        for (int i = 0; i < FACTORS; i++)
            error[i].mse = 3 * exp(0.02 * (i - place) * (i - place));
        const struct clip_best best = clip_curve_best(factor, error, FACTORS);
        assert_near(best.factor, exp2((place - 18.3) / 12), 1e-12);
        assert_near(best.mse, 3, 1e-12);
        const struct clip_best last = clip_curve_best(factor, error, 7);
        assert_true(last.factor == factor[6] && last.mse == error[6].mse);
        const struct clip_best only = clip_curve_best(factor, error, 1);
        assert_true(only.factor == factor[0] && only.mse == error[0].mse);
    }
    error[12].mse = 0;
    const struct clip_best zero = clip_curve_best(factor, error, FACTORS);
    assert_true(zero.factor == factor[12] && zero.mse == 0);
    for (int i = 0; i < FACTORS; i++)
        error[i].mse = 2;
    const struct clip_best flat = clip_curve_best(factor, error, FACTORS);
    assert_true(flat.mse == 2);
    for (int i = 0; i < FACTORS; i++)
        error[i].mse = NAN;
    assert_true(isnan(clip_curve_best(factor, error, FACTORS).mse));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_weight_counts),
        cmocka_unit_test(test_many_weights_and_levels),
        cmocka_unit_test(test_best_point),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
