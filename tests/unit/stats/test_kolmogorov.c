/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/kolmogorov.h"

static void test_by_hand(void **state)
{
    (void)state;
    const struct source uniform = {.type = &source_uniform, .mean = 0.5, .std = sqrt(1 / 12.0)};
    const double single[] = {0.25}, pair[] = {0.5, 0.9}, ties[] = {0.2, 0.2, 0.2, 0.9};
    const double outside[] = {-3, -2, 5};
    assert_true(fabs(kolmogorov_distance(single, 1, &uniform) - 0.75) < 1e-15);
    assert_true(fabs(kolmogorov_distance(pair, 2, &uniform) - 0.5) < 1e-15);
    assert_true(fabs(kolmogorov_distance(ties, 4, &uniform) - 0.55) < 1e-15);
    assert_true(fabs(kolmogorov_distance(outside, 3, &uniform) - 2 / 3.0) < 1e-15);
}

/* Quantiles at (i + 1/2)/n are half a step away everywhere. */
static void test_own_quantiles(void **state)
{
    (void)state;
    static const struct source_type *const types[] = {&source_gaussian, &source_laplace,
                                                      &source_logistic};
    for (size_t k = 0; k < 3; k++) {
        const struct source source = {.type = types[k], .mean = -2, .std = 3};
        double x[200];
        for (size_t i = 0; i < 200; i++)
            x[i] = source.type->quantile(&source, ((double)i + 0.5) / 200);
        assert_true(fabs(kolmogorov_distance(x, 200, &source) - 0.0025) < 1e-12);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_own_quantiles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
