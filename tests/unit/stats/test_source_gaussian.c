/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_integration.h>

#include "stats/source.h"

static const struct source unit = {.type = &source_gaussian, .mean = 0, .std = 1};
static const struct source other = {.type = &source_gaussian, .mean = -0.7, .std = 2.385};

static void assert_close(double got, double wanted, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%.17g instead of %.17g", got, wanted);
}

static void test_density_cdf_and_quantile(void **state)
{
    (void)state;
    assert_close(source_gaussian.density(&unit, 0), 0.3989422804014327, 1e-16);
    assert_close(source_gaussian.cdf(&unit, 1.959963984540054), 0.975, 1e-15);
    assert_close(source_gaussian.cdf(&unit, -10) / 7.619853024160527e-24, 1, 1e-12);
    for (double x = -12; x < 12; x += 0.37) {
        double h = 1e-3;
        double slope =
            (source_gaussian.cdf(&other, x + h) - source_gaussian.cdf(&other, x - h)) / (2 * h);
        assert_close(slope, source_gaussian.density(&other, x), 1e-7);
        double p = source_gaussian.cdf(&other, x);
        if (p > 1e-12 && p < 0.999)
            assert_close(source_gaussian.quantile(&other, p), x, 1e-10);
    }
}

static void test_characteristic(void **state)
{
    (void)state;
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(64);
    for (double u = -3; u <= 3; u += 0.31) {
        double re = 0, im = 0, slope_re = 0, slope_im = 0;
        for (double a = -30; a < 30; a += 5)
            for (size_t i = 0; i < 64; i++) {
                double x, weight;
                gsl_integration_glfixed_point(a, a + 5, i, &x, &weight, table);
                weight *= source_gaussian.density(&other, x);
                re += weight * cos(u * x);
                im += weight * sin(u * x);
                slope_re -= weight * x * sin(u * x);
                slope_im += weight * x * cos(u * x);
            }
        double complex phi = source_gaussian.characteristic(&other, u);
        double complex slope = source_gaussian.characteristic_slope(&other, u);
        assert_close(creal(phi), re, 1e-14);
        assert_close(cimag(phi), im, 1e-14);
        assert_close(creal(slope), slope_re, 1e-13);
        assert_close(cimag(slope), slope_im, 1e-13);
    }
    gsl_integration_glfixed_table_free(table);
}

static void test_derivatives(void **state)
{
    (void)state;
    double d[10], left[10], right[10];
    for (double x = -9; x < 9; x += 0.41) {
        const double h = 1e-4;
        source_gaussian.derivatives(&other, x, 10, d);
        source_gaussian.derivatives(&other, x - h, 10, left);
        source_gaussian.derivatives(&other, x + h, 10, right);
        assert_true(d[0] == source_gaussian.density(&other, x));
        for (size_t k = 1; k < 10; k++)
            assert_close(d[k], (right[k - 1] - left[k - 1]) / (2 * h), 1e-8);
    }
    source_gaussian.derivatives(&other, 1e200, 10, d);
    for (size_t k = 0; k < 10; k++)
        assert_true(d[k] == 0);
}

/* Integrals of (z - t)^k phi, by a rule fine enough for any place. */
static void integrate(double a, double b, double t, double m[3])
{
    static const int panels = 64;
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(32);
    a = fmax(a, fmin(-40, b));
    b = fmin(b, fmax(40, a));
    if (a > 0)
        b = fmin(b, a + 12);
    if (b < 0)
        a = fmax(a, b - 12);
    m[0] = m[1] = m[2] = 0;
    for (int k = 0; k < panels; k++)
        for (size_t i = 0; i < 32; i++) {
            double z, weight;
            gsl_integration_glfixed_point(a + (b - a) * k / panels, a + (b - a) * (k + 1) / panels,
                                          i, &z, &weight, table);
            weight *= exp(-z * z / 2) / sqrt(2 * M_PI);
            m[0] += weight;
            m[1] += weight * (z - t);
            m[2] += weight * (z - t) * (z - t);
        }
    gsl_integration_glfixed_table_free(table);
}

/* Relative to the integral itself wherever that is a normal number; m[1] may cancel by symmetry.
 * The ends are rounded, which tells in a short interval. */
