/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "../reference.h"
#include "stats/moments.h"

#define ELEMENTS 5000

static void fill(double x[], size_t n, double mean, double std)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < n; i++)
        x[i] = mean + std * (gsl_ran_gaussian(rng, 1) + 0.3 * gsl_ran_exponential(rng, 1));
    gsl_rng_free(rng);
}

/* The definition, in long double. */
struct direct {
    long double mean, m2, m3, m4, sum_abs;
};

static struct direct direct_moments(const double x[], size_t n)
{
    struct direct direct = {0};
    for (size_t i = 0; i < n; i++) {
        direct.mean += x[i] / (long double)n;
        direct.sum_abs += fabsl(x[i]);
    }
    for (size_t i = 0; i < n; i++) {
        long double d = x[i] - direct.mean;
        direct.m2 += d * d;
        direct.m3 += d * d * d;
        direct.m4 += d * d * d * d;
    }
    return direct;
}

static void assert_near(double got, long double wanted, double scale, double tolerance)
{
    if (!(fabsl((long double)got - wanted) <= (long double)(tolerance * scale)))
        fail_msg("%.17g instead of %.17Lg (tolerance %g)", got, wanted, tolerance * scale);
}

static void check_against_direct(const double x[], size_t n, const struct moments *moments,
                                 double tolerance)
{
    struct direct direct = direct_moments(x, n);
    double std = (double)sqrtl(direct.m2 / (long double)n);
    assert_int_equal(moments->count, n);
    assert_near(moments_mean(moments), direct.mean, fmax(std, fabs((double)direct.mean)), 1e-14);
    assert_near(moments_std(moments), sqrtl(direct.m2 / (long double)n), std, tolerance);
    long double variance = direct.m2 / (long double)n;
    assert_near(moments_skewness(moments), direct.m3 / (long double)n / powl(variance, 1.5L), 1,
                tolerance);
    assert_near(moments_excess_kurtosis(moments),
                direct.m4 / (long double)n / (variance * variance) - 3, 1, 10 * tolerance);
    assert_near(moments->sum_abs, direct.sum_abs, (double)direct.sum_abs, 1e-14);
}

/* Under valgrind, and on some machines, it is not: then there is nothing better to compare with. */
static bool long_double_is_longer(void)
{
    volatile long double one = 1;
    return one + LDBL_EPSILON != one && LDBL_EPSILON < DBL_EPSILON;
}

static void test_agree_with_direct_sums(void **state)
{
    (void)state;
    if (!long_double_is_longer())
        skip();
    static double x[ELEMENTS];
    static const struct {
        double mean, std, tolerance;
    } cases[] = {
        {0, 0.02, 1e-13}, {0.5, 0.02, 1e-13}, {1e6, 1, 1e-9},   {-1e6, 1, 1e-9},
        {0, 1e38, 1e-13}, {0, 1e-38, 1e-13},  {0, 1e60, 1e-13}, {3e-45, 2e-45, 1e-13},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        static const size_t sizes[] = {2, 3, 5, 1023, 1024, 1025, ELEMENTS};
        fill(x, ELEMENTS, cases[i].mean, cases[i].std);
        for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
            struct moments moments = {0};
            moments_add(&moments, x, sizes[k]);
            check_against_direct(x, sizes[k], &moments, cases[i].tolerance);
        }
    }
}

static void test_merged_parts_are_the_whole(void **state)
{
    (void)state;
    static double x[ELEMENTS];
    fill(x, ELEMENTS, 3, 0.5);
    x[7] = NAN;
    x[4000] = INFINITY;
    for (size_t cut = 0; cut <= ELEMENTS; cut += 625) {
        struct moments a = {0}, b = {0};
        moments_add(&a, x, cut);
        moments_add(&b, x + cut, ELEMENTS - cut);
        moments_merge(&a, &b);
        x[7] = x[8];
        x[4000] = x[4001];
        struct moments swapped = {0};
        moments_add(&swapped, x, ELEMENTS);
        double doubled[] = {x[8], x[4001]};
        struct moments extra = {0};
        moments_add(&extra, doubled, 2);
        moments_merge(&a, &extra);
        check_against_direct(x, ELEMENTS, &a, 1e-12);
        check_against_direct(x, ELEMENTS, &swapped, 1e-12);
        assert_int_equal(a.nonfinite, 2);
        assert_true(a.min == swapped.min && a.max == swapped.max);
        x[7] = NAN;
        x[4000] = INFINITY;
    }
}

