/* SPDX-License-Identifier: MIT */
#include "source_checks.h"

static const struct source_check check = {
    .source = {.type = &source_laplace, .mean = -0.7, .std = 2.4},
    .kink = {-0.7},
    .kinks = 1,
    .grain = 1,
    .far = 80 * 2.4,
};

static void test_functions_agree(void **state)
{
    (void)state;
    check_density(&check);
    check_quantile(&check);
    check_truncated(&check, 1e-12);
    check_tails(&check, 20, 1e-12);
    check_characteristic(&check, 40, 1e-12);
    check_derivatives(&check, -8, -0.1);
    check_derivatives(&check, 0.1, 8);
    check_draws(&check);
}

/* Location the median, scale the mean distance from it. */
static void test_fit(void **state)
{
    (void)state;
    struct source source = {.type = &source_laplace};
    source_fit(&source, &(struct source_summary){0.3, 9, 0.5, 2});
    assert_true(source.mean == 0.5 && fabs(source.std - 2 * sqrt(2)) < 1e-15);
}

static void test_rough(void **state)
{
    (void)state;
    struct source_rough rough = source_laplace.rough(&check.source, false);
    assert_true(rough.count == 1 && !rough.empty_beyond);
    assert_true(rough.interval[0][0] == -0.7 && rough.interval[0][1] == -0.7);
    const struct source narrow = {.type = &source_laplace, .std = 0.1};
    rough = source_laplace.rough(&narrow, false);
    assert_true(rough.empty_beyond && rough.interval[0][1] > 2.5 && rough.interval[0][1] < 3.5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_agree),
        cmocka_unit_test(test_fit),
        cmocka_unit_test(test_rough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
