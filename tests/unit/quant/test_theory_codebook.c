/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_integration.h>

#include "quant/theory.h"

static const char *const names[] = {"gaussian", "laplace", "uniform",
                                    "logistic", "t:5",     "mixture:0.1:4"};

/* The levels of a grid are a codebook. */
static void test_grid_as_codebook(void **state)
{
    (void)state;
    static const double level[] = {-1.5, -1, -0.5, 0, 0.5, 1, 1.5};
    const struct theory_codebook codebook = {.level = level, .n = 7};
    const struct theory_grid grid = theory_grid_symmetric(0.5, 3);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (double std = 0.05; std < 10; std *= 1.7)
            for (double mean = -3; mean < 3; mean += 0.37) {
                struct source source = {.mean = mean, .std = std};
                assert_true(source_parse(names[i], &source, NULL));
                const struct prediction a = theory_predict(&source, &grid),
                                        b = theory_predict_codebook(&source, &codebook);
                const double loose = 1e-11 * (1 + std * std);
                assert_true(fabs(a.mean - b.mean) < loose && fabs(a.mse - b.mse) < loose);
                assert_true(fabs(a.variance - b.variance) < loose);
                assert_true(fabs(a.covariance - b.covariance) < loose);
                assert_true(fabs(a.granular - b.granular) < loose);
                assert_true(fabs(a.overload - b.overload) < loose);
                assert_true(fabs(a.clipped - b.clipped) < 1e-12);
                for (double e = -1; e < 1; e += 0.0931) {
                    assert_true(fabs(theory_cdf(&source, &grid, e) -
                                     theory_codebook_cdf(&source, &codebook, e)) < 1e-11);
                    assert_true(fabs(theory_density(&source, &grid, e) -
                                     theory_codebook_density(&source, &codebook, e)) < 1e-10 / std);
                }
            }
}

/* Lloyd-Max levels of a unit Gaussian at two bits: MSE 0.1174818; optimal levels are uncorrelated
 * with their error, and so cov(x, e) = -mse. */
static void test_lloyd_max(void **state)
{
    (void)state;
    static const double level[] = {-1.510417608, -0.4527800398, 0.4527800398, 1.510417608};
    const struct theory_codebook codebook = {.level = level, .n = 4};
    const struct source source = {.type = &source_gaussian, .std = 1};
    const struct prediction p = theory_predict_codebook(&source, &codebook);
    assert_true(fabs(p.mse - 0.1174818) < 5e-8);
    assert_true(fabs(p.covariance + p.mse) < 1e-8 && fabs(p.mean) < 1e-16);
}

/* Thresholds that are not half way, by the definition. */
static void test_own_thresholds(void **state)
{
    (void)state;
    static const double level[] = {-1, 0.25, 2}, threshold[] = {-0.7, 1.5};
    const struct theory_codebook codebook = {.level = level, .threshold = threshold, .n = 3};
    const struct source source = {.type = &source_gaussian, .mean = 0.1, .std = 0.9};
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(64);
    const double cut[] = {-10, threshold[0], threshold[1], 10};
    double mean = 0, mse = 0, covariance = 0, below = 0;
    for (size_t i = 0; i < 3; i++)
        for (size_t k = 0; k < 64; k++) {
            double x, weight;
            gsl_integration_glfixed_point(cut[i], cut[i + 1], k, &x, &weight, table);
            weight *= source_gaussian.density(&source, x);
            mean += weight * (level[i] - x);
            mse += weight * (level[i] - x) * (level[i] - x);
            covariance += weight * (level[i] - x) * (x - 0.1);
        }
    gsl_integration_glfixed_table_free(table);
    const struct prediction p = theory_predict_codebook(&source, &codebook);
    assert_true(fabs(p.mean - mean) < 1e-12 && fabs(p.mse - mse) < 1e-12);
    assert_true(fabs(p.covariance - covariance) < 1e-12);
    for (double e = -8; e < 8; e += 0.001)
        below += 0.001 * theory_codebook_density(&source, &codebook, e + 0.0005);
    assert_true(fabs(below - 1) < 1e-3);
    assert_true(theory_codebook_cdf(&source, &codebook, -9) < 1e-12);
    assert_true(fabs(theory_codebook_cdf(&source, &codebook, 9) - 1) < 1e-12);
}

static void test_one_level(void **state)
{
    (void)state;
    static const double level[] = {0.5};
    const struct theory_codebook codebook = {.level = level, .n = 1};
    const struct source source = {.type = &source_laplace, .mean = 1e6, .std = 2};
    const struct prediction p = theory_predict_codebook(&source, &codebook);
    assert_true(p.mean == 0.5 - 1e6 && fabs(p.variance - 4) < 1e-12);
    assert_true(fabs(p.covariance + 4) < 1e-12 && p.overload == 0 && p.clipped == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_grid_as_codebook),
        cmocka_unit_test(test_lloyd_max),
        cmocka_unit_test(test_own_thresholds),
        cmocka_unit_test(test_one_level),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
