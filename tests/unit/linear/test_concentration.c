/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "linear/concentration.h"

static void test_sums(void **state)
{
    (void)state;
    struct concentration a = {0}, b = {0};
    assert_true(isnan(concentration_value(&a)));
    concentration_add(&a, (const double[]){3, 4}, 2, 8);
    assert_true(concentration_value(&a) == 25.0 / 64);
    concentration_add(&b, (const double[]){1, 0, -2}, 3, 3);
    concentration_merge(&a, &b);
    assert_true(concentration_value(&a) == 30.0 / 73);
}

/* The least possible: all of the power in one value. */
static void test_least(void **state)
{
    (void)state;
    struct concentration symmetric = {0}, asymmetric = {0};
    const double x[] = {0, -5, 0, 0}, y[] = {-1, 1};
    concentration_add(&symmetric, x, 4, 10);
    concentration_add(&asymmetric, y, 2, 2);
    assert_true(concentration_value(&symmetric) == 0.25);
    assert_true(concentration_value(&asymmetric) == 0.5);
}

static void test_nothing_quantized(void **state)
{
    (void)state;
    struct concentration sums = {.power = 7};
    assert_true(isnan(concentration_value(&sums)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sums),
        cmocka_unit_test(test_least),
        cmocka_unit_test(test_nothing_quantized),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
