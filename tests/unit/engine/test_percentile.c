/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/percentile.h"
#include "weights.h"

static const double percents[] = { 0, 0.01, 25, 50, 99.9, 99.999, 100 };
#define PERCENTS (sizeof percents / sizeof *percents)

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Moves the finite values of a row to its front, as magnitudes in ascending order. */
static size_t sort_magnitudes(double row[], size_t n)
{
    size_t kept = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(row[i]))
            row[kept++] = fabs(row[i]);
    qsort(row, kept, sizeof *row, compare);
    return kept;
}

/* The definition: interpolation at p/100 (n - 1). */
static double by_definition(const double sorted[], size_t n, double p)
{
    if (n == 0)
        return NAN;
    double position = p / 100 * (double)(n - 1), share = position - floor(position);
    double low = sorted[(size_t)position], high = sorted[(size_t)ceil(position)];
    return share == 0 ? low : low * (1 - share) + high * share;
}

static void check_rows(const struct weights *weights, const size_t finite[], unsigned threads)
{
    double *got = weights_memory(weights->channels);
    struct weights_stage stage;
    weights_stage_begin(&stage, weights, threads);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    assert_non_null(profile);
    for (size_t k = 0; k < PERCENTS; k++) {
        assert_true(percentile_compute(&stage.stage, profile, PERCENTILE_OF_MAGNITUDES, percents[k],
                                       got, NULL));
        for (size_t i = 0; i < weights->channels; i++)
            weights_assert_near(got[i],
                                by_definition(weights->x + i * weights->length, finite[i],
                                              percents[k]),
                                4e-16, 4e-308);
    }
    part_unref(&profile->part);
    weights_stage_end(&stage);
    free(got);
}

/* Every row of the weights, for every percent and 1 to 3 threads, against sorting. */
static void check(struct weights *weights)
{
    size_t finite[64];
    assert_true(weights->channels <= sizeof finite / sizeof *finite);
    for (size_t i = 0; i < weights->channels; i++)
        finite[i] = sort_magnitudes(weights->x + i * weights->length, weights->length);
    for (unsigned threads = 1; threads <= 3; threads++)
        check_rows(weights, finite, threads);
    weights_free(weights);
}

static void test_short_rows(void **state)
{
    (void)state;
    static const uint64_t shapes[][2] = { { 40, 1 }, { 40, 2 }, { 9, 999 }, { 3, 20000 } };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct weights weights = weights_make_gaussian(shapes[i][0], shapes[i][1], -0.3, 1);
        check(&weights);
    }
}

static void test_long_rows(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 65536, 65537, 131072, 131073, 150000 };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct weights weights = weights_make_gaussian(2, lengths[i], -0.3, 1e-3);
        check(&weights);
    }
}

static void test_ties(void **state)
{
    (void)state;
    const uint64_t dims[] = { 2, 70000 };
    double *x = weights_gaussian(2 * 70000, 0, 3, 5);
    for (size_t i = 0; i < 2 * 70000; i++)
        x[i] = rint(x[i]);
    struct weights weights = weights_make("F32", 2, dims, x);
    free(x);
    check(&weights);
}

/* Row 0 has a few values that are not finite, 1 nothing else, 2 only one finite value, 3 both ends
 * of double's range. */
static void test_odd_values(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 50, 70000 };
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        const uint64_t d = lengths[k], dims[] = { 4, d };
        double *x = weights_gaussian(4 * (size_t)d, 0, 1, 6);
        for (size_t i = 0; i < d; i++) {
            if (i % 17 == 0)
                x[i] = i % 2 ? NAN : i % 3 ? -INFINITY : INFINITY;
            x[d + i] = i % 2 ? NAN : -INFINITY;
            x[2 * d + i] = i == d - 1 ? -0.125 : NAN;
            x[3 * d + i] *= i % 3 == 0 ? 1e308 / 8 : i % 3 == 1 ? 5e-324 : 0;
        }
        struct weights weights = weights_make("F64", 2, dims, x);
        free(x);
        check(&weights);
    }
}

/* Of the values themselves: the percentiles of shifted magnitudes, shifted back. */
static void test_values(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 999, 70000 };
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        struct weights weights = weights_make_gaussian(2, lengths[k], -0.3, 1);
        struct weights_stage stage;
        double got[2];
        weights_stage_begin(&stage, &weights, 2);
        const struct profile *profile = profile_compute(&stage.stage, NULL);
        for (size_t i = 0; i < 2 * weights.length; i++)
            weights.x[i] += 10;
        for (size_t i = 0; i < 2; i++)
            sort_magnitudes(weights.x + i * weights.length, weights.length);
        for (size_t p = 0; p < PERCENTS; p++) {
            assert_true(percentile_compute(&stage.stage, profile, PERCENTILE_OF_VALUES,
                                           percents[p], got, NULL));
            for (size_t i = 0; i < 2; i++)
                weights_assert_near(got[i] + 10,
                                    by_definition(weights.x + i * weights.length, weights.length,
                                                  percents[p]),
                                    1e-15, 0);
        }
        part_unref(&profile->part);
        weights_stage_end(&stage);
        weights_free(&weights);
    }
}

static void test_cancelled(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 50, 70000 };
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        struct weights weights = weights_make_gaussian(3, lengths[k], 0, 1);
        struct weights_stage stage;
        struct error error = { ERROR_NONE, "" };
        double got[3];
        weights_stage_begin(&stage, &weights, 2);
        const struct profile *profile = profile_compute(&stage.stage, NULL);
        atomic_store(&stage.watch.cancel, true);
        assert_false(percentile_compute(&stage.stage, profile, PERCENTILE_OF_MAGNITUDES, 50, got,
                                        &error));
        assert_int_equal(error.code, ERROR_CANCELLED);
        part_unref(&profile->part);
        weights_stage_end(&stage);
        weights_free(&weights);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_short_rows), cmocka_unit_test(test_long_rows),
        cmocka_unit_test(test_ties),       cmocka_unit_test(test_odd_values),
        cmocka_unit_test(test_values),     cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
