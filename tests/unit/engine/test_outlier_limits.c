/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "engine/outlier_limits.h"

static void test_defaults(void **state)
{
    (void)state;
    struct outlier_limits limits = outlier_limits_default();
    assert_true(limits.limit[OUTLIER_SIGMA] == 6);
    assert_true(limits.limit[OUTLIER_VALUE] == 6);
    assert_true(limits.limit[OUTLIER_RATIO] == 2);
    struct outlier_limits other = limits;
    assert_true(outlier_limits_equal(&limits, &other));
    other.limit[OUTLIER_RATIO] = 3;
    assert_false(outlier_limits_equal(&limits, &other));
}

static void test_parse(void **state)
{
    (void)state;
    for (int i = 0; i < OUTLIER_RULES; i++) {
        struct outlier_limits limits = outlier_limits_default(), want = limits;
        struct error error = { ERROR_NONE, "" };
        char text[40];
        want.limit[i] = 8.5;
        snprintf(text, sizeof text, "%s%c8.5", outlier_rule_name((enum outlier_rule)i),
                 i % 2 ? ':' : ' ');
        assert_true(outlier_limits_parse(text, &limits, &error));
        assert_true(outlier_limits_equal(&limits, &want));
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const texts[] = { "", "sigma", "sigma:", "sigma:0", "sigma:-1", "sigma:nan",
                                         "sigma:inf", "sigma:6x", "sigmas:6", "median:3" };
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct outlier_limits limits = outlier_limits_default(), before = limits;
        struct error error = { ERROR_NONE, "" };
        assert_false(outlier_limits_parse(texts[i], &limits, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_true(outlier_limits_equal(&limits, &before));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_parse),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
