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
#include "direct.h"
#include "engine/errors.h"
#include "weights.h"

static const struct scheme schemes[] = {
    WEIGHTS_SCHEME(1, CLIP_MAX, 0),   WEIGHTS_SCHEME(2, CLIP_MAX, 0),   WEIGHTS_SCHEME(4, CLIP_MAX, 0),
    WEIGHTS_SCHEME(8, CLIP_MAX, 0),   WEIGHTS_SCHEME(9, CLIP_MAX, 0),   WEIGHTS_SCHEME(3, CLIP_SIGMA, 2),
    WEIGHTS_SCHEME(4, CLIP_PERCENTILE, 95), WEIGHTS_SCHEME(4, CLIP_VALUE, 0.03), WEIGHTS_SCHEME(16, CLIP_SIGMA, 3),
};
#define SCHEMES (sizeof schemes / sizeof *schemes)

static const struct errors *errors_of(const struct weights *weights, const struct scheme *scheme,
                                      unsigned threads)
{
    struct weights_stage stage;
    weights_stage_begin(&stage, weights, threads);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    struct believer believer;
    assert_true(
        believer_init(&believer, &stage.stage, profile, BELIEF_GAUSSIAN, NULL, NULL, NULL));
    const struct quantizers *quantizers =
        weights_quantizers(&stage.stage, scheme, profile, NULL, NULL);
    assert_non_null(quantizers);
    const struct errors *errors = errors_compute(&stage.stage, quantizers, &believer, true, NULL);
    assert_non_null(errors);
    part_unref(&quantizers->part);
    believer_done(&believer);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    return errors;
}

/* A few channels of each sort: Gaussian, constant, zero, with a NaN. */
static struct weights mixed(uint64_t length)
{
    const uint64_t dims[] = { 6, length };
    double *x = weights_gaussian(6 * (size_t)length, 0.002, 0.02, 9);
    for (size_t i = 0; i < length; i++) {
        x[length + i] = 0.01;
        x[2 * length + i] = 0;
    }
    x[3 * length + 5] = NAN;
    struct weights weights = weights_make("F64", 2, dims, x);
    free(x);
    return weights;
}

static uint64_t sum(const uint64_t count[], size_t n)
{
    uint64_t total = 0;
    for (size_t i = 0; i < n; i++)
        total += count[i];
    return total;
}

static void check_counts(const struct weights *weights, const struct scheme *scheme)
{
    const struct errors *errors = errors_of(weights, scheme, 2);
    struct histogram *error = histogram_new(errors->error->low, errors->error->high,
                                            errors->error->bins);
    struct histogram *weight = histogram_new(errors->weight->low, errors->weight->high,
                                             errors->weight->bins);
    size_t n = weights->length;
    double *e = weights_memory(n);
    uint64_t mass[256] = { 0 }, counted = 0;
    for (size_t i = 0; i < weights->channels; i++) {
        double *w = weights->x + i * n;
        struct grid grid = direct_errors(w, n, scheme, e);
        weights_assert_near(errors->channel[i].step, grid.step, 1e-12, 0);
        grid.step = errors->channel[i].step;
        grid.clip = errors->channel[i].clip;
        for (size_t k = 0; k < n && grid.step > 0; k++) {
            double unit = e[k] / grid.step, clip = w[k] / grid.clip;
            histogram_add(error, &unit, 1);
            histogram_add(weight, &clip, 1);
            counted += isfinite(w[k]) != 0;
            if (isfinite(w[k]) && errors->levels > 0)
                mass[lrint((w[k] + e[k]) / (scheme->bits > 1 ? grid.step : grid.clip)) +
                     (long)errors->levels / 2]++;
        }
    }
    size_t levels = scheme->bits == 1 ? 3 : (2u << (scheme->bits - 1)) - 1;
    assert_int_equal(errors->levels, scheme->bits <= 8 ? levels : 0);
    assert_memory_equal(errors->weight->count, weight->count, weight->bins * sizeof *weight->count);
    assert_int_equal(histogram_total(errors->error), counted);
    assert_int_equal(histogram_total(errors->weight), counted);
    assert_int_equal(errors->error->under, error->under);
    assert_int_equal(errors->error->over, error->over);
    /* Errors of step * level - w may differ in the last bit, and move to the next bin. */
    uint64_t moved = 0;
    for (size_t k = 0; k < error->bins; k++)
        moved += error->count[k] != errors->error->count[k];
    assert_true(moved <= 4);
    if (errors->levels > 0) {
        assert_int_equal(sum(errors->mass, errors->levels), counted);
        assert_memory_equal(errors->mass, mass, errors->levels * sizeof *mass);
    }
    free(e);
    histogram_free(error);
    histogram_free(weight);
    part_unref(&errors->part);
}

