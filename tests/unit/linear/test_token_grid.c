/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "linear/token_grid.h"

static void check(const struct token_grid *grid, const double x[], const double wanted[], size_t n)
{
    double error[8];
    token_grid_round(grid, x, n, error);
    for (size_t i = 0; i < n; i++)
        assert_true(fabs(x[i] + error[i] - wanted[i]) < 1e-15);
}

static void test_steps(void **state)
{
    (void)state;
    assert_true(token_grid_steps(4, false) == 15);
    assert_true(token_grid_steps(4, true) == 14);
    assert_true(token_grid_steps(2, true) == 2);
    assert_true(token_grid_steps(16, false) == 65535);
}

/* [-0.5, 1] in 15 steps of 0.1: the zero point is 5. */
static void test_asymmetric(void **state)
{
    (void)state;
    const double x[] = {-0.5, 1, 0.04, 0.06, 0, -0.26}, wanted[] = {-0.5, 1, 0, 0.1, 0, -0.3};
    struct token_grid grid = token_grid_of(x, 6, 4, false);
    assert_true(grid.range == 1.5 && grid.zero == 5 && fabs(grid.step - 0.1) < 1e-16);
    check(&grid, x, wanted, 6);
}

/* 0 is a level even if all values are on one side of it. */
static void test_zero_is_covered(void **state)
{
    (void)state;
    const double above[] = {2, 3}, below[] = {-3, -2.9};
    struct token_grid grid = token_grid_of(above, 2, 2, false);
    assert_true(grid.range == 3 && grid.zero == 0);
    check(&grid, above, (const double[]){2, 3}, 2);
    grid = token_grid_of(below, 2, 2, false);
    assert_true(grid.range == 3 && grid.zero == 3);
    check(&grid, below, (const double[]){-3, -3}, 2);
}

/* A zero point that is not whole shifts all levels: the largest value does not get its own. */
static void test_shifted(void **state)
{
    (void)state;
    const double x[] = {-0.4,
                        1}; /* 0.4 / 1.4 * 3 = 0.857, so z = 1 and levels -1/3 .. 2/3 of 1.4 */
    struct token_grid grid = token_grid_of(x, 2, 2, false);
    check(&grid, x, (const double[]){-1.4 / 3, 2.8 / 3}, 2);
}

static void test_symmetric(void **state)
{
    (void)state;
    const double x[] = {-0.7, 0.35, 0.049, 0.051, 0.3}, wanted[] = {-0.7, 0.4, 0, 0.1, 0.3};
    struct token_grid grid = token_grid_of(x, 5, 4, true);
    assert_true(grid.range == 1.4 && grid.steps == 14);
    check(&grid, x, wanted, 5); /* 0.35 is half way between 3 and 4, to the even one */
}

static void test_ties_go_to_even(void **state)
{
    (void)state;
    const double x[] = {7, 0.5, 1.5, 2.5, -0.5, -1.5}, wanted[] = {7, 0, 2, 2, 0, -2};
    struct token_grid grid = token_grid_of(x, 6, 4, true);
    check(&grid, x, wanted, 6);
}

static void test_static_grid_clips(void **state)
{
    (void)state;
    struct token_grid symmetric = token_grid_make(-1, 3, 3, true);
    assert_true(symmetric.range == 6);
    check(&symmetric, (const double[]){5, -9, 2}, (const double[]){3, -3, 2}, 3);
    struct token_grid grid = token_grid_make(-1, 2, 2, false);
    check(&grid, (const double[]){5, -9, 0.4}, (const double[]){2, -1, 0}, 3);
}

static void test_zeros(void **state)
{
    (void)state;
    const double x[] = {0, 0};
    for (int symmetric = 0; symmetric < 2; symmetric++) {
        struct token_grid grid = token_grid_of(x, 2, 4, symmetric);
        assert_true(grid.range == 0);
        check(&grid, (const double[]){0, 0.5}, x, 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_asymmetric),
        cmocka_unit_test(test_zero_is_covered),
        cmocka_unit_test(test_shifted),
        cmocka_unit_test(test_symmetric),
        cmocka_unit_test(test_ties_go_to_even),
        cmocka_unit_test(test_static_grid_clips),
        cmocka_unit_test(test_zeros),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
