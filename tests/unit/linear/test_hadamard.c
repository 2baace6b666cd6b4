/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "linear/hadamard.h"

static void fill(double x[], size_t n)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < n; i++)
        x[i] = gsl_ran_gaussian(rng, 1);
    gsl_rng_free(rng);
}

static void test_block(void **state)
{
    (void)state;
    static const uint64_t cases[][2] = {
        {0, 1},
        {1, 1},
        {2, 2},
        {3, 1},
        {12, 4},
        {11008, 256},
        {4096, 4096},
        {65536, 65536},
        {1 << 20, 65536},
        {14336, 2048},
        {UINT64_C(1) << 63, 65536},
        {UINT64_MAX, 1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_int_equal(hadamard_block(cases[i][0]), cases[i][1]);
}

/* Sylvester's matrix has the elements (-1)^popcount(i & j). */
static void test_definition(void **state)
{
    (void)state;
    double x[512], y[512];
    for (size_t block = 1; block <= 512; block *= 2) {
        fill(x, 512);
        memcpy(y, x, sizeof x);
        hadamard_apply(y, 512, block);
        for (size_t i = 0; i < 512; i++) {
            double sum = 0;
            for (size_t j = 0; j < block; j++) {
                double sign = __builtin_popcountll(i % block & j) % 2 ? -1 : 1;
                sum += sign * x[i / block * block + j];
            }
            assert_true(fabs(y[i] - sum / sqrt((double)block)) < 1e-13);
        }
    }
}

static void test_rows_are_orthonormal(void **state)
{
    (void)state;
    static double h[64][64];
    for (size_t i = 0; i < 64; i++) {
        h[i][i] = 1;
        hadamard_apply(h[i], 64, 64);
    }
    for (size_t i = 0; i < 64; i++)
        for (size_t j = 0; j < 64; j++) {
            double dot = 0;
            for (size_t k = 0; k < 64; k++)
                dot += h[i][k] * h[j][k];
            assert_true(fabs(dot - (i == j)) < 1e-14);
        }
}

static void test_involution_keeps_the_norm(void **state)
{
    (void)state;
    static double x[HADAMARD_MOST], y[HADAMARD_MOST];
    static const size_t blocks[] = {2, 4, 8, 2048, 32768, HADAMARD_MOST};
    for (size_t k = 0; k < sizeof blocks / sizeof *blocks; k++) {
        double before = 0, after = 0;
        fill(x, HADAMARD_MOST);
        memcpy(y, x, sizeof x);
        hadamard_apply(y, HADAMARD_MOST, blocks[k]);
        assert_true(fabs(y[1] - x[1]) > 1e-6);
        for (size_t i = 0; i < HADAMARD_MOST; i++) {
            before += x[i] * x[i];
            after += y[i] * y[i];
        }
        assert_true(fabs(after / before - 1) < 1e-13);
        hadamard_apply(y, HADAMARD_MOST, blocks[k]);
        for (size_t i = 0; i < HADAMARD_MOST; i++)
            assert_true(fabs(y[i] - x[i]) < 1e-13);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_block),
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_rows_are_orthonormal),
        cmocka_unit_test(test_involution_keeps_the_norm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
