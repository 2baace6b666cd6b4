/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "stats/regression.h"

static void assert_near(double a, double b)
{
    if (!(fabs(a - b) <= 1e-12 * fmax(1, fabs(b))))
        fail_msg("%.17g is not near %.17g", a, b);
}

static void test_line_and_r2(void **state)
{
    (void)state;
    static const double x[] = {1, 2, 3, 4}, y[] = {1.5, 2, 4, 4.5};
    struct regression regression = {0};
    for (size_t i = 0; i < 4; i++)
        regression_add(&regression, x[i], y[i]);
    assert_int_equal(regression.n, 4);
    assert_near(regression_slope(&regression), 1.1);
    assert_near(regression_intercept(&regression), 0.25);
    /* Differences 0.5, 0, 1, 0.5; y varies by 2.25 + 1 + 1 + 2.25 about 3. */
    assert_near(regression_r2(&regression), 1 - 1.5 / 6.5);
}

static void test_worse_than_the_mean(void **state)
{
    (void)state;
    struct regression regression = {0};
    regression_add(&regression, 1, 2);
    regression_add(&regression, 2, 1);
    assert_near(regression_slope(&regression), -1);
    assert_near(regression_r2(&regression), -3);
    regression.residual = INFINITY;
    assert_true(isnan(regression_r2(&regression)));
}

static void test_not_defined(void **state)
{
    (void)state;
    struct regression regression = {0};
    assert_true(isnan(regression_slope(&regression)) && isnan(regression_r2(&regression)));
    regression_add(&regression, 3, 4);
    regression_add(&regression, NAN, 1);
    regression_add(&regression, 1, NAN);
    assert_int_equal(regression.n, 1);
    assert_true(isnan(regression_slope(&regression)) && isnan(regression_r2(&regression)));
}

static void test_merges(void **state)
{
    (void)state;
    struct regression whole = {0}, part[3] = {{0}};
    for (int i = 0; i < 100; i++) {
        const double x = 1000 + sin(i), y = x + cos(3 * i) / 10;
        regression_add(&whole, x, y);
        regression_add(&part[i < 20], x, y);
    }
    regression_merge(&part[0], &part[1]);
    regression_merge(&part[0], &part[2]);
    assert_int_equal(part[0].n, 100);
    assert_near(part[0].mean_x, whole.mean_x);
    assert_near(regression_slope(&part[0]), regression_slope(&whole));
    assert_near(regression_r2(&part[0]), regression_r2(&whole));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_and_r2),
        cmocka_unit_test(test_worse_than_the_mean),
        cmocka_unit_test(test_not_defined),
        cmocka_unit_test(test_merges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
