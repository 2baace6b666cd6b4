/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "quant/theory.h"

static void test_gaussian(void **state)
{
    (void)state;
    struct source source = {.type = &source_gaussian, .mean = 0.37, .std = 0.5};
    assert_true(fabs(theory_pqn_deviation(&source, 0.5) / 5.350575982148479e-9 - 1) < 1e-7);
    assert_true(fabs(theory_pqn_deviation(&source, 1) - 0.0143838) < 1e-6);
    assert_true(fabs(theory_pqn_deviation(&source, 1.5) - 0.223) < 1e-3);
    assert_true(theory_pqn_deviation(&source, 1e-3) < 1e-300);
    for (double q = 0.3; q < 500; q *= 1.3) {
        long double sum = 0;
        for (long double l = 1; l < 20000; l++)
            sum += 2 * expl(-2 * l * l * 9.86960440108935861883L * 0.25L / (long double)(q * q));
        assert_true(fabs(theory_pqn_deviation(&source, q) / (double)sum - 1) < 1e-12);
    }
}

/* The largest |q f_e - 1| that is found by looking. */
static double looked_for(const struct source *source, double step)
{
    const struct theory_grid grid = theory_grid_symmetric(step, THEORY_INFINITE);
    double most = 0;
    for (int i = -500; i <= 500; i++) {
        const double e = i / 1000.0 * step * 0.9999999; /* beside the jump at half a step */
        most = fmax(most, fabs(theory_density(source, &grid, e) * step - 1));
    }
    return most;
}

static void test_all_sources(void **state)
{
    (void)state;
    static const char *const names[] = {"laplace", "logistic", "t:3",
                                        "t:7.5",   "uniform",  "mixture:0.05:6"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (double step = 0.2; step < 10; step *= 1.37) {
            struct source source = {.mean = 0, .std = 1};
            assert_true(source_parse(names[i], &source, NULL));
            const double wanted = looked_for(&source, step);
            assert_true(fabs(theory_pqn_deviation(&source, step) - wanted) < 1e-10 + 1e-9 * wanted);
        }
    struct source kinked = {.type = &source_laplace, .mean = 0.1, .std = 1};
    const double beta = 1 / sqrt(2), crest = 1 / (2 * beta) / tanh(0.5 / beta); /* q = 1 */
    assert_true(fabs(theory_pqn_deviation(&kinked, 1) - (crest - 1)) < 1e-12);
    struct source even = {.type = &source_uniform, .mean = 0.2, .std = 1};
    assert_true(theory_pqn_deviation(&even, sqrt(12) / 3) == 0); /* three steps wide */
}

static void test_verdict(void **state)
{
    (void)state;
    assert_string_equal(theory_pqn_word(theory_pqn_verdict(0.0199)), "holds");
    assert_string_equal(theory_pqn_word(theory_pqn_verdict(0.02)), "strained");
    assert_string_equal(theory_pqn_word(theory_pqn_verdict(0.249)), "strained");
    assert_string_equal(theory_pqn_word(theory_pqn_verdict(0.25)), "broken");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gaussian),
        cmocka_unit_test(test_all_sources),
        cmocka_unit_test(test_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
