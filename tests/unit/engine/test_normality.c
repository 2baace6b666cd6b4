/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/normality.h"
#include "stats/shapiro.h"
#include "weights.h"

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* The test of one channel as it is defined: thin, leave out what is not finite, sort, test. */
static struct channel_normality directly(const double x[], size_t d)
{
    struct channel_normality result = { NAN, NAN };
    double thinned[SHAPIRO_MOST];
    size_t n = 0;
    for (size_t i = 0; i < (d < SHAPIRO_MOST ? d : SHAPIRO_MOST); i++) {
        double value = x[d <= SHAPIRO_MOST ? i : i * d / SHAPIRO_MOST];
        if (isfinite(value))
            thinned[n++] = value;
    }
    if (n < SHAPIRO_LEAST)
        return result;
    qsort(thinned, n, sizeof *thinned, compare);
    struct shapiro *shapiro = shapiro_new(n);
    shapiro_test(shapiro, thinned, &result.w, &result.p);
    shapiro_free(shapiro);
    return result;
}

static const struct normality *normality_of(const struct weights *weights, unsigned threads)
{
    struct weights_stage stage;
    weights_stage_begin(&stage, weights, threads);
    const struct normality *normality = normality_compute(&stage.stage, NULL);
    assert_non_null(normality);
    weights_stage_end(&stage);
    return normality;
}

static void check(struct weights weights)
{
    for (unsigned threads = 1; threads <= 3; threads++) {
        const struct normality *normality = normality_of(&weights, threads);
        size_t tested = 0, normal = 0;
        assert_int_equal(normality->channels, weights.channels);
        for (size_t i = 0; i < weights.channels; i++) {
            struct channel_normality expected =
                directly(weights.x + i * weights.length, weights.length);
            weights_assert_same(normality->channel[i].w, expected.w);
            weights_assert_same(normality->channel[i].p, expected.p);
            tested += !isnan(expected.p);
            normal += expected.p >= 0.05;
        }
        weights_assert_same(normality->share,
                            tested ? (double)normal / (double)tested : (double)NAN);
        part_unref(&normality->part);
    }
    weights_free(&weights);
}

static void test_lengths(void **state)
{
    (void)state;
    static const uint64_t shapes[][2] = {
        { 5, 1 },     { 5, 2 },     { 50, 3 },    { 50, 4 },     { 30, 300 },   { 4, 4999 },
        { 4, 5000 },  { 4, 5001 },  { 4, 12345 }, { 2, 65536 },  { 2, 65537 },  { 2, 131072 },
        { 1, 200000 }, { 2, 131075 }, { 0, 10 },  { 10, 0 },
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        check(weights_make_gaussian(shapes[i][0], shapes[i][1], 0.1, 2));
}

static void test_nonfinite(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 4, 100, 6000, 70000 };
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        const uint64_t d = lengths[k], dims[] = { 4, d };
        double *x = weights_gaussian(4 * (size_t)d, 0, 1, 2);
        x[0] = NAN;
        x[3] = INFINITY;
        for (size_t i = 0; i < d; i++) {
            x[d + i] = NAN;
            x[2 * d + i] = i > 2 ? x[2 * d + i] : -INFINITY;
            x[3 * d + i] = 0.5;
        }
        check(weights_make("F64", 2, dims, x));
        free(x);
    }
}

static void test_share(void **state)
{
    (void)state;
    /* Two Gaussian channels, one of two values, one constant, which is not tested. */
    const uint64_t dims[] = { 4, 200 };
    double *x = weights_gaussian(800, 0, 1, 3);
    for (size_t i = 0; i < 200; i++) {
        x[400 + i] = i % 2 ? 1 : -1;
        x[600 + i] = 7;
    }
    struct weights weights = weights_make("F32", 2, dims, x);
    const struct normality *normality = normality_of(&weights, 2);
    assert_true(normality->channel[0].p >= 0.05 && normality->channel[1].p >= 0.05);
    assert_true(normality->channel[2].p < 1e-6);
    assert_true(isnan(normality->channel[3].p) && isnan(normality->channel[3].w));
    weights_assert_same(normality->share, 2.0 / 3);
    part_unref(&normality->part);
    weights_free(&weights);
    free(x);
}

static void test_cancelled(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 100, 70000 };
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        struct weights weights = weights_make_gaussian(2, lengths[k], 0, 1);
        struct weights_stage stage;
        struct error error = { ERROR_NONE, "" };
        weights_stage_begin(&stage, &weights, 2);
        atomic_store(&stage.watch.cancel, true);
        assert_null(normality_compute(&stage.stage, &error));
        assert_int_equal(error.code, ERROR_CANCELLED);
        weights_stage_end(&stage);
        weights_free(&weights);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lengths),
        cmocka_unit_test(test_nonfinite),
        cmocka_unit_test(test_share),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
