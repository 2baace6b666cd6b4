/* SPDX-License-Identifier: MIT */
#include "source_checks.h"

/* Counts with an empty bin inside and empty ends. */
static const uint64_t counts[] = {0, 3, 10, 0, 7, 25, 40, 11, 2, 0};

static struct histogram *fill(void)
{
    struct histogram *histogram = histogram_new(-2, 3, 10);
    for (size_t i = 0; i < 10; i++)
        histogram->count[i] = counts[i];
    histogram->under = 1000; /* left out */
    return histogram;
}

/* As the definition has it: sums over bins in which the density is constant. */
static void test_moments_and_mass(void **state)
{
    (void)state;
    struct histogram *histogram = fill();
    struct source_table *table = source_table_new(histogram);
    const struct source source = source_empirical_make(table);
    double mean = 0, square = 0, m[3];
    for (size_t i = 0; i < 10; i++) {
        const double low = -2 + 0.5 * (double)i, share = (double)counts[i] / 98;
        mean += share * (low + 0.25);
        square += share * ((low + 0.25) * (low + 0.25) + 0.25 / 12);
        check_close("density", &source, low, source_empirical.density(&source, low + 0.2),
                    share / 0.5, 1e-14);
    }
    check_close("mean", &source, 0, source.mean, mean, 1e-15);
    check_close("std", &source, 0, source.std, sqrt(square - mean * mean), 1e-15);
    source_empirical.truncated(&source, -INFINITY, INFINITY, mean, m);
    check_close("mass", &source, 0, m[0], 1, 1e-14);
    check_close("first", &source, 0, m[1], 0, 1e-14);
    check_close("second", &source, 0, m[2], source.std * source.std, 1e-14);
    source_empirical.truncated(&source, -0.1, 0.3, 0, m);
    check_close("mass", &source, 0, m[0],
                source_empirical.cdf(&source, 0.3) - source_empirical.cdf(&source, -0.1), 1e-15);
    assert_true(source_empirical.cdf(&source, -2.1) == 0 && source_empirical.cdf(&source, 9) == 1);
    source_table_free(table);
    histogram_free(histogram);
}

static void test_functions_agree(void **state)
{
    (void)state;
    struct histogram *histogram = fill();
    struct source_table *table = source_table_new(histogram);
    struct source_check check = {.source = source_empirical_make(table)};
    check.source.mean = 4; /* moved and scaled */
    check.source.std *= 3;
    check_quantile(&check);
    check_draws(&check);
    for (double u = 0; u < 20; u += 0.37) {
        double complex wanted = 0;
        for (size_t i = 0; i < source_empirical.parts(&check.source); i++) {
            struct source part;
            const double share = source_empirical.part(&check.source, i, &part);
            wanted += share * source_uniform.characteristic(&part, u);
        }
        const double complex got = source_empirical.characteristic(&check.source, u);
        check_close("CF", &check.source, u, cabs(got - wanted), 0, 1e-13);
        if (u > 0)
            assert_true(source_empirical.crest(&check.source, u) >= cabs(wanted) - 1e-13);
    }
    source_table_free(table);
    histogram_free(histogram);
}

static void test_nothing(void **state)
{
    (void)state;
    struct histogram *histogram = histogram_new(0, 1, 4);
    histogram->over = 5;
    assert_null(source_table_new(histogram));
    histogram_free(histogram);
    source_table_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_moments_and_mass),
        cmocka_unit_test(test_functions_agree),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
