/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "quant/conditions.h"

static void test_gaussian(void **state)
{
    (void)state;
    const struct source source = {.type = &source_gaussian, .mean = 3, .std = 0.5};
    const struct conditions c = conditions_of(&source, 1);
    assert_true(fabs(c.qt1 / exp(-M_PI * M_PI / 8) - 1) < 1e-14);
    assert_true(fabs(c.qt2 / exp(-M_PI * M_PI / 2) - 1) < 1e-14);
    assert_true(c.sripad_snyder == c.qt2);
    assert_true(c.deviation == theory_pqn_deviation(&source, 1) && c.verdict == PQN_HOLDS);
    assert_non_null(strstr(c.reason, "within 1.4 %"));
    /* 2 exp(-2 pi^2 / rho^2) = 0.02 but for the next term. */
    assert_true(fabs(c.holds_below_step / 0.5 - M_PI * sqrt(2 / log(100))) < 1e-6);
}

static void test_where_it_begins_to_hold(void **state)
{
    (void)state;
    static const char *const names[] = {"laplace", "logistic", "t:2.5", "t:30", "mixture:0.1:5"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct source source = {.mean = 0.1, .std = 0.3};
        assert_true(source_parse(names[i], &source, NULL));
        const double step = conditions_of(&source, 1).holds_below_step;
        assert_true(fabs(theory_pqn_deviation(&source, step) - THEORY_PQN_HOLDS) < 1e-8);
        assert_int_equal(conditions_of(&source, step * 0.99).verdict, PQN_HOLDS);
        assert_int_equal(conditions_of(&source, step * 1.01).verdict, PQN_STRAINED);
        assert_non_null(strstr(conditions_of(&source, step * 1.01).reason, "takes one below"));
    }
}

/* sin(t)/t has lobes: beyond its zeros come tops. */
static void test_uniform(void **state)
{
    (void)state;
    const struct source source = {.type = &source_uniform, .mean = 0.7, .std = 1};
    const double width = sqrt(12);
    for (double step = 0.04; step < 9; step *= 1.13) {
        const struct conditions c = conditions_of(&source, step);
        double beyond[2] = {0}, lattice = 0;
        for (double t = M_PI / step; t < 12 * M_PI / step + 40; t += 1e-3) {
            const double size = fabs(sin(t * width / 2) / (t * width / 2));
            beyond[0] = fmax(beyond[0], size);
            beyond[1] = fmax(beyond[1], t >= 2 * M_PI / step ? size : 0);
        }
        for (int l = 1; l < 200; l++) {
            const double t = M_PI * l * width / step;
            lattice = fmax(lattice, fabs(sin(t) / t));
        }
        assert_true(fabs(c.qt1 - beyond[0]) < 2e-3 && c.qt1 >= beyond[0] - 1e-12);
        assert_true(fabs(c.qt2 - beyond[1]) < 2e-3 && c.qt2 >= beyond[1] - 1e-12);
        assert_true(fabs(c.sripad_snyder - lattice) < 1e-9);
    }
    const struct conditions c = conditions_of(&source, width / 4);
    assert_true(c.sripad_snyder < 1e-15 && c.deviation == 0 && c.verdict == PQN_HOLDS);
    assert_non_null(strstr(c.reason, "exactly uniform"));
    const struct source gaussian = {.type = &source_gaussian, .std = 1};
    const struct conditions small = conditions_of(&gaussian, 0.5);
    assert_true(small.sripad_snyder > 0);
    assert_non_null(strstr(small.reason, "as good as uniform")); /* and not exactly */
    assert_true(fabs(c.holds_below_step - width / 50) < 1e-15);
}

static void test_empirical(void **state)
{
    (void)state;
    struct histogram *histogram = histogram_new(-6, 6, 480);
    const struct source law = {.type = &source_gaussian, .std = 1};
    for (size_t i = 0; i < 480; i++) {
        const double low = -6 + 0.025 * (double)i;
        histogram->count[i] = (uint64_t)(1e12 * (source_gaussian.cdf(&law, low + 0.025) -
                                                 source_gaussian.cdf(&law, low)));
    }
    struct source_table *table = source_table_new(histogram);
    const struct source source = source_empirical_make(table);
    for (double step = 0.9; step < 6; step += 0.7) {
        const struct conditions got = conditions_of(&source, step);
        const struct conditions wanted = conditions_of(&law, step);
        assert_true(fabs(got.qt1 - wanted.qt1) < 1e-3 && fabs(got.qt2 - wanted.qt2) < 1e-3);
        assert_true(fabs(got.sripad_snyder - wanted.sripad_snyder) < 1e-3);
        assert_true(fabs(got.deviation - wanted.deviation) < 0.02 * (1 + wanted.deviation));
        assert_int_equal(got.verdict, wanted.verdict);
        assert_true(fabs(got.holds_below_step / wanted.holds_below_step - 1) < 0.1);
    }
    source_table_free(table);
    histogram_free(histogram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gaussian),
        cmocka_unit_test(test_where_it_begins_to_hold),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_empirical),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
