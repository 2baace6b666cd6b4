/* SPDX-License-Identifier: MIT */
#include "source_checks.h"

static const struct source_check check = {
    .source = {.type = &source_logistic, .mean = 1.7, .std = 0.6},
    .grain = 0.3,
    .far = 60 * 0.6,
};

static void test_functions_agree(void **state)
{
    (void)state;
    check_density(&check);
    check_quantile(&check);
    check_truncated(&check, 1e-11);
    check_tails(&check, 15, 1e-12);
    check_characteristic(&check, 12, 1e-13);
    check_derivatives(&check, -9, 9);
    check_draws(&check);
}

/* Far out nothing overflows. */
static void test_limits(void **state)
{
    (void)state;
    double m[3];
    source_logistic.truncated(&check.source, 1e6, INFINITY, 1e6, m);
    assert_true(m[0] == 0 && m[1] == 0 && m[2] == 0);
    source_logistic.truncated(&check.source, -1e6, INFINITY, 1.7, m);
    check_close("variance", &check.source, -1e6, m[2], 0.36, 1e-9);
    assert_true(source_logistic.density(&check.source, 1e9) == 0);
    assert_true(source_logistic.cdf(&check.source, 1e9) == 1);
    assert_true(creal(source_logistic.characteristic(&check.source, 1e9)) == 0);
    assert_true(cabs(source_logistic.characteristic_slope(&check.source, 1e9)) == 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_agree),
        cmocka_unit_test(test_limits),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
