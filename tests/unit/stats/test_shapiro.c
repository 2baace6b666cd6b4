/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "../reference.h"
#include "stats/quantile.h"
#include "stats/shapiro.h"

/* scipy 1.10 computes in single precision: its W for thousands of elements is off by some 2e-6,
 * which moves p by half a percent.  In double, its formulas give the W of this program. */
static void test_agree_with_scipy(void **state)
{
    (void)state;
    FILE *file = reference_open("normality.tsv");
    char *line = NULL, *column[REFERENCE_COLUMNS];
    static double x[SHAPIRO_MOST];
    int rows = 0;
    for (; reference_read(file, &line, column); rows++) {
        size_t n = reference_numbers(column[8], x, SHAPIRO_MOST);
        assert_int_equal(n, atoi(column[1]));
        quantile_sort(x, n);
        struct shapiro *shapiro = shapiro_new(n);
        double w, p, wanted_w = atof(column[2]), wanted_p = atof(column[3]);
        assert_true(shapiro_test(shapiro, x, &w, &p));
        shapiro_free(shapiro);
        if (!(fabs(w - wanted_w) <= 1e-5) || !(fabs(p - wanted_p) <= 6e-3 * wanted_p))
            fail_msg("%s: W %.9g for %.9g, p %.9g for %.9g", column[0], w, wanted_w, p, wanted_p);
    }
    assert_true(rows > 10);
}

/* The coefficients are a unit vector, so W of the coefficients themselves is 1. */
static void test_coefficients(void **state)
{
    (void)state;
    static const size_t sizes[] = {3, 4, 5, 6, 7, 11, 12, 100, 4999, 5000};
    static double x[SHAPIRO_MOST];
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        size_t n = sizes[k];
        struct shapiro *shapiro = shapiro_new(n);
        double squares = 0;
        for (size_t i = 0; i < n; i++) {
            x[i] = i < n / 2 ? -shapiro->a[i] : i == n - 1 - i ? 0 : shapiro->a[n - 1 - i];
            squares += x[i] * x[i];
        }
        double w, p;
        assert_true(fabs(squares - 1) < 1e-12);
        assert_true(shapiro_test(shapiro, x, &w, &p));
        assert_true(fabs(w - 1) < 1e-12 && p > 0.99 && p <= 1);
        shapiro_free(shapiro);
    }
}

static void test_location_and_scale_change_nothing(void **state)
{
    (void)state;
    double x[50], y[50], w, p, moved_w, moved_p;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < 50; i++)
        x[i] = gsl_ran_laplace(rng, 1);
    gsl_rng_free(rng);
    quantile_sort(x, 50);
    struct shapiro *shapiro = shapiro_new(50);
    shapiro_test(shapiro, x, &w, &p);
    static const double scales[] = {1e-300, 1e-3, 1e4, 1e300, 1e307};
    for (size_t k = 0; k < 5; k++) {
        for (size_t i = 0; i < 50; i++)
            y[i] = scales[k] * (x[i] + 3);
        assert_true(shapiro_test(shapiro, y, &moved_w, &moved_p));
        assert_true(fabs(moved_w - w) < 1e-12 && fabs(moved_p - p) < 1e-10);
    }
    for (size_t i = 0; i < 50; i++) /* a range beyond the largest double */
        y[i] = x[i] / fmax(-x[0], x[49]) * 1.7e308;
    assert_true(shapiro_test(shapiro, y, &moved_w, &moved_p) && fabs(moved_w - w) < 1e-12);
    shapiro_free(shapiro);
}

static void test_equal_values_have_no_w(void **state)
{
    (void)state;
    const double x[] = {2, 2, 2, 2};
    double w = 0, p = 0;
    struct shapiro *shapiro = shapiro_new(4);
    assert_false(shapiro_test(shapiro, x, &w, &p));
    assert_true(isnan(w) && isnan(p));
    shapiro_free(shapiro);
    shapiro_free(NULL);
}

/* Of two equal values and a third W is 3/4, the least possible: p = 0. */
static void test_three(void **state)
{
    (void)state;
    const double least[] = {0, 0, 1}, most[] = {0, 1, 2};
    double w, p;
    struct shapiro *shapiro = shapiro_new(3);
    assert_true(shapiro_test(shapiro, least, &w, &p));
    assert_true(fabs(w - 0.75) < 1e-12 && p >= 0 && p < 1e-6);
    assert_true(shapiro_test(shapiro, most, &w, &p));
    assert_true(fabs(w - 1) < 1e-12 && fabs(p - 1) < 1e-6);
    shapiro_free(shapiro);
}

static void test_thinned_index(void **state)
{
    (void)state;
    assert_int_equal(shapiro_thinned_index(17, 100), 17);
    assert_int_equal(shapiro_thinned_index(4999, 5000), 4999);
    static const size_t lengths[] = {5001, 11008, 123457, 1000000007};
    for (size_t k = 0; k < 4; k++)
        for (size_t i = 0; i < SHAPIRO_MOST; i++)
            assert_int_equal(shapiro_thinned_index(i, lengths[k]), i * lengths[k] / SHAPIRO_MOST);
    size_t most = shapiro_thinned_index(SHAPIRO_MOST - 1, SIZE_MAX);
    assert_true(most > SIZE_MAX / SHAPIRO_MOST * (SHAPIRO_MOST - 1) - 1 && most < SIZE_MAX);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agree_with_scipy),
        cmocka_unit_test(test_coefficients),
        cmocka_unit_test(test_location_and_scale_change_nothing),
        cmocka_unit_test(test_equal_values_have_no_w),
        cmocka_unit_test(test_three),
        cmocka_unit_test(test_thinned_index),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
