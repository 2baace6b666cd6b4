/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/outliers.h"
#include "engine/percentile.h"
#include "weights.h"

static const struct outliers *outliers_by(const struct weights *weights,
                                          const struct outlier_limits *limits, unsigned threads)
{
    struct weights_stage stage;
    weights_stage_begin(&stage, weights, threads);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    const struct outliers *outliers = outliers_compute(&stage.stage, profile, limits, NULL);
    assert_non_null(outliers);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    return outliers;
}

static const struct outliers *outliers_of(const struct weights *weights)
{
    struct outlier_limits limits = outlier_limits_default();
    return outliers_by(weights, &limits, 2);
}

/* An element and how far it lies from the mean. */
struct element {
    double distance;
    size_t at;
};

static int further(const void *left, const void *right)
{
    const struct element *a = left, *b = right;
    if (a->distance != b->distance)
        return a->distance > b->distance ? -1 : 1;
    return a->at < b->at ? -1 : a->at > b->at;
}

/* Mean and standard deviation of the finite ones of n values. */
static void describe(const double x[], size_t n, double *mean, double *std)
{
    long double sum = 0, squares = 0;
    size_t finite = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]))
            sum += x[i], finite++;
    *mean = (double)(sum / finite);
    for (size_t i = 0; i < n; i++)
        if (isfinite(x[i]))
            squares += powl(x[i] - sum / finite, 2);
    *std = (double)sqrtl(squares / finite);
}

/* All figures against what the definitions say, sorting everything. */
static void check(const struct weights *weights, const struct outliers *outliers,
                  const double percentile[])
{
    size_t n = weights->channels * weights->length, finite = 0;
    const struct outlier_limits *limits = &outliers->limits;
    struct element *element = malloc((n + 1) * sizeof *element);
    uint64_t count[OUTLIER_RULES] = { 0 };
    double mean, std;
    assert_non_null(element);
    describe(weights->x, n, &mean, &std);
    for (size_t i = 0; i < n; i++) {
        double w = weights->x[i];
        if (!isfinite(w))
            continue;
        element[finite++] = (struct element){ fabs(w - mean), i };
        count[OUTLIER_SIGMA] += fabs(w - mean) > limits->limit[OUTLIER_SIGMA] * std;
        count[OUTLIER_VALUE] += fabs(w) > limits->limit[OUTLIER_VALUE];
        count[OUTLIER_RATIO] +=
            fabs(w) > limits->limit[OUTLIER_RATIO] * percentile[i / weights->length];
    }
    for (int i = 0; i < OUTLIER_RULES; i++)
        assert_int_equal(outliers->count[i], count[i]);
    qsort(element, finite, sizeof *element, further);
    assert_int_equal(outliers->listed, finite < OUTLIERS_WORST ? finite : OUTLIERS_WORST);
    for (size_t i = 0; i < outliers->listed; i++) {
        const struct outlier *worst = &outliers->worst[i];
        double channel_mean, channel_std;
        assert_int_equal(worst->channel * weights->length + worst->column, element[i].at);
        assert_int_equal(worst->row, worst->channel);
        weights_assert_same(worst->value, weights->x[element[i].at]);
        weights_assert_near(worst->sigmas, element[i].distance / std, 1e-9, 1e-9);
        describe(weights->x + worst->channel * weights->length, weights->length, &channel_mean,
                 &channel_std);
        weights_assert_near(worst->channel_sigmas, fabs(worst->value - channel_mean) / channel_std,
                            1e-9, 1e-9);
    }
    free(element);
}

/* The percentiles have tests of their own. */
static double *percentiles_of(const struct weights *weights)
{
    struct weights_stage stage;
    double *percentile = weights_memory(weights->channels);
    weights_stage_begin(&stage, weights, 1);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    assert_true(percentile_compute(&stage.stage, profile, PERCENTILE_OF_MAGNITUDES, 99.9,
                                   percentile, NULL));
    part_unref(&profile->part);
    weights_stage_end(&stage);
    return percentile;
}

/* Gaussian rows with some large elements, some that are not finite, and ties. */
static struct weights make_rough(uint64_t channels, uint64_t length)
{
    const uint64_t dims[] = { channels, length };
    size_t n = (size_t)(channels * length);
    double *x = weights_gaussian(n, 0.05, 0.1, 3);
    for (size_t i = 0; i < n; i += n / 40 + 1)
        x[i] = i % 2 ? 1.25 + (double)(i % 7) : -1.5 * (double)(i % 5);
    x[n / 3] = NAN;
    x[n / 2] = INFINITY;
    x[n / 2 + 1] = -INFINITY;
    struct weights weights = weights_make("F64", 2, dims, x);
    free(x);
    return weights;
}