static void test_nonfinite_are_only_counted(void **state)
{
    (void)state;
    const double x[] = {NAN, 1, -INFINITY, 2, INFINITY, 4, NAN};
    struct moments moments = {0};
    moments_add(&moments, x, 7);
    assert_int_equal(moments.count, 3);
    assert_int_equal(moments.nonfinite, 4);
    assert_true(moments.min == 1 && moments.max == 4 && moments.sum_abs == 7);
    assert_near(moments_mean(&moments), 7.0L / 3, 1, 1e-15);
    struct moments none = {0};
    moments_add(&none, x, 1);
    assert_true(none.count == 0 && none.nonfinite == 1 && none.min == 0 && none.max == 0);
    assert_true(isnan(moments_mean(&none)) && isnan(moments_std(&none)));
    moments_merge(&none, &moments);
    assert_true(none.count == 3 && none.nonfinite == 5 && none.min == 1);
    moments_merge(&moments, &(struct moments){.nonfinite = 2});
    assert_true(moments.count == 3 && moments.nonfinite == 6);
}

static void test_constant_samples(void **state)
{
    (void)state;
    static double x[3000];
    static const double values[] = {0, 0.1, -1.0 / 3, 1e300, 5e-324, 12345.678};
    for (size_t k = 0; k < sizeof values / sizeof *values; k++) {
        for (size_t i = 0; i < 3000; i++)
            x[i] = values[k];
        struct moments moments = {0};
        moments_add(&moments, x, 3000);
        assert_true(moments_std(&moments) == 0);
        assert_true(isnan(moments_skewness(&moments)));
        assert_true(isnan(moments_excess_kurtosis(&moments)));
        assert_true(moments_abs_max(&moments) == fabs(values[k]));
        assert_near(moments_mean(&moments), values[k], fabs(values[k]), 1e-15);
    }
}

/* What leaves the range of double is not defined, never a wrong number; the mean always is. */
static void test_huge_and_tiny(void **state)
{
    (void)state;
    static const double scales[] = {1e100, 1e160, 1e300, DBL_MAX, 1e-90, 1e-160, 5e-324};
    for (size_t k = 0; k < sizeof scales / sizeof *scales; k++) {
        double x[3000];
        for (size_t i = 0; i < 3000; i++)
            x[i] = (i % 3 ? 1 : -1) * scales[k];
        struct moments moments = {0};
        moments_add(&moments, x, 3000);
        assert_near(moments_mean(&moments), (long double)scales[k] / 3, scales[k],
                    scales[k] < 1e-300 ? 1 : 1e-12);
        assert_false(isnan(moments_std(&moments)));
        double skewness = moments_skewness(&moments), kurtosis = moments_excess_kurtosis(&moments);
        assert_true(isnan(skewness) || fabs(skewness + sqrt(0.5)) < 1e-9);
        assert_true(isnan(kurtosis) || fabs(kurtosis + 1.5) < 1e-9);
        assert_true(!isnan(skewness) || scales[k] > 1e100 || scales[k] < 1e-100);
        assert_true(moments_abs_max(&moments) == scales[k]);
    }
}

static void test_agree_with_scipy(void **state)
{
    (void)state;
    FILE *file = reference_open("normality.tsv");
    char *line = NULL, *column[REFERENCE_COLUMNS];
    static double x[ELEMENTS];
    int rows = 0;
    for (; reference_read(file, &line, column); rows++) {
        size_t n = reference_numbers(column[8], x, ELEMENTS);
        struct moments moments = {0};
        moments_add(&moments, x, n);
        assert_near(moments_skewness(&moments), strtold(column[6], NULL), 1, 1e-6);
        assert_near(moments_excess_kurtosis(&moments), strtold(column[7], NULL), 1, 1e-6);
    }
    assert_true(rows > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agree_with_direct_sums),
        cmocka_unit_test(test_merged_parts_are_the_whole),
        cmocka_unit_test(test_nonfinite_are_only_counted),
        cmocka_unit_test(test_constant_samples),
        cmocka_unit_test(test_huge_and_tiny),
        cmocka_unit_test(test_agree_with_scipy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
