/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "quant/aciq.h"
#include "quant/codebook_fit.h"
#include "quant/theory.h"

#define LEVELS_MOST 256

static double mse_at(const struct codebook *codebook, const struct source *source, double scale)
{
    double level[LEVELS_MOST];
    for (size_t i = 0; i < codebook->count; i++)
        level[i] = scale * codebook->level[i];
    const struct theory_codebook theory = {.level = level, .n = codebook->count};
    return theory_predict_codebook(source, &theory).mse;
}

static struct source source_named(const char *name)
{
    struct source source = {.mean = 0, .std = 1};
    struct error error = {0};
    assert_true(source_parse(name, &source, &error));
    return source;
}

/* A symmetric grid is a codebook, too, whose best clip is found another way. */
static void test_uniform_grid(void **state)
{
    (void)state;
    static const char *const names[] = {"gaussian", "laplace", "uniform", "logistic", "t:3"};
    const double magnitude[] = {0, 1, 2, 3, 4, 5, 6, 7};
    struct codebook *grid = codebook_of_magnitudes(magnitude, 8);
    assert_true(codebook_reach(grid) == 7);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct source source = source_named(names[i]);
        double least, mse;
        const double clip = aciq_best_symmetric(&source, 4, &least);
        const double scale = codebook_best_scale(grid, &source, &mse);
        assert_true(fabs(7 * scale / clip - 1) < 1e-10);
        assert_true(fabs(mse / least - 1) < 1e-12);
    }
    codebook_free(grid);
}

/* No scale is better, of many across all that a codebook can reach. */
static void test_least_of_all(void **state)
{
    (void)state;
    static const struct codebook_type *const types[] = {
        &codebook_nf, &codebook_apot, &codebook_fp4_e2m1, &codebook_fp6_e3m2, &codebook_fp8_e4m3};
    static const char *const names[] = {"gaussian", "laplace", "uniform", "t:3", "mixture:0.01:10"};
    for (size_t k = 0; k < sizeof types / sizeof *types; k++) {
        const int bits = types[k]->bits_least > 4 ? types[k]->bits_least : 4;
        struct codebook *codebook = types[k]->make(types[k], bits, NULL, NULL);
        for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
            const struct source source = source_named(names[i]);
            double least;
            const double best = codebook_best_scale(codebook, &source, &least);
            assert_true(fabs(mse_at(codebook, &source, best) / least - 1) < 1e-14);
            for (double scale = 0.5 / codebook_reach(codebook); scale < 1e4; scale *= 1.017)
                assert_true(mse_at(codebook, &source, scale) >= least * (1 - 1e-9));
        }
        codebook_free(codebook);
    }
}

/* Two levels at ±1: the best scale is E|x|, and the MSE 1 - E|x|^2.  The source's own mean and
 * standard deviation do not count. */
static void test_two_levels(void **state)
{
    (void)state;
    const double level[] = {-1, 1};
    struct codebook *signs = codebook_of_levels(level, 2, NULL);
    const struct source source = {.type = &source_gaussian, .mean = 5, .std = 0.01};
    double mse;
    assert_true(fabs(codebook_best_scale(signs, &source, &mse) - sqrt(M_2_PI)) < 1e-12);
    assert_true(fabs(mse - (1 - M_2_PI)) < 1e-14);
    assert_true(codebook_best_scale(signs, &source, NULL) > 0);
    codebook_free(signs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_uniform_grid),
        cmocka_unit_test(test_least_of_all),
        cmocka_unit_test(test_two_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
