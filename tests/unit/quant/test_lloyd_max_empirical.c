/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_rng.h>
#include <gsl/gsl_sort_double.h>

#include "quant/lloyd_max.h"

/* Ascending draws; to be freed. */
static double *draw(const struct source *source, size_t n)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double *x = malloc(n * sizeof *x);
    for (size_t i = 0; i < n; i++)
        x[i] = source->type->draw(source, rng);
    gsl_sort(x, 1, n);
    gsl_rng_free(rng);
    return x;
}

/* Few enough different values, several times each: they are the levels, to the last bit. */
static void test_few_values_have_no_error(void **state)
{
    (void)state;
    static const double sets[][4] = {
        {-2, 0.1, 0.3, 7},
        {1, 1 + DBL_EPSILON, 1 + 2 * DBL_EPSILON, 2},
        {-DBL_MAX, -1e-300, 0, DBL_MAX},
        {0, 5e-324, 1e-323, 1.5e-323},
        {-1e38, 1e-38, 1e38, 3e38},
    };
    for (size_t k = 0; k < sizeof sets / sizeof *sets; k++)
        for (size_t different = 1; different <= 4; different++) {
            double x[12], e[12];
            for (size_t i = 0; i < 3 * different; i++)
                x[i] = sets[k][i / 3];
            struct codebook *codebook = lloyd_max_empirical(x, 3 * different, 2);
            assert_int_equal(codebook->count, different);
            assert_true(codebook->mse == 0 && codebook->iterations == 0);
            codebook_round(codebook, 0, 1, x, 3 * different, e, NULL);
            for (size_t i = 0; i < 3 * different; i++)
                assert_true(codebook->level[i / 3] == x[i] && e[i] == 0);
            codebook_free(codebook);
        }
}

static double mean_square(const struct codebook *codebook, const double x[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double e = codebook->level[codebook_nearest(codebook, x[i])] - x[i];
        sum += e * e;
    }
    return sum / (double)n;
}

/* A large sample of a source has nearly the source's levels and error. */
static void test_large_samples(void **state)
{
    (void)state;
    static const struct source sources[] = {{.type = &source_gaussian, .std = 1},
                                            {.type = &source_laplace, .std = 1}};
    enum { DRAWS = 200000 };
    for (size_t k = 0; k < 2; k++) {
        double *x = draw(&sources[k], DRAWS);
        for (int bits = 1; bits <= 8; bits++) {
            struct codebook *codebook = lloyd_max_empirical(x, DRAWS, bits),
                            *source = lloyd_max_make(&sources[k], bits, NULL);
            assert_int_equal(codebook->count, source->count);
            assert_true(fabs(codebook->mse / mean_square(codebook, x, DRAWS) - 1) < 1e-9);
            /* The more levels, the more of the sample's chance is learnt. */
            assert_true(fabs(codebook->mse / source->mse - 1) < (bits < 6 ? 0.02 : 0.1));
            /* It is made for these values. */
            assert_true(codebook->mse < mean_square(source, x, DRAWS));
            for (size_t i = 0; i < codebook->count && bits <= 4; i++)
                assert_true(fabs(codebook->level[i] - source->level[i]) <
                            0.05 * (1 + fabs(source->level[i])));
            codebook_free(codebook);
            codebook_free(source);
        }
        free(x);
    }
}

/* Each level is the mean of the values that go to it. */
static void check_means(const struct codebook *codebook, const double x[], size_t n, double slack)
{
    double sum[256] = {0};
    size_t count[256] = {0};
    for (size_t i = 0; i < n; i++) {
        const size_t k = codebook_nearest(codebook, x[i]);
        sum[k] += x[i];
        count[k]++;
    }
    for (size_t k = 0; k < codebook->count; k++) {
        assert_true(count[k] > 0);
        assert_true(fabs(sum[k] / (double)count[k] - codebook->level[k]) < slack);
    }
}

