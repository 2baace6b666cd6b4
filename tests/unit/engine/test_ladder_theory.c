/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "engine/ladder_theory.h"
#include "quant/theory.h"
#include "weights.h"

/* The general theory, which knows nothing of series, says the same at every width. */
static void test_against_general_theory(void **state)
{
    (void)state;
    const struct theory_grid grid = theory_grid_symmetric(0.5, THEORY_INFINITE);
    for (double std = 0.01; std < 2; std *= 1.07)
        for (double mean = -0.6; mean < 0.7; mean += 0.05) {
            const struct source source = {.type = &source_gaussian, .mean = mean, .std = std};
            const struct prediction expected = theory_predict(&source, &grid);
            double error_mean, variance;
            ladder_theory(mean, std, 0.5, &error_mean, &variance);
            weights_assert_near(error_mean, expected.mean, 1e-12, 0.5);
            weights_assert_near(variance, expected.variance, 1e-11, 0.02);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_general_theory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