static void test_counts(void **state)
{
    (void)state;
    struct weights weights = mixed(3000);
    for (size_t i = 0; i < SCHEMES; i++)
        check_counts(&weights, &schemes[i]);
    weights_free(&weights);
}

/* Curves rise from 0 to 1, hold the masses they stand for, and belong to the pictures. */
static void test_curves(void **state)
{
    (void)state;
    struct weights weights = mixed(3000);
    for (size_t i = 0; i < SCHEMES; i++) {
        const struct errors *errors = errors_of(&weights, &schemes[i], 2);
        const double *cdf = errors->theory_cdf;
        size_t bins = errors->error->bins;
        for (size_t k = 0; k < bins; k++)
            assert_true(cdf[k + 1] >= cdf[k] - 1e-7);
        assert_true(cdf[0] >= -1e-7 && cdf[bins] <= 1 + 1e-7);
        assert_true(errors->distance >= 0 && errors->distance <= 1);
        const struct histogram *weight = errors->weight;
        double mass = 0, width = (weight->high - weight->low) / (double)weight->bins;
        for (size_t k = 0; k < errors->weight->bins; k++)
            mass += errors->fitted[k] * width;
        assert_true(mass > 0 && mass < 1 + 1e-9);
        if (schemes[i].clip.rule == CLIP_MAX) {
            /* A fifth of the elements with a step is constant: it has no density. */
            assert_true(schemes[i].bits == 1 || fabs(mass - 0.8) < 2e-3);
            assert_true(schemes[i].bits == 1 || (cdf[0] < 1e-7 && cdf[bins] > 1 - 1e-7));
        }
        part_unref(&errors->part);
    }
    weights_free(&weights);
}