/* Small samples, heavy tails and ties: all levels are used, and the alternation has ended. */
static void test_levels_are_means(void **state)
{
    (void)state;
    static const char *const names[] = {"gaussian", "t:2.2", "uniform", "mixture:0.01:100"};
    static const size_t sizes[] = {20, 300, 4096};
    for (size_t k = 0; k < sizeof names / sizeof *names; k++)
        for (size_t s = 0; s < 3; s++)
            for (int rounded = 0; rounded < 2; rounded++) {
                struct source source = {.std = 1};
                assert_true(source_parse(names[k], &source, NULL));
                double *x = draw(&source, sizes[s]);
                size_t different = 0;
                for (size_t i = 0; i < sizes[s]; i++) {
                    x[i] = rounded ? rint(32 * x[i]) / 32 : x[i];
                    different += i == 0 || x[i] > x[i - 1];
                }
                for (int bits = 1; bits <= 8; bits++) {
                    struct codebook *codebook = lloyd_max_empirical(x, sizes[s], bits);
                    const size_t most = (size_t)1 << bits;
                    assert_int_equal(codebook->count, different < most ? different : most);
                    assert_true(codebook->iterations < LLOYD_MAX_SWEEPS_MOST);
                    if (codebook->count < different)
                        assert_true(fabs(codebook->mse / mean_square(codebook, x, sizes[s]) - 1) <
                                    1e-9);
                    if (!rounded) /* no value half way between levels, where either may take it */
                        check_means(codebook, x, sizes[s], 1e-9);
                    codebook_free(codebook);
                }
                free(x);
            }
}

/* Moved and scaled values have moved and scaled levels. */
static void test_places_and_scales(void **state)
{
    (void)state;
    static const double scales[] = {1e300, 1e38, 1e-38, 1e-300};
    const struct source source = {.type = &source_gaussian, .std = 1};
    enum { DRAWS = 1000 };
    double *x = draw(&source, DRAWS), moved[DRAWS];
    struct codebook *wanted = lloyd_max_empirical(x, DRAWS, 4);
    for (size_t k = 0; k < sizeof scales / sizeof *scales; k++) {
        for (size_t i = 0; i < DRAWS; i++)
            moved[i] = x[i] * scales[k];
        struct codebook *codebook = lloyd_max_empirical(moved, DRAWS, 4);
        for (size_t i = 0; i < 16; i++)
            assert_true(fabs(codebook->level[i] / scales[k] - wanted->level[i]) < 1e-12);
        codebook_free(codebook);
    }
    for (size_t i = 0; i < DRAWS; i++)
        moved[i] = x[i] + 1e6;
    struct codebook *codebook = lloyd_max_empirical(moved, DRAWS, 4);
    for (size_t i = 0; i < 16; i++)
        assert_true(fabs(codebook->level[i] - 1e6 - wanted->level[i]) < 1e-8);
    assert_true(fabs(codebook->mse / wanted->mse - 1) < 1e-6);
    codebook_free(codebook);
    codebook_free(wanted);
    free(x);
}

/* More values than levels, but too close together to be told apart beside the largest one; and
 * denormals, which are not. */
static void test_tiny_values(void **state)
{
    (void)state;
    double x[300], slack = 2e-323;
    for (size_t i = 0; i < 299; i++)
        x[i] = 1e-300 * (double)(i + 1);
    x[299] = 1;
    struct codebook *codebook = lloyd_max_empirical(x, 300, 4);
    assert_true(codebook->count == 2 && codebook->mse < 1e-30);
    codebook_free(codebook);
    for (size_t i = 0; i < 300; i++)
        x[i] = 5e-324 * (double)(i * i);
    codebook = lloyd_max_empirical(x, 300, 4);
    assert_int_equal(codebook->count, 16);
    check_means(codebook, x, 300, slack);
    codebook_free(codebook);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_few_values_have_no_error),
        cmocka_unit_test(test_large_samples),
        cmocka_unit_test(test_levels_are_means),
        cmocka_unit_test(test_places_and_scales),
        cmocka_unit_test(test_tiny_values),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
