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
#include "engine/spread.h"
#include "weights.h"

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static const struct spread *spread_of(const struct weights *weights)
{
    struct weights_stage stage;
    weights_stage_begin(&stage, weights, 2);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    const struct spread *spread = spread_compute(&stage.stage, profile, NULL);
    assert_non_null(spread);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    return spread;
}

/* What the definitions say: figures of all elements, sorted. */
struct truth {
    size_t n;
    double *sorted;
    double mean, std, r2;
    size_t outliers;
};

static struct truth truth_of(const struct weights *weights)
{
    size_t n = weights->channels * weights->length;
    struct truth truth = { .sorted = weights_memory(n) };
    long double sum = 0, squares = 0, residual = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(weights->x[i]))
            sum += truth.sorted[truth.n++] = weights->x[i];
    qsort(truth.sorted, truth.n, sizeof *truth.sorted, compare);
    truth.mean = (double)(sum / truth.n);
    for (size_t i = 0; i < truth.n; i++)
        squares += powl(truth.sorted[i] - truth.mean, 2);
    truth.std = (double)sqrtl(squares / truth.n);
    for (size_t i = 0; i < truth.n; i++) {
        double z = gsl_cdf_ugaussian_Pinv(((double)i + 0.5) / (double)truth.n);
        residual += powl(truth.sorted[i] - (truth.mean + truth.std * z), 2);
        truth.outliers += fabs(truth.sorted[i] - truth.mean) > 6 * truth.std;
    }
    truth.r2 = (double)(1 - residual / squares);
    return truth;
}

/* Small samples of a type that counts exactly: every element, and R² to the last digits. */
static void test_small_samples(void **state)
{
    (void)state;
    static const uint64_t sizes[] = { 2, 3, 10, 399, 400 };
    for (size_t k = 0; k < sizeof sizes / sizeof *sizes; k++) {
        const uint64_t n = sizes[k];
        double *x = weights_gaussian((size_t)n, 0.5, 1, 7);
        for (size_t i = 0; i < n; i++)
            x[i] = rint(x[i] * 128) / 128;
        x[0] = 1.5;
        struct weights weights = weights_make("F32", 1, &n, x);
        const struct spread *spread = spread_of(&weights);
        struct truth truth = truth_of(&weights);
        assert_int_equal(spread->points, n);
        for (size_t i = 0; i < n; i++) {
            weights_assert_same(spread->sample[i], truth.sorted[i]);
            weights_assert_near(spread->quantile[i],
                                gsl_cdf_ugaussian_Pinv(((double)i + 0.5) / (double)n), 1e-13, 1);
            weights_assert_same(spread->quantile[i], -spread->quantile[n - 1 - i] + 0.0);
        }
        weights_assert_near(spread->r2, truth.r2, 1e-12, 1);
        assert_int_equal(spread->outliers, truth.outliers);
        part_unref(&spread->part);
        free(truth.sorted);
        weights_free(&weights);
        free(x);
    }
}

/* Large samples: points near the order statistics they stand for, with both ends among them. */
static void check_large(struct weights weights)
{
    const struct spread *spread = spread_of(&weights);
    struct truth truth = truth_of(&weights);
    assert_true(spread->points > SPREAD_POINTS / 4 && spread->points <= SPREAD_POINTS);
    for (size_t k = 0; k < spread->points; k++) {
        double p = gsl_cdf_ugaussian_P(spread->quantile[k]);
        size_t rank = (size_t)lrint(p * (double)truth.n - 0.5);
        weights_assert_near(spread->sample[k], truth.sorted[rank], 2e-3, 1e-3 * truth.std);
        assert_true(k == 0 || spread->quantile[k] > spread->quantile[k - 1]);
        assert_true(k == 0 || spread->sample[k] >= spread->sample[k - 1]);
    }
    weights_assert_near(spread->quantile[0], gsl_cdf_ugaussian_Pinv(0.5 / (double)truth.n), 1e-12,
                        0);
    weights_assert_near(spread->r2, truth.r2, 2e-2, 1);
    assert_int_equal(spread->outliers, truth.outliers);
    part_unref(&spread->part);
    free(truth.sorted);
    weights_free(&weights);
}

static void test_large_samples(void **state)
{
    (void)state;
    check_large(weights_make_gaussian(1, 401, 0, 1));
    check_large(weights_make_gaussian(30, 1000, -0.2, 0.1));
    check_large(weights_make_gaussian(2, 100000, 0, 1e-3));

    const uint64_t dims[] = { 10, 2000 };
    double *x = weights_gaussian(20000, 0, 0.1, 8);
    for (size_t i = 0; i < 20000; i += 1000)
        x[i] = i % 3 ? 1.5 : -1.25;
    x[17] = NAN;
    x[18] = INFINITY;
    check_large(weights_make("F64", 2, dims, x));
    free(x);
}

static void test_outliers(void **state)
{
    (void)state;
    /* Of n elements of which one is not 0, that one lies sqrt(n - 1) deviations from the mean. */
    for (uint64_t n = 36; n <= 39; n++) {
        double x[39] = { 0 };
        x[20] = -1;
        struct weights weights = weights_make("F32", 1, &n, x);
        const struct spread *spread = spread_of(&weights);
        assert_int_equal(spread->outliers, n > 37);
        part_unref(&spread->part);
        weights_free(&weights);
    }
}

static void test_no_line(void **state)
{
    (void)state;
    const double x[] = { 0.25, 0.25, 0.25, NAN };
    for (uint64_t n = 0; n <= 4; n++) {
        struct weights weights = weights_make("F32", 1, &n, x);
        const struct spread *spread = spread_of(&weights);
        assert_int_equal(spread->points, n < 4 ? n : 3);
        assert_true(isnan(spread->r2));
        assert_int_equal(spread->outliers, 0);
        part_unref(&spread->part);
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
    assert_null(spread_compute(&stage.stage, profile, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_small_samples), cmocka_unit_test(test_large_samples),
        cmocka_unit_test(test_outliers),      cmocka_unit_test(test_no_line),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
