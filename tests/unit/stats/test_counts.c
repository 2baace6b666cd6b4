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
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "stats/counts.h"

#define ELEMENTS 20000

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* value with its single cut to the leading `bits` bits. */
static double leading_bits(double value, unsigned bits)
{
    float single = (float)value;
    uint32_t raw;
    memcpy(&raw, &single, sizeof raw);
    raw &= ~(uint32_t)0 << (32 - bits);
    memcpy(&single, &raw, sizeof raw);
    return (double)single;
}

/* Every rank of x against a sort: equal if exact, else to one part in 2^10. */
static void check_ranks(const double x[], size_t n, bool exact)
{
    static double sorted[ELEMENTS], out[ELEMENTS];
    static uint64_t rank[ELEMENTS];
    struct counts *counts = counts_new();
    counts_add(counts, x, n / 3);
    struct counts *rest = counts_new();
    counts_add(rest, x + n / 3, n - n / 3);
    counts_merge(counts, rest);
    assert_int_equal(counts->total, n);
    memcpy(sorted, x, n * sizeof *x);
    qsort(sorted, n, sizeof *sorted, compare);
    for (size_t i = 0; i < n; i++)
        rank[i] = i;
    counts_quantiles(counts, rank, n, out);
    for (size_t i = 0; i < n; i++) {
        if (exact)
            assert_true(out[i] == sorted[i]);
        else
            assert_true(fabs(out[i] - sorted[i]) <= fabs(sorted[i]) / 1024);
    }
    counts_free(counts);
    counts_free(rest);
}

static void test_exact_for_short_mantissas(void **state)
{
    (void)state;
    static double x[ELEMENTS];
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (unsigned bits = 16; bits <= 19; bits += 3) { /* BF16; F16's mantissa */
        for (size_t i = 0; i < ELEMENTS; i++)
            x[i] = leading_bits(gsl_ran_gaussian(rng, 0.02), bits);
        x[0] = -0.0;
        x[1] = 0;
        x[2] = leading_bits((double)-FLT_MAX, bits);
        x[3] = -x[2];
        check_ranks(x, ELEMENTS, true);
    }
    gsl_rng_free(rng);
    for (size_t i = 0; i < ELEMENTS; i++) /* integers and F16's subnormals */
        x[i] = i % 2 ? (double)(i % 2047) - 1023 : ldexp((double)(i % 1024), -24);
    check_ranks(x, ELEMENTS, true);
}

static void test_close_for_long_mantissas(void **state)
{
    (void)state;
    static double x[ELEMENTS];
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < ELEMENTS; i++)
        x[i] = i % 10 ? gsl_ran_gaussian(rng, 3) : 0; /* zeros stay zeros */
    gsl_rng_free(rng);
    check_ranks(x, ELEMENTS, false);
}

static void test_outside_the_singles(void **state)
{
    (void)state;
    const double x[] = {NAN, 1e300, -1e300, INFINITY, -INFINITY, 1e-300, 2.5};
    const uint64_t rank[] = {0, 1, 2, 2, 3};
    double out[5];
    struct counts *counts = counts_new();
    counts_add(counts, x, sizeof x / sizeof *x);
    assert_int_equal(counts->total, 4);
    counts_quantiles(counts, rank, 5, out);
    assert_true(out[0] < -3.39e38 && isfinite(out[0]));
    assert_true(out[1] == 0);
    assert_true(fabs(out[2] - 2.5) <= 2.5 / 1024 && out[3] == out[2]);
    assert_true(out[4] > 3.39e38 && isfinite(out[4]));
    counts_free(counts);
    counts_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_exact_for_short_mantissas),
        cmocka_unit_test(test_close_for_long_mantissas),
        cmocka_unit_test(test_outside_the_singles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
