/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "plot/scale.h"

static void test_positions(void **state)
{
    (void)state;
    struct scale linear = {-2, 6, false}, decades = {0.01, 100, true};
    assert_true(scale_position(&linear, -2) == 0 && scale_position(&linear, 6) == 1);
    assert_true(scale_position(&linear, 0) == 0.25 && scale_position(&linear, 14) == 2);
    assert_true(fabs(scale_position(&decades, 1) - 0.5) < 1e-15);
    assert_true(isnan(scale_position(&decades, 0)) && isnan(scale_position(&decades, -1)));
    assert_true(isnan(scale_position(&linear, NAN)) && isnan(scale_position(&linear, INFINITY)));
    struct scale all = {-DBL_MAX, DBL_MAX, false}, all_log = {DBL_MIN, DBL_MAX, true};
    assert_true(scale_position(&all, 0) == 0.5);
    assert_true(fabs(scale_position(&all_log, 1) - 0.5) < 0.01);
}

static void test_value_is_the_inverse(void **state)
{
    (void)state;
    static const struct scale scales[] = {
        {-2, 6, false}, {0.01, 100, true}, {-1e308, 1e308, false}, {1e-300, 1e300, true}};
    for (size_t i = 0; i < sizeof scales / sizeof *scales; i++)
        for (int k = 0; k <= 8; k++) {
            double back = scale_position(&scales[i], scale_value(&scales[i], k / 8.0));
            assert_true(fabs(back - k / 8.0) < 1e-12);
        }
}

/* The labels of an axis in one line. */
static void assert_ticks(struct scale scale, size_t most, const char *expected)
{
    struct scale_ticks ticks;
    scale_find_ticks(&scale, most, &ticks);
    char line[SCALE_TICKS * TEXT_NUMBER] = "";
    for (size_t i = 0; i < ticks.count; i++) {
        strcat(line, i ? " " : "");
        strcat(line, ticks.label[i]);
    }
    assert_string_equal(line, expected);
}

static void test_linear_ticks(void **state)
{
    (void)state;
    assert_ticks((struct scale){0, 1, false}, 6, "0.0 0.2 0.4 0.6 0.8 1.0");
    assert_ticks((struct scale){0, 1, false}, 5, "0.0 0.5 1.0");
    assert_ticks((struct scale){0, 1, false}, 11, "0.0 0.1 0.2 0.3 0.4 0.5 0.6 0.7 0.8 0.9 1.0");
    assert_ticks((struct scale){-7, 12.5, false}, 5, "-5 0 5 10");
    assert_ticks((struct scale){-0.3, 0.3, false}, 7, "-0.3 -0.2 -0.1 0.0 0.1 0.2 0.3");
    assert_ticks((struct scale){0, 123456, false}, 3, "0 50000 100000");
    assert_ticks((struct scale){0, 3e7, false}, 4, "0 1e7 2e7 3e7");
    assert_ticks((struct scale){0, 2.5e-5, false}, 6, "0 5e-6 1.0e-5 1.5e-5 2.0e-5 2.5e-5");
    assert_ticks((struct scale){-1e-4, 1e-4, false}, 3, "-1e-4 0 1e-4");
    assert_ticks((struct scale){100.001, 100.004, false}, 4, "100.001 100.002 100.003 100.004");
    assert_ticks((struct scale){0.2, 0.7, false}, 1, "0.5");
    assert_ticks((struct scale){0, 1, false}, 0, "");
}

static void test_log_ticks(void **state)
{
    (void)state;
    assert_ticks((struct scale){0.001, 10, true}, 8, "0.001 0.01 0.1 1 10");
    assert_ticks((struct scale){0.5, 30, true}, 9, "0.5 1 2 5 10 20");
    assert_ticks((struct scale){0.5, 30, true}, 4, "1 10");
    assert_ticks((struct scale){1e-9, 1, true}, 4, "1e-9 1e-6 1e-3 1e0");
    assert_ticks((struct scale){0.00047, 0.23, true}, 2, "0.001 0.1");
    assert_ticks((struct scale){3, 8, true}, 3, "4 6 8");
    assert_ticks((struct scale){1e-300, 1e300, true}, 3, "1e-201 1e0 1e201");
}

/* Whatever the axis, ticks lie on it, ascend and are not too many. */
static void test_ticks_of_any_axis(void **state)
{
    (void)state;
    static const double ends[] = {-DBL_MAX, -1e17, -3.7, -1e-300, 0,    5e-324, 1e-300,
                                  1e-5,     0.1,   1,    1 + 0x1p-52, 7, 1e15, 1e17, DBL_MAX};
    size_t count = sizeof ends / sizeof *ends;
    for (size_t i = 0; i < count; i++)
        for (size_t j = i + 1; j < count; j++)
            for (size_t most = 0; most <= SCALE_TICKS; most++)
                for (int log = 0; log <= (ends[i] > 0); log++) {
                    struct scale scale = {ends[i], ends[j], log};
                    struct scale_ticks ticks;
                    scale_find_ticks(&scale, most, &ticks);
                    assert_true(ticks.count <= most);
                    for (size_t k = 0; k < ticks.count; k++) {
                        double position = scale_position(&scale, ticks.at[k]);
                        assert_true(position > -1e-6 && position < 1 + 1e-6);
                        assert_true(k == 0 || ticks.at[k] > ticks.at[k - 1]);
                        assert_true(strlen(ticks.label[k]) < TEXT_NUMBER - 1);
                    }
                }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_positions),
        cmocka_unit_test(test_value_is_the_inverse),
        cmocka_unit_test(test_linear_ticks),
        cmocka_unit_test(test_log_ticks),
        cmocka_unit_test(test_ticks_of_any_axis),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
