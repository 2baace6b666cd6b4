/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "base/mem.h"
#include "quant/clip_power.h"

/* 2^4 - 1 levels, or as many as context says. */
static void put_levels(const void *context, double factor, double level[])
{
    const int n = *(const int *)context;
    for (int i = 0; i < n; i++)
        level[i] = factor * 5 * (i - n / 2) / (n / 2);
}

static double direct(int levels, const double w[], size_t n, double factor, double p)
{
    const double step = factor * 5 / (levels / 2);
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double level = fmin(fmax(rint(w[i] / step), -(levels / 2)), levels / 2);
        sum += pow(fabs(w[i] - level * step), p);
    }
    return sum;
}

/* The quantiles of a Gaussian, n of them: values by themselves, groups of a sorted sample, bins;
 * and cells that are wider and narrower than a group.  High powers are those of the few values
 * furthest out, whose places groups know least. */
static void check(size_t n, int levels, double tolerance)
{
    static const double powers[] = {1, 1.5, 2, 2.4, 3, 8};
    double *w = mem_alloc(n, sizeof *w);
    for (size_t i = 0; i < n; i++)
        w[i] = gsl_cdf_ugaussian_Pinv(((double)i + 0.5) / (double)n);
    const struct clip_grids grids = {(size_t)levels, put_levels, &levels};
    struct clip_sample *sample = clip_sample_make(NULL, w, n);
    struct clip_ladder ladder;
    clip_ladder_make(&ladder, sample, &grids);
    for (size_t k = 0; k < sizeof powers / sizeof *powers; k++) {
        const double p = powers[k], unit = pow(sample->unit, p);
        struct clip_power *power = clip_power_make(sample, &ladder, p, 0.5);
        for (double factor = 1; factor > 0.3; factor *= 0.9) {
            const double expected = direct(levels, w, n, factor, p);
            const double found = clip_power_error(power, factor) * unit;
            if (!(fabs(found / expected - 1) < tolerance * (p > 4 ? 10 : 1)))
                fail_msg("%zu weights, %d levels, p %g, factor %g: %.9g, not %.9g", n, levels, p,
                         factor, found, expected);
        }
        clip_power_free(power);
    }
    clip_ladder_done(&ladder);
    clip_sample_free(sample);
    mem_free(w);
}

static void test_values(void **state)
{
    (void)state;
    check(2, 15, 1e-5);
    check(100, 3, 1e-5);
    check(1000, 15, 1e-5);
    check(1000, 2047, 1e-5);
}

static void test_groups(void **state)
{
    (void)state;
    check(5000, 15, 4e-3);
    check(20000, 3, 4e-3);
    check(20000, 127, 4e-3);
}

static void test_bins(void **state)
{
    (void)state;
    check(100000, 15, 3e-3);
    check(100000, 255, 3e-3);
}

/* One value many times, each at the same place in a cell: no groups of even density there. */
static void test_few_values(void **state)
{
    (void)state;
    static const double w[] = {0.1, -0.1, 0.1, 0.3};
    const int levels = 3;
    const struct clip_grids grids = {3, put_levels, &levels};
    struct clip_sample *sample = clip_sample_make(NULL, w, 4);
    struct clip_ladder ladder;
    clip_ladder_make(&ladder, sample, &grids);
    struct clip_power *power = clip_power_make(sample, &ladder, 3, 1);
    assert_true(fabs(clip_power_error(power, 1) * pow(sample->unit, 3) / 0.03 - 1) < 1e-5);
    clip_power_free(power);
    clip_ladder_done(&ladder);
    clip_sample_free(sample);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_values),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_bins),
        cmocka_unit_test(test_few_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
