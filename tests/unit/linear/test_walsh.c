/* SPDX-License-Identifier: MIT */
#include <float.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "linear/walsh.h"
#include "random_rows.h"

/* Blocks of all sizes, one and three of them. */
static void test_definition(void **state)
{
    (void)state;
    double x[3 * 512], y[3 * 512];
    for (size_t block = 1; block <= 512; block *= 2)
        for (size_t n = block; n <= 3 * block; n += 2 * block) {
            random_rows(x, n, n);
            memcpy(y, x, n * sizeof *x);
            walsh_transform(y, n, block, 3);
            for (size_t i = 0; i < n; i++) {
                const double *in = x + i / block * block;
                double sum = 0;
                for (size_t j = 0; j < block; j++)
                    sum += __builtin_popcountll(i % block & j) % 2 ? -in[j] : in[j];
                assert_true(fabs(y[i] - 3 * sum) < 1e-12 * sqrt((double)block));
            }
        }
}

static void test_twice_is_nothing(void **state)
{
    (void)state;
    for (size_t n = 1024; n <= 65536; n *= 2) {
        double *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
        random_rows(x, n, n);
        memcpy(y, x, n * sizeof *x);
        walsh_transform(y, n, n, 1 / sqrt((double)n));
        assert_true(fabs(y[1] - x[1]) > 1e-6);
        walsh_transform(y, n, n, 1 / sqrt((double)n));
        for (size_t i = 0; i < n; i++)
            assert_true(fabs(y[i] - x[i]) < 1e-13);
        free(y);
        free(x);
    }
}

/* The result's error in units of what the header allows, the largest and the mean square in units
 * of u and a result's size; x is overwritten. */
struct precision {
    double bound, usual;
};

static struct precision compare(float x[], size_t n)
{
    const double u = 0x1p-24, scale = 1 / sqrt((double)n);
    const float single = (float)scale;
    struct precision precision = {0, 0};
    double *exact = malloc(n * sizeof *exact), sum = 0, squares = 0, errors = 0;
    for (size_t i = 0; i < n; i++) {
        exact[i] = (double)x[i];
        sum += fabs(exact[i]);
    }
    walsh_transform(exact, n, n, (double)single);
    walsh_transform_single(x, n, n, single);
    for (size_t i = 0; i < n; i++) {
        const double error = fabs((double)x[i] - exact[i]);
        const double allowed = (1 + log2((double)n)) * u * scale * sum + (double)n * 0x1p-150;
        precision.bound = fmax(precision.bound, error / allowed);
        errors += error * error;
        squares += exact[i] * exact[i];
    }
    precision.usual = sqrt(errors / squares) / u;
    free(exact);
    return precision;
}

static void test_single_of_random_values(void **state)
{
    (void)state;
    for (size_t n = 1; n <= 65536; n *= 2) {
        double *draws = malloc(n * sizeof *draws);
        float *x = malloc(n * sizeof *x);
        random_rows(draws, n, n);
        for (size_t i = 0; i < n; i++)
            x[i] = (float)draws[i];
        const struct precision precision = compare(x, n);
        assert_true(precision.bound < 1);
        assert_true(precision.usual < 2);
        free(x);
        free(draws);
    }
}

/* Magnitudes from the least to the largest side by side, all equal ones, denormal ones. */
static void test_single_of_adversarial_values(void **state)
{
    (void)state;
    enum { N = 4096 };
    static float x[N];
    for (size_t i = 0; i < N; i++)
        x[i] = ldexpf(i % 3 == 1 ? -1.1f : 1.3f, (int)(i % 230) - 140);
    assert_true(compare(x, N).bound < 1);
    for (size_t i = 0; i < N; i++)
        x[i] = 1e38f / N;
    assert_true(compare(x, N).bound < 1);
    for (size_t i = 0; i < N; i++)
        x[i] = ldexpf((float)(i * i % 101), -149);
    assert_true(compare(x, N).bound < 1);
}

static size_t count_not_finite(const float x[], size_t n, bool nan_only)
{
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
        count += nan_only ? isnan(x[i]) != 0 : !isfinite(x[i]);
    return count;
}

/* What is not finite, or becomes so, stays in its block. */
static void test_single_that_is_not_finite(void **state)
{
    (void)state;
    enum { BLOCK = 256 };
    const float cases[] = {NAN, INFINITY, -INFINITY, 1e38f};
    for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
        float x[3 * BLOCK];
        for (size_t i = 0; i < 3 * BLOCK; i++)
            x[i] = (float)(i % 7);
        for (size_t i = BLOCK; i < (cases[k] < INFINITY ? 2 * BLOCK : BLOCK + 1); i++)
            x[i] = cases[k];
        walsh_transform_single(x, 3 * BLOCK, BLOCK, 1.0f / 16);
        assert_int_equal(count_not_finite(x, BLOCK, false), 0);
        assert_int_equal(count_not_finite(x + 2 * BLOCK, BLOCK, false), 0);
        if (k == 0)
            assert_int_equal(count_not_finite(x + BLOCK, BLOCK, true), BLOCK);
        else if (k < 3)
            assert_int_equal(count_not_finite(x + BLOCK, BLOCK, false), BLOCK);
        else
            assert_true(isinf(x[BLOCK]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_twice_is_nothing),
        cmocka_unit_test(test_single_of_random_values),
        cmocka_unit_test(test_single_of_adversarial_values),
        cmocka_unit_test(test_single_that_is_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
