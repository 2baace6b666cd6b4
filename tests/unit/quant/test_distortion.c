/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "quant/grid.h"

static void test_figures(void **state)
{
    (void)state;
    const struct grid grid = {.clip = 3, .step = 1, .lowest = -3, .highest = 3};
    const double w[] = {0.25, -2.75, 5, NAN, 1};
    double e[5];
    grid_round(&grid, w, 5, e, NULL);
    struct distortion distortion = {0};
    distortion_add(&distortion, w, e, 5);
    distortion.clipped += grid_clipped(&grid, w, 5);
    double squares = 0.0625 + 0.0625 + 4;
    assert_int_equal(distortion.clipped, 1);
    assert_int_equal(distortion.error.count, 4);
    assert_int_equal(distortion.error.nonfinite, 1);
    assert_true(fabs(distortion_mse(&distortion) - squares / 4) < 1e-15);
    assert_true(fabs(distortion.power - (0.0625 + 7.5625 + 25 + 1)) < 1e-15);
    double db = 10 * log10(33.625 / squares);
    assert_true(fabs(distortion_sqnr_db(&distortion) - db) < 1e-13);
    distortion.power = INFINITY;
    assert_true(isnan(distortion_sqnr_db(&distortion)));
}

static void test_merged_parts_are_the_whole(void **state)
{
    (void)state;
    const struct grid grid = {.clip = 1, .step = 1.0 / 7, .lowest = -7, .highest = 7};
    double w[1000], e[1000];
    for (size_t i = 0; i < 1000; i++)
        w[i] = 1.3 * sin((double)(i * i));
    w[5] = INFINITY;
    grid_round(&grid, w, 1000, e, NULL);
    struct distortion whole = {0}, part = {0}, rest = {0};
    distortion_add(&whole, w, e, 1000);
    whole.clipped += grid_clipped(&grid, w, 1000);
    distortion_add(&part, w, e, 301);
    part.clipped += grid_clipped(&grid, w, 301);
    distortion_add(&rest, w + 301, e + 301, 699);
    rest.clipped += grid_clipped(&grid, w + 301, 699);
    distortion_merge(&part, &rest);
    assert_int_equal(part.clipped, whole.clipped);
    assert_true(whole.clipped > 100);
    assert_int_equal(part.error.nonfinite, 1);
    assert_true(fabs(distortion_mse(&part) / distortion_mse(&whole) - 1) < 1e-14);
    assert_true(fabs(distortion_sqnr_db(&part) - distortion_sqnr_db(&whole)) < 1e-12);
}

static void test_not_defined(void **state)
{
    (void)state;
    struct distortion none = {0};
    assert_true(isnan(distortion_mse(&none)) && isnan(distortion_sqnr_db(&none)));
    const struct grid grid = {.clip = 1, .step = 1, .lowest = -1, .highest = 1};
    const double w[] = {1, -1, 0};
    double e[3];
    grid_round(&grid, w, 3, e, NULL);
    distortion_add(&none, w, e, 3);
    assert_true(distortion_mse(&none) == 0 && isnan(distortion_sqnr_db(&none)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures),
        cmocka_unit_test(test_merged_parts_are_the_whole),
        cmocka_unit_test(test_not_defined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
