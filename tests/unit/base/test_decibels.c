/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/decibels.h"

static void test_ratios(void **state)
{
    (void)state;
    assert_true(decibels(1) == 0);
    assert_true(fabs(decibels(100) - 20) < 1e-13 && fabs(decibels(0.5) + 3.0103) < 1e-4);
    assert_true(isfinite(decibels(DBL_MAX)) && isfinite(decibels(5e-324)));
}

static void test_undefined(void **state)
{
    (void)state;
    static const double ratios[] = {0, -0.0, -1, INFINITY, -INFINITY, NAN};
    for (size_t i = 0; i < sizeof ratios / sizeof *ratios; i++)
        assert_true(isnan(decibels(ratios[i])));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ratios),
        cmocka_unit_test(test_undefined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
