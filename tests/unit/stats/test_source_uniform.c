/* SPDX-License-Identifier: MIT */
#include "source_checks.h"

static const struct source_check check = {
    .source = {.type = &source_uniform, .mean = 0.4, .std = 1.3},
    .kink = {0.4 - 1.7320508075688772 * 1.3, 0.4 + 1.7320508075688772 * 1.3},
    .kinks = 2,
    .grain = 1,
    .far = 4,
};

static void test_functions_agree(void **state)
{
    (void)state;
    check_density(&check);
    check_quantile(&check);
    check_truncated(&check, 1e-11);
    check_characteristic(&check, 40, 1e-13);
    check_derivatives(&check, -1.6, 1.6);
    check_draws(&check);
}

/* The largest |sin t / t| from some place on is at the top of a lobe or at that place. */
static void test_crest(void **state)
{
    (void)state;
    const double half = 1.7320508075688772 * 1.3;
    for (double t = 0.1; t < 60; t += 0.217) {
        double largest = fabs(sin(t) / t);
        for (double s = t; s < t + 3 * M_PI; s += 1e-3)
            largest = fmax(largest, fabs(sin(s) / s));
        const double got = source_uniform.crest(&check.source, t / half);
        check_close("crest", &check.source, t, got, largest, 1e-6 * largest);
        assert_true(got >= largest * (1 - 1e-13));
    }
}

static void test_ripple(void **state)
{
    (void)state;
    struct source source = {.type = &source_uniform, .std = 2.5 / sqrt(12)};
    check_close("ripple", &source, 0, source_uniform.ripple(&source), 0.2, 1e-14);
    source.std = 2.25 / sqrt(12);
    check_close("ripple", &source, 0, source_uniform.ripple(&source), 3 / 2.25 - 1, 1e-14);
    source.std = 3 / sqrt(12);
    assert_true(source_uniform.ripple(&source) == 0);
    source.std = 0.5 / sqrt(12);
    check_close("ripple", &source, 0, source_uniform.ripple(&source), 1, 1e-14);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_agree),
        cmocka_unit_test(test_crest),
        cmocka_unit_test(test_ripple),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