static void same_numbers(const double a[], const double b[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        weights_assert_same(a[i], b[i]);
}

static void same_histograms(const struct histogram *a, const struct histogram *b)
{
    weights_assert_same(a->low, b->low);
    weights_assert_same(a->high, b->high);
    assert_int_equal(a->bins, b->bins);
    assert_int_equal(a->under, b->under);
    assert_int_equal(a->over, b->over);
    assert_memory_equal(a->count, b->count, a->bins * sizeof *a->count);
}

static void same_channels(const struct channel_error *a, const struct channel_error *b)
{
    weights_assert_same(a->clip, b->clip);
    weights_assert_same(a->step, b->step);
    weights_assert_same(a->mean, b->mean);
    weights_assert_same(a->std, b->std);
    weights_assert_same(a->mse, b->mse);
    weights_assert_same(a->abs_max, b->abs_max);
    weights_assert_same(a->sqnr_db, b->sqnr_db);
    weights_assert_same(a->theory_mean, b->theory_mean);
    weights_assert_same(a->theory_std, b->theory_std);
    weights_assert_same(a->theory_mse, b->theory_mse);
    assert_int_equal(a->clipped, b->clipped);
}

static void same_errors(const struct errors *a, const struct errors *b)
{
    assert_int_equal(a->channels, b->channels);
    for (size_t i = 0; i < a->channels; i++)
        same_channels(&a->channel[i], &b->channel[i]);
    same_histograms(a->error, b->error);
    same_histograms(a->weight, b->weight);
    same_numbers(a->theory_cdf, b->theory_cdf, a->error->bins + 1);
    same_numbers(a->fitted, b->fitted, a->weight->bins);
    assert_int_equal(a->levels, b->levels);
    assert_memory_equal(a->mass, b->mass, a->levels * sizeof *a->mass);
    same_numbers(a->position, b->position, a->levels);
}

static void same_profiles(const struct profile *a, const struct profile *b)
{
    assert_int_equal(a->channels, b->channels);
    assert_memory_equal(&a->total, &b->total, sizeof a->total);
    assert_memory_equal(a->channel, b->channel, a->channels * sizeof *a->channel);
}

static void same_reports(const struct report *a, const struct report *b)
{
    direct_assert_same(&a->figures, &b->figures);
    same_profiles(a->profile, b->profile);
    same_errors(a->errors, b->errors);
    assert_int_equal(a->spread->points, b->spread->points);
    same_numbers(a->spread->sample, b->spread->sample, a->spread->points);
    same_numbers(a->spread->quantile, b->spread->quantile, a->spread->points);
    weights_assert_same(a->spread->r2, b->spread->r2);
    assert_int_equal(a->spread->outliers, b->spread->outliers);
    weights_assert_same(a->normality->share, b->normality->share);
    for (size_t i = 0; i < a->normality->channels; i++) {
        weights_assert_same(a->normality->channel[i].w, b->normality->channel[i].w);
        weights_assert_same(a->normality->channel[i].p, b->normality->channel[i].p);
    }
}

static void check_threads(struct weights weights, const char *transform)
{
    static const unsigned threads[] = { 2, 3, 5 };
    struct request request = weights_request(&weights);
    request.transform = weights_transform(transform);
    for (size_t i = 0; i < SCHEMES; i++) {
        request.scheme = schemes[i];
        request.belief = (enum belief)(i % BELIEF_COUNT);
        const struct report *one = weights_report(&request, 1, NULL);
        for (size_t k = 0; k < sizeof threads / sizeof *threads; k++) {
            const struct report *many = weights_report(&request, threads[k], NULL);
            same_reports(one, many);
            weights_report_free(many);
        }
        weights_report_free(one);
    }
    weights_free(&weights);
}

/* The same bits of everything for any number of threads. */
static void test_threads(void **state)
{
    (void)state;
    check_threads(mixed(1000), "none");
    check_threads(mixed(1024), "hadamard");
    check_threads(mixed(1000), "cat:64");
    check_threads(weights_make_gaussian(200, 257, 0.001, 0.02), "none");
    check_threads(weights_make_gaussian(1, 140000, 0.001, 0.02), "none");
}

/* Leaks are for the sanitizer to find. */
static void test_cancelled(void **state)
{
    (void)state;
    struct weights weights = mixed(100);
    for (size_t i = 0; i < SCHEMES; i++) {
        struct weights_stage stage;
        struct error error = { ERROR_NONE, "" };
        weights_stage_begin(&stage, &weights, 2);
        const struct profile *profile = profile_compute(&stage.stage, NULL);
        struct believer believer;
        assert_true(
            believer_init(&believer, &stage.stage, profile, BELIEF_GAUSSIAN, NULL, NULL, NULL));
        const struct quantizers *quantizers =
            weights_quantizers(&stage.stage, &schemes[i], profile, NULL, NULL);
        atomic_store(&stage.watch.cancel, true);
        assert_null(errors_compute(&stage.stage, quantizers, &believer, true, &error));
        assert_int_equal(error.code, ERROR_CANCELLED);
        part_unref(&quantizers->part);
        believer_done(&believer);
        part_unref(&profile->part);
        weights_stage_end(&stage);
    }
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),
        cmocka_unit_test(test_curves),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
