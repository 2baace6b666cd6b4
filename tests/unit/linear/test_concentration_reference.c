/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "linear/concentration.h"

static double decibels(const struct source_type *type, double std, size_t d, bool symmetric)
{
    const struct source source = {.type = type, .std = std};
    return 10 * log10(concentration_reference(&source, d, symmetric));
}

/* One draw has all of the range on its side: -6 dB for two sides, 0 dB for one. */
static void test_one_draw(void **state)
{
    (void)state;
    const struct source_type *types[] = {&source_gaussian, &source_laplace, &source_uniform,
                                         &source_logistic};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        assert_true(fabs(decibels(types[i], 1, 1, true) + 20 * log10(2)) < 1e-6);
        assert_true(fabs(decibels(types[i], 1, 1, false)) < 1e-6);
    }
}

/* The largest of d exponentials has mean H_d and variance H_d^(2); |x| of a Laplace is one. */
static void test_laplace_exactly(void **state)
{
    (void)state;
    double first = 0, second = 0;
    for (size_t d = 1; d <= 20000; d++) {
        first += 1 / (double)d;
        second += 1 / (double)d / (double)d;
        if (d % 1777 != 1)
            continue;
        double exact = 10 * log10(2 * (double)d / (4 * (first * first + second)));
        assert_true(fabs(decibels(&source_laplace, 1, d, true) - exact) < 1e-6);
    }
}

/* The largest of d uniform |x| has E max² = d / (d + 2). */
static void test_uniform_exactly(void **state)
{
    (void)state;
    for (size_t d = 1; d < 3000; d += 97) {
        double exact = 10 * log10(((double)d + 2) / 12);
        assert_true(fabs(decibels(&source_uniform, 1, d, true) - exact) < 1e-6);
    }
}

/* Two Gaussians: E max(x,y)² and E r² are elementary; 0 is within the range or beside it. */
static void test_two_gaussians(void **state)
{
    (void)state;
    /* E max(|x|,|y|)² = 1 + 2/π; the range is |x| + |y| or the larger of them, each half the time:
     * E r² = (E(|x| + |y|)² + E max²) / 2 = (2 + 4/π + 1 + 2/π) / 2. */
    double symmetric = 2 / (4 * (1 + 2 / M_PI)), asymmetric = 2 / ((3 + 6 / M_PI) / 2);
    assert_true(fabs(decibels(&source_gaussian, 1, 2, true) - 10 * log10(symmetric)) < 1e-6);
    assert_true(fabs(decibels(&source_gaussian, 1, 2, false) - 10 * log10(asymmetric)) < 1e-6);
}

/* By Monte Carlo to ±0.02 dB, from an independent implementation. */
static void test_monte_carlo(void **state)
{
    (void)state;
    static const struct {
        size_t d;
        double gaussian[2], laplace[2]; /* symmetric, asymmetric */
    } rows[] = {
        {64, {3.64, 4.56}, {1.23, 2.70}},        {128, {5.94, 6.72}, {3.13, 4.40}},
        {1024, {13.31, 13.83}, {9.46, 10.35}},   {4096, {18.47, 18.90}, {14.04, 14.80}},
        {14336, {23.26, 23.62}, {18.36, 19.00}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int side = 0; side < 2; side++) {
            double gaussian = decibels(&source_gaussian, 1, rows[i].d, side == 0);
            double laplace = decibels(&source_laplace, 1, rows[i].d, side == 0);
            assert_true(fabs(gaussian - rows[i].gaussian[side]) < 0.02);
            assert_true(fabs(laplace - rows[i].laplace[side]) < 0.02);
        }
}

static void test_scale_does_not_matter(void **state)
{
    (void)state;
    assert_true(fabs(decibels(&source_gaussian, 0.03, 500, false) -
                     decibels(&source_gaussian, 1, 500, false)) < 1e-9);
}

/* Groups of a quarter have a fourth of the power each; groups that cover all change nothing. */
static void test_groups(void **state)
{
    (void)state;
    const struct source source = {.type = &source_gaussian, .std = 1};
    const double whole = concentration_reference(&source, 512, true);
    const double quarter = concentration_reference(&source, 128, true);
    assert_true(concentration_reference_grouped(&source_gaussian, 512, 128, true) == 4 * quarter);
    for (uint64_t group = 0; group <= 1024; group += 512)
        assert_true(concentration_reference_grouped(&source_gaussian, 512, group, true) == whole);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_one_draw),        cmocka_unit_test(test_laplace_exactly),
        cmocka_unit_test(test_uniform_exactly), cmocka_unit_test(test_two_gaussians),
        cmocka_unit_test(test_monte_carlo),     cmocka_unit_test(test_scale_does_not_matter),
        cmocka_unit_test(test_groups),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
