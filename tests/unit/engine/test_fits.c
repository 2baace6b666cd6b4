/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/fits.h"
#include "weights.h"

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static struct fit by_definition(const double row[], size_t length)
{
    double *sorted = weights_memory(length);
    size_t n = 0;
    long double sum = 0;
    for (size_t i = 0; i < length; i++)
        if (isfinite(row[i]))
            sorted[n++] = row[i];
    qsort(sorted, n, sizeof *sorted, compare);
    double median = n ? sorted[(n - 1) / 2] / 2 + sorted[n / 2] / 2 : (double)NAN;
    for (size_t i = 0; i < n; i++)
        sum += fabsl((long double)sorted[i] - median);
    free(sorted);
    return (struct fit){ median, n ? (double)(sum / n) : (double)NAN };
}

static void fit_all(const struct weights *weights, unsigned threads, struct fit fit[])
{
    struct weights_stage stage;
    weights_stage_begin(&stage, weights, threads);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    assert_true(fits_compute(&stage.stage, profile, fit, NULL));
    part_unref(&profile->part);
    weights_stage_end(&stage);
}

/* Every row against the definition; the same bits for 1 to 3 threads. */
static void check(struct weights weights)
{
    struct fit *one = malloc(weights.channels * sizeof *one);
    struct fit *many = malloc(weights.channels * sizeof *many);
    assert_true(one && many);
    fit_all(&weights, 1, one);
    for (size_t i = 0; i < weights.channels; i++) {
        struct fit truth = by_definition(weights.x + i * weights.length, weights.length);
        weights_assert_near(one[i].median, truth.median, 4e-16, truth.deviation);
        weights_assert_near(one[i].deviation, truth.deviation, 1e-13, 0);
    }
    for (unsigned threads = 2; threads <= 3; threads++) {
        fit_all(&weights, threads, many);
        for (size_t i = 0; i < weights.channels; i++) {
            weights_assert_same(many[i].median, one[i].median);
            weights_assert_same(many[i].deviation, one[i].deviation);
        }
    }
    free(one);
    free(many);
    weights_free(&weights);
}

static void test_rows(void **state)
{
    (void)state;
    check(weights_make_gaussian(40, 1, 0, 1));
    check(weights_make_gaussian(40, 2, 0, 1));
    check(weights_make_gaussian(9, 999, -0.3, 0.1));
    check(weights_make_gaussian(3, 70001, 0.01, 0.02));
    check(weights_make_gaussian(2, 140000, 0.01, 0.02));
}

static void test_odd_rows(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 50, 70000 };
    for (size_t k = 0; k < 2; k++) {
        size_t d = (size_t)lengths[k];
        double *x = weights_gaussian(4 * d, 0, 1, 6);
        for (size_t i = 0; i < d; i++) {
            x[i] = i % 17 ? x[i] : i % 2 ? NAN : INFINITY;
            x[d + i] = i % 2 ? NAN : -INFINITY;
            x[2 * d + i] = i == d - 1 ? -0.125 : NAN;
            x[3 * d + i] = 0.5;
        }
        check(weights_make("F64", 2, (const uint64_t[]){ 4, d }, x));
        free(x);
    }
}

static void test_cancelled(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(3, 100, 0, 1);
    struct weights_stage stage;
    struct error error = { ERROR_NONE, "" };
    struct fit fit[3];
    weights_stage_begin(&stage, &weights, 2);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    atomic_store(&stage.watch.cancel, true);
    assert_false(fits_compute(&stage.stage, profile, fit, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_odd_rows),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