static void check_interval(double a, double b, double t)
{
    double got[3], wanted[3], mirrored[3];
    source_gaussian.truncated(&unit, a, b, t, got);
    integrate(a, b, t, wanted);
    double loose = fmin(fabs(a), fabs(b)) < 9 ? 1e-12 : 1e-10;
    loose += 1e-14 / (b - a);
    double size = sqrt(wanted[0] * wanted[2]);
    assert_close(got[0], wanted[0], loose * wanted[0] + 1e-300);
    assert_close(got[1], wanted[1], loose * size + 1e-300);
    assert_close(got[2], wanted[2], loose * wanted[2] + 1e-300);
    source_gaussian.truncated(&unit, -b, -a, -t, mirrored);
    assert_close(mirrored[0], got[0], 1e-13 * got[0]);
    assert_close(mirrored[1], -got[1], 1e-13 * size);
    assert_close(mirrored[2], got[2], 1e-13 * got[2]);
    const double mean = other.mean, std = other.std;
    source_gaussian.truncated(&other, mean + std * a, mean + std * b, mean + std * t, mirrored);
    assert_close(mirrored[0], got[0], (1e-10 + loose) * got[0]);
    assert_close(mirrored[2], std * std * got[2], (1e-10 + loose) * std * std * got[2]);
}

static void test_truncated_does_not_cancel(void **state)
{
    (void)state;
    static const double widths[] = {1e-4, 0.01, 0.3, 1.9, 2.1, 5, 16};
    for (double middle = -12; middle <= 12; middle += 0.77)
        for (size_t k = 0; k < sizeof widths / sizeof *widths; k++)
            check_interval(middle - widths[k] / 2, middle + widths[k] / 2, middle);
    for (double a = -6; a < 25; a += 0.61) /* overload: from half a step beyond the level */
        for (double half = 0.01; half < 3; half *= 3)
            check_interval(a, INFINITY, a - half);
}

static void test_truncated_limits(void **state)
{
    (void)state;
    double m[3];
    source_gaussian.truncated(&other, -INFINITY, INFINITY, other.mean, m);
    assert_close(m[0], 1, 1e-15);
    assert_close(m[1], 0, 1e-15);
    assert_close(m[2], other.std * other.std, 1e-14);
    source_gaussian.truncated(&unit, 100, INFINITY, 99, m);
    assert_true(m[0] == 0 && m[1] == 0 && m[2] == 0);
    source_gaussian.truncated(&unit, 1e200, 1e200 + 1e190, 0, m);
    assert_true(m[0] == 0 && m[1] == 0 && m[2] == 0);
    source_gaussian.truncated(&unit, 2, 2, 0, m);
    assert_true(m[0] == 0 && m[1] == 0 && m[2] == 0);
    double before = 1; /* smooth decay to 0 */
    for (double a = 0; a < 45; a += 0.25) {
        source_gaussian.truncated(&unit, a, INFINITY, a, m);
        assert_true(m[0] < before || (m[0] == 0 && a > 37));
        before = m[0];
    }
}

static void test_maximum(void **state)
{
    (void)state;
    static const struct {
        double d, mean;
    } known[] = {{32, 2.347},    {64, 2.596},    {128, 2.828},     {256, 3.044},
                 {1024, 3.442},  {2048, 3.626},  {4096, 3.802},    {8192, 3.971},
                 {11008, 4.042}, {14336, 4.103}, {16777216, 5.518}};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        assert_close(source_gaussian_maximum_mean(known[i].d), known[i].mean, 6e-4);
    assert_close(source_gaussian_maximum_mean(1), sqrt(2 / M_PI), 1e-14);
    assert_close(source_gaussian_maximum_mean(2), 2 / sqrt(M_PI), 1e-14);
    for (double d = 1; d < 1e15; d *= 7) {
        double median = source_gaussian_maximum_median(d);
        assert_close(d * log1p(-erfc(median / sqrt(2))), log(0.5), 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_density_cdf_and_quantile),
        cmocka_unit_test(test_characteristic),
        cmocka_unit_test(test_derivatives),
        cmocka_unit_test(test_truncated_does_not_cancel),
        cmocka_unit_test(test_truncated_limits),
        cmocka_unit_test(test_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
