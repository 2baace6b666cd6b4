/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cdf.h>

#include "../model/fixture.h"
#include "engine/family.h"
#include "weights.h"

/* More elements than are sorted: they are counted. */
#define MANY 280000

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const struct family *family_of(const struct weights *weights, unsigned threads)
{
    struct weights_stage stage;
    weights_stage_begin(&stage, weights, threads);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    const struct family *family = family_compute(&stage.stage, profile, NULL);
    assert_non_null(family);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    return family;
}

struct truth {
    double median, deviation, ks_gaussian, ks_laplace;
};

/* What the definitions say: one look at every element after the other. */
static struct truth truth_of(const struct weights *weights)
{
    size_t n = 0, all = weights->channels * weights->length;
    double *x = weights_memory(all);
    long double sum = 0, squares = 0, deviation = 0;
    struct truth truth = { 0, 0, 0, 0 };
    for (size_t i = 0; i < all; i++)
        if (isfinite(weights->x[i]))
            sum += x[n++] = weights->x[i];
    qsort(x, n, sizeof *x, compare);
    double mean = (double)(sum / n);
    truth.median = x[(n - 1) / 2] / 2 + x[n / 2] / 2;
    for (size_t i = 0; i < n; i++) {
        squares += ((long double)x[i] - mean) * ((long double)x[i] - mean);
        deviation += fabsl((long double)x[i] - truth.median);
    }
    double std = (double)sqrtl(squares / n);
    truth.deviation = (double)(deviation / n);
    for (size_t i = 0; i < n; i++) {
        double low = (double)i / (double)n, high = ((double)i + 1) / (double)n;
        double gaussian = gsl_cdf_gaussian_P(x[i] - mean, std);
        double laplace = gsl_cdf_laplace_P(x[i] - truth.median, truth.deviation);
        truth.ks_gaussian = fmax(truth.ks_gaussian, fmax(gaussian - low, high - gaussian));
        truth.ks_laplace = fmax(truth.ks_laplace, fmax(laplace - low, high - laplace));
    }
    free(x);
    return truth;
}

/* Against the definition, and the same bits for any number of threads; forgets the weights. */
static void check(struct weights weights, double tolerance)
{
    struct truth truth = truth_of(&weights);
    const struct family *one = family_of(&weights, 1);
    weights_assert_near(one->median, truth.median, tolerance, truth.deviation);
    weights_assert_near(one->deviation, truth.deviation, tolerance, 0);
    weights_assert_near(one->ks_gaussian, truth.ks_gaussian, tolerance, 1);
    weights_assert_near(one->ks_laplace, truth.ks_laplace, tolerance, 1);
    assert_int_equal(one->laplace, truth.ks_laplace < truth.ks_gaussian);
    for (unsigned threads = 2; threads <= 3; threads++) {
        const struct family *many = family_of(&weights, threads);
        weights_assert_same(many->median, one->median);
        weights_assert_same(many->deviation, one->deviation);
        weights_assert_same(many->ks_gaussian, one->ks_gaussian);
        weights_assert_same(many->ks_laplace, one->ks_laplace);
        part_unref(&many->part);
    }
    part_unref(&one->part);
    weights_free(&weights);
}

/* The nearest value that BF16 has, as a single. */
static double to_bf16(double x)
{
    float single = (float)x;
    uint32_t bits;
    memcpy(&bits, &single, sizeof bits);
    bits = (bits + 0x8000) & 0xffff0000;
    memcpy(&single, &bits, sizeof bits);
    return (double)single;
}

/* Draws of a Laplace density: the sum of two products of Gaussian ones. */
static double *laplace(size_t n)
{
    double *g = weights_gaussian(4 * n, 0, 1, 11), *x = weights_memory(n);
    for (size_t i = 0; i < n; i++)
        x[i] = g[4 * i] * g[4 * i + 1] + g[4 * i + 2] * g[4 * i + 3];
    free(g);
    return x;
}

