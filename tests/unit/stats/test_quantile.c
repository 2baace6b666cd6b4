/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/quantile.h"

#define MOST 100000

enum shape { RANDOM, EQUAL, TWO_VALUES, RISING, FALLING, ORGAN_PIPE, SAWTOOTH, BF16, SHAPES };

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static double element(enum shape shape, size_t i, size_t n, gsl_rng *rng)
{
    switch (shape) {
    case EQUAL:
        return 0.25;
    case TWO_VALUES:
        return gsl_rng_uniform_int(rng, 2) ? 1 : -1;
    case RISING:
        return (double)i;
    case FALLING:
        return -(double)i;
    case ORGAN_PIPE:
        return (double)(i < n / 2 ? i : n - i);
    case SAWTOOTH:
        return (double)(i % 17);
    case BF16:
        return ldexp(floor(gsl_ran_gaussian(rng, 100)), -12);
    default:
        return gsl_ran_cauchy(rng, 1);
    }
}

static void fill(double x[], size_t n, enum shape shape)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < n; i++)
        x[i] = element(shape, i, n, rng);
    gsl_rng_free(rng);
}

static void test_sort_agrees_with_qsort(void **state)
{
    (void)state;
    static double x[MOST], sorted[MOST];
    static const size_t sizes[] = {0, 1, 2, 3, 10, 48, 49, 100, 1000, 4096, MOST};
    for (enum shape shape = 0; shape < SHAPES; shape++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            fill(x, sizes[k], shape);
            memcpy(sorted, x, sizes[k] * sizeof *x);
            qsort(sorted, sizes[k], sizeof *sorted, compare);
            quantile_sort(x, sizes[k]);
            for (size_t i = 0; i < sizes[k]; i++)
                assert_true(x[i] == sorted[i]);
        }
    }
}

static void test_sort_extremes(void **state)
{
    (void)state;
    double x[60];
    const double some[] = {0, -0.0, 5e-324, -5e-324, DBL_MAX, -DBL_MAX, INFINITY, -INFINITY, 1};
    for (size_t i = 0; i < 60; i++)
        x[i] = some[i % 9];
    quantile_sort(x, 60);
    for (size_t i = 1; i < 60; i++)
        assert_true(x[i - 1] <= x[i]);
    assert_true(x[0] == -INFINITY && x[59] == INFINITY && x[5] == -INFINITY && x[6] == -DBL_MAX);
}

/* numpy.percentile's definition, on a sorted sample. */
static double by_definition(const double sorted[], size_t n, double p)
{
    double position = p / 100 * (double)(n - 1);
    size_t k = (size_t)floor(position), next = k + 1 < n ? k + 1 : k;
    return sorted[k] + (sorted[next] - sorted[k]) * (position - (double)k);
}

static void test_percentile_agrees_with_a_sort(void **state)
{
    (void)state;
    static double x[5000], sorted[5000];
    static const size_t sizes[] = {1, 2, 3, 4, 47, 49, 100, 1001, 5000};
    static const double percents[] = {0, 0.1, 10, 25, 33.3, 50, 75, 90, 99, 99.9, 99.99, 100};
    for (enum shape shape = 0; shape < SHAPES; shape++) {
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            size_t n = sizes[k];
            fill(sorted, n, shape);
            qsort(sorted, n, sizeof *sorted, compare);
            for (size_t i = 0; i < sizeof percents / sizeof *percents; i++) {
                fill(x, n, shape);
                double wanted = by_definition(sorted, n, percents[i]);
                double got = quantile_percentile(x, n, percents[i]);
                assert_true(fabs(got - wanted) <= 1e-13 * fabs(wanted));
                quantile_sort(x, n);
                assert_memory_equal(x, sorted, n * sizeof *x); /* reordered, nothing lost */
            }
        }
    }
}

/* From numpy's documentation of percentile: [[10, 7, 4], [3, 2, 1]] at 50 is 3.5. */
static void test_percentile_known(void **state)
{
    (void)state;
    double x[] = {10, 7, 4, 3, 2, 1};
    assert_true(quantile_percentile(x, 6, 50) == 3.5);
    double huge[] = {DBL_MAX, -DBL_MAX};
    assert_true(quantile_percentile(huge, 2, 50) == 0);
    double one[] = {-3};
    assert_true(quantile_percentile(one, 1, 99.9) == -3);
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* An order made against a pivot that is the median of these nine places. */
static void spoil(double x[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        x[i] = (double)i;
    for (size_t length = n; length > 48; length -= 9)
        for (size_t k = 0; k < 9; k++) {
            double *place = &x[k * (length / 9)], *last = &x[length - 1 - k], old = *place;
            *place = *last;
            *last = old;
        }
}

static void test_bad_orders_stay_fast(void **state)
{
    (void)state;
    static double x[MOST];
    double start = seconds();
    spoil(x, MOST);
    assert_true(quantile_percentile(x, MOST, 0) == 0);
    for (enum shape shape = 0; shape < SHAPES; shape++) {
        fill(x, MOST, shape);
        quantile_percentile(x, MOST, 50);
    }
    assert_true(seconds() - start < 2); /* a quadratic method takes 10 s for each */
}

static void test_keep_finite(void **state)
{
    (void)state;
    double x[] = {NAN, 3, INFINITY, -1, -INFINITY, 2, NAN};
    assert_int_equal(quantile_keep_finite(x, 7), 3);
    assert_true(x[0] == 3 && x[1] == -1 && x[2] == 2);
    assert_int_equal(quantile_keep_finite(x, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sort_agrees_with_qsort),
        cmocka_unit_test(test_sort_extremes),
        cmocka_unit_test(test_percentile_agrees_with_a_sort),
        cmocka_unit_test(test_percentile_known),
        cmocka_unit_test(test_bad_orders_stay_fast),
        cmocka_unit_test(test_keep_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