static void test_definitions(void **state)
{
    (void)state;
    static const uint64_t shapes[][2] = { { 1, 9 }, { 40, 3 }, { 100, 211 }, { 2, 70000 } };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct weights weights = make_rough(shapes[i][0], shapes[i][1]);
        double *percentile = percentiles_of(&weights);
        struct outlier_limits limits = outlier_limits_default();
        for (int k = 0; k < 2; k++) {
            const struct outliers *outliers = outliers_by(&weights, &limits, 2);
            check(&weights, outliers, percentile);
            part_unref(&outliers->part);
            limits = (struct outlier_limits){ { 2.5, 1.3, 0.9 } };
        }
        free(percentile);
        weights_free(&weights);
    }
}

static void test_threads_agree(void **state)
{
    (void)state;
    struct weights weights = make_rough(300, 200);
    struct outlier_limits limits = outlier_limits_default();
    const struct outliers *one = outliers_by(&weights, &limits, 1);
    const struct outliers *four = outliers_by(&weights, &limits, 4);
    assert_memory_equal(&one->limits, &four->limits, sizeof *one - offsetof(struct outliers, limits));
    part_unref(&one->part);
    part_unref(&four->part);
    weights_free(&weights);
}

/* Values of two magnitudes only: the first elements are listed, whoever found them. */
static void test_ties(void **state)
{
    (void)state;
    const uint64_t dims[] = { 50, 500 };
    double *x = weights_memory(25000);
    for (size_t i = 0; i < 25000; i++)
        x[i] = i % 2 ? 1 : -1;
    struct weights weights = weights_make("F32", 2, dims, x);
    const struct outliers *outliers = outliers_of(&weights);
    for (size_t i = 0; i < OUTLIERS_WORST; i++) {
        assert_int_equal(outliers->worst[i].row, 0);
        assert_int_equal(outliers->worst[i].column, i);
    }
    part_unref(&outliers->part);
    weights_free(&weights);
    free(x);
}

/* One element of 40 deviations among many is on top, with its place. */
static void test_planted(void **state)
{
    (void)state;
    const uint64_t dims[] = { 1000, 500 };
    double *x = weights_gaussian(500000, 0, 0.02, 11);
    x[777 * 500 + 123] = -0.8;
    struct weights weights = weights_make("F32", 2, dims, x);
    const struct outliers *outliers = outliers_of(&weights);
    assert_int_equal(outliers->worst[0].channel, 777);
    assert_int_equal(outliers->worst[0].column, 123);
    weights_assert_near(outliers->worst[0].sigmas, 40, 0.01, 0);
    assert_int_equal(outliers->count[OUTLIER_SIGMA], 1);
    assert_true(outliers->worst[1].sigmas < 6);
    part_unref(&outliers->part);
    weights_free(&weights);
    free(x);
}

/* Which row and which column hold the outliers. */
static void test_lines(void **state)
{
    (void)state;
    const uint64_t dims[] = { 64, 300 };
    double *x = weights_gaussian(64 * 300, 0, 0.01, 5);
    for (size_t row = 0; row < 64; row += 4)
        x[row * 300 + 200] = 1;
    for (size_t column = 0; column < 4; column++)
        x[33 * 300 + column * 7] = -1;
    struct weights weights = weights_make("F32", 2, dims, x);
    const struct outliers *outliers = outliers_of(&weights);
    assert_int_equal(outliers->count[OUTLIER_SIGMA], 20);
    assert_int_equal(outliers->column.index, 200);
    assert_int_equal(outliers->column.count, 16);
    assert_int_equal(outliers->column.hit, 5);
    assert_int_equal(outliers->row.index, 33);
    assert_int_equal(outliers->row.count, 4);
    assert_int_equal(outliers->row.hit, 17);
    part_unref(&outliers->part);
    weights_free(&weights);
    free(x);
}

static void test_nothing_to_list(void **state)
{
    (void)state;
    const double x[] = { 0.25, 0.25, NAN, NAN };
    static const uint64_t from[] = { 0, 2 };
    for (size_t i = 0; i < 2; i++) {
        const uint64_t n = 2;
        struct weights weights = weights_make("F32", 1, &n, x + from[i]);
        const struct outliers *outliers = outliers_of(&weights);
        assert_int_equal(outliers->listed, 0);
        assert_int_equal(outliers->count[OUTLIER_SIGMA], 0);
        part_unref(&outliers->part);
        weights_free(&weights);
    }
    struct weights weights = weights_make("F32", 2, (const uint64_t[]){ 0, 4 }, x);
    const struct outliers *outliers = outliers_of(&weights);
    assert_int_equal(outliers->listed, 0);
    part_unref(&outliers->part);
    weights_free(&weights);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(3, 100, 0, 1);
    struct weights_stage stage;
    struct error error = { ERROR_NONE, "" };
    struct outlier_limits limits = outlier_limits_default();
    weights_stage_begin(&stage, &weights, 2);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    atomic_store(&stage.watch.cancel, true);
    assert_null(outliers_compute(&stage.stage, profile, &limits, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definitions),     cmocka_unit_test(test_threads_agree),
        cmocka_unit_test(test_ties),            cmocka_unit_test(test_planted),
        cmocka_unit_test(test_lines),           cmocka_unit_test(test_nothing_to_list),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
