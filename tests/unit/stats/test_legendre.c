/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/legendre.h"

/* The rules of n points are exact for polynomials of degree up to 2 n - 1. */
static void test_rules(void **state)
{
    (void)state;
    for (int degree = 0; degree < 32; degree += 2) {
        double long_rule = 0, short_rule = 0;
        for (size_t i = 0; i < LEGENDRE_HALF; i++)
            long_rule += 2 * legendre_16[i].weight * pow(legendre_16[i].x, degree);
        for (size_t i = 0; i < LEGENDRE_HALF / 2; i++)
            short_rule += 2 * legendre_8[i].weight * pow(legendre_8[i].x, degree);
        assert_true(fabs(long_rule - 2.0 / (degree + 1)) < 1e-15);
        assert_true(degree >= 16 || fabs(short_rule - 2.0 / (degree + 1)) < 1e-15);
    }
}

static void test_moments(void **state)
{
    (void)state;
    const struct source source = {.type = &source_gaussian, .mean = 0.3, .std = 2};
    for (double a = -9; a < 9; a += 0.7) {
        double wanted[3], got[3];
        source_gaussian.truncated(&source, a, a + 1, a + 0.5, wanted);
        for (int short_rule = 0; short_rule < 2; short_rule++) {
            legendre_moments(&source, a, a + 1, a + 0.5, short_rule, got);
            for (size_t k = 0; k < 3; k++)
                assert_true(fabs(got[k] - wanted[k]) < 1e-13 * wanted[0]);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_moments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