static struct weights make(uint64_t channels, uint64_t length, double *x, bool bf16)
{
    for (size_t i = 0; bf16 && i < channels * length; i++)
        x[i] = to_bf16(x[i]);
    struct weights weights =
        weights_make(bf16 ? "F32" : "F64", 2, (const uint64_t[]){ channels, length }, x);
    free(x);
    return weights;
}

static void test_sorted(void **state)
{
    (void)state;
    check(make(5, 300, weights_gaussian(1500, 0.1, 0.3, 1), false), 1e-12);
    check(make(1, 7, weights_gaussian(7, 0, 1, 2), false), 1e-12);
    check(make(40, 50, laplace(2000), false), 1e-12);
    check(make(3, 1, weights_gaussian(3, 5, 1e-3, 3), false), 1e-10);
}

static void test_ties(void **state)
{
    (void)state;
    double *x = weights_gaussian(2000, 0.2, 2, 4);
    for (size_t i = 0; i < 2000; i++)
        x[i] = rint(x[i]);
    check(make(4, 500, x, false), 1e-12);
}

static void test_nonfinite(void **state)
{
    (void)state;
    double *x = weights_gaussian(900, 0, 1, 5);
    for (size_t i = 0; i < 900; i += 7)
        x[i] = i % 3 ? NAN : i % 2 ? INFINITY : -INFINITY;
    check(make(3, 300, x, false), 1e-12);
}

/* Counted: still exact for BF16, in many rows and in one that is read in parts. */
static void test_counted(void **state)
{
    (void)state;
    check(make(70, MANY / 70, weights_gaussian(MANY, 0.01, 0.3, 6), true), 1e-11);
    check(make(1, MANY, laplace(MANY), true), 1e-11);
}

/* Counted with more bits than are told apart: bins are 2^-10 of their value wide. */
static void test_counted_in_bins(void **state)
{
    (void)state;
    check(make(1, MANY, weights_gaussian(MANY, 0.01, 0.3, 7), false), 1e-3);
}

static void test_families_are_told(void **state)
{
    (void)state;
    struct weights gaussian = make(1, 20000, weights_gaussian(20000, 0, 1, 8), false);
    struct weights heavy = make(1, 20000, laplace(20000), false);
    const struct family *a = family_of(&gaussian, 2), *b = family_of(&heavy, 2);
    assert_false(a->laplace);
    assert_true(b->laplace);
    /* The distance of either density to the other, fitted (FORMULAS §2.2). */
    assert_true(fabs(a->ks_laplace - 0.0419) < 0.01);
    assert_true(fabs(b->ks_gaussian - 0.0620) < 0.01);
    part_unref(&a->part);
    part_unref(&b->part);
    weights_free(&gaussian);
    weights_free(&heavy);
}

static void test_nothing_to_tell(void **state)
{
    (void)state;
    const double alike[] = { 0.3, 0.3, 0.3, 0.3 }, none[] = { NAN, INFINITY, NAN, -INFINITY };
    for (int i = 0; i < 2; i++) {
        struct weights weights =
            weights_make("F64", 2, (const uint64_t[]){ 2, 2 }, i == 0 ? alike : none);
        const struct family *family = family_of(&weights, 2);
        assert_true(isnan(family->ks_gaussian) && isnan(family->ks_laplace));
        assert_false(family->laplace);
        weights_assert_same(family->median, i == 0 ? 0.3 : (double)NAN);
        part_unref(&family->part);
        weights_free(&weights);
    }
}

static void test_cancelled(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(3, 100, 0, 1);
    struct weights_stage stage;
    struct error error = { ERROR_NONE, "" };
    weights_stage_begin(&stage, &weights, 2);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    atomic_store(&stage.watch.cancel, true);
    assert_null(family_compute(&stage.stage, profile, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorted),          cmocka_unit_test(test_ties),
        cmocka_unit_test(test_nonfinite),       cmocka_unit_test(test_counted),
        cmocka_unit_test(test_counted_in_bins), cmocka_unit_test(test_families_are_told),
        cmocka_unit_test(test_nothing_to_tell), cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
