/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "engine/analysis.h"
#include "engine/ladder.h"
#include "typed_model.h"
#include "weights.h"

struct outcome {
    struct record_weights weights;
    struct record_error error[RECORD_WIDTHS];
};

static struct outcome ladder_of(const struct tensor *tensor, struct tensor_view view,
                                const char *transform, const struct normality *normality,
                                unsigned threads)
{
    struct outcome outcome;
    struct error error = {0};
    struct watch watch = {.cancel = false};
    struct rows rows;
    struct pool *pool = pool_new(threads, &error);
    assert_true(rows_init(&rows, tensor, view, REQUEST_ALL_CHANNELS, &error));
    struct basis *basis = weights_basis(transform, rows.columns);
    assert_true(rows_transform(&rows, basis, &error));
    const struct stage stage = {pool, &rows, &watch};
    if (!ladder_compute(&stage, normality, &outcome.weights, outcome.error, &error))
        fail_msg("%s", error.text);
    pool_free(pool);
    basis_free(basis);
    return outcome;
}

/* The same by the analysis of one width, which rounds in double. */
static const struct report *analyse(const struct tensor *tensor, struct tensor_view view,
                                    const char *transform, int bits)
{
    struct request request = {.tensor = tensor,
                              .view = view,
                              .channel = REQUEST_ALL_CHANNELS,
                              .transform = weights_transform(transform),
                              .scheme = scheme_default(),
                              .figures_only = true};
    request.scheme.bits = bits;
    struct error error = {0};
    const struct report *report = weights_report(&request, 1, &error);
    if (!report)
        fail_msg("%s", error.text);
    return report;
}

static void check_weights(const struct record_weights *got, const struct figures *expected)
{
    assert_int_equal(got->channels, expected->channels);
    assert_int_equal(got->elements, expected->elements);
    assert_int_equal(got->nonfinite, expected->nonfinite);
    weights_assert_near(got->mean, expected->mean, 1e-12, expected->std);
    weights_assert_near(got->std, expected->std, 1e-12, 0);
    weights_assert_near(got->skewness, expected->skewness, 1e-9, 1);
    weights_assert_near(got->excess_kurtosis, expected->excess_kurtosis, 1e-9, 1);
    weights_assert_same(got->min, expected->min);
    weights_assert_same(got->max, expected->max);
    weights_assert_same(got->abs_max, expected->abs_max);
    weights_assert_near(got->abs_max_over_std, expected->abs_max_over_std, 1e-12, 0);
    weights_assert_near(got->abs_max_expected, expected->abs_max_expected, 0, 0);
}

/* The pairs of theory and measurement that the regression must have seen. */
static void check_fits(const struct report *report, const struct record_error *got)
{
    struct regression std = {0}, mean = {0};
    uint64_t wide = 0;
    for (size_t i = 0; i < report->errors->channels; i++) {
        const struct channel_error *channel = &report->errors->channel[i];
        const double sigma = moments_std(&report->profile->channel[i]);
        if (isnan(channel->theory_std))
            continue;
        regression_add(&std, channel->theory_std, channel->std);
        regression_add(&mean, channel->theory_mean, channel->mean);
        wide += channel->step > 2 * sigma;
    }
    assert_int_equal(got->std_fit[RECORD_ALL].n, std.n);
    assert_int_equal(got->wide_channels, wide);
    weights_assert_near(got->std_fit[RECORD_ALL].mean_y, std.mean_y, 1e-6, 0);
    weights_assert_near(got->std_fit[RECORD_ALL].residual, std.residual, 1e-3, 1e-6 * std.yy);
    weights_assert_near(got->mean_fit[RECORD_ALL].mean_y, mean.mean_y, 1e-6, std.mean_y);
    weights_assert_near(regression_slope(&got->std_fit[RECORD_ALL]), regression_slope(&std), 1e-4,
                        1);
}

static void check_width(const struct outcome *outcome, const struct report *report, int bits)
{
    const struct figures *expected = &report->figures;
    const struct record_error *got = &outcome->error[bits - RECORD_BITS_LEAST];
    const double step = expected->step_median > 0 ? expected->step_median : 1;
    /* A tie decided the other way would move the mean by step/n. */
    weights_assert_near(got->mean, expected->error_mean, 1e-9, step / (double)expected->elements);
    weights_assert_near(got->std, expected->error_std, 1e-6, 0);
    weights_assert_near(got->mse, expected->error_mse, 1e-6, 0);
    weights_assert_near(got->abs_max, expected->error_abs_max, 1e-4, 0);
    weights_assert_near(got->theory_mean, expected->theory_error_mean, 1e-9, step);
    weights_assert_near(got->theory_std, expected->theory_error_std, 1e-9, 0);
    weights_assert_near(got->pqn_std, expected->pqn_error_std, 1e-12, 0);
    weights_assert_near(got->sqnr_db, expected->sqnr_db, 1e-5, 1);
    weights_assert_near(got->theory_sqnr_db, expected->theory_sqnr_db, 1e-5, 1);
    const int each_side = (1 << (bits - 1)) - 1;
    weights_assert_near(outcome->weights.abs_max_over_std_median / each_side,
                        expected->step_over_std_median, 1e-12, 0);
    check_fits(report, got);
}

static void check(const struct tensor *tensor, struct tensor_view view, const char *transform)
{
    const struct outcome outcome = ladder_of(tensor, view, transform, NULL, 2);
    for (int bits = RECORD_BITS_LEAST; bits <= RECORD_BITS_MOST; bits++) {
        const struct report *report = analyse(tensor, view, transform, bits);
        if (bits == RECORD_BITS_LEAST)
            check_weights(&outcome.weights, &report->figures);
        check_width(&outcome, report, bits);
        weights_report_free(report);
    }
}

static const struct tensor_view as_stored;

/* Draws of a type and shape. */
static struct model *model_of(const char *dtype, size_t channels, size_t length, double mean,
                              double std)
{
    struct typed_model writer = {0};
    char shape[64];
    snprintf(shape, sizeof shape, "%zu,%zu", channels, length);
    double *x = weights_gaussian(channels * length, mean, std, 3);
    typed_model_add(&writer, "w", dtype, shape, x, channels * length);
    free(x);
    return typed_model_open(&writer, "ladder.safetensors");
}

static void check_draws(const char *dtype, size_t channels, size_t length, double mean, double std)
{
    struct model *model = model_of(dtype, channels, length, mean, std);
    check(&model->tensors[0], as_stored, "none");
    model_free(model);
}

static void test_each_type_and_length(void **state)
{
    (void)state;
    static const char *const types[] = {"BF16", "F16", "F32", "F64"};
    /* Few elements are rounded in double, many in single precision. */
    static const size_t few[] = {1, 2, 17, 100}, many[] = {33, 64, 1023, 1025, 5000};
    for (size_t t = 0; t < 4; t++) {
        for (size_t k = 0; k < sizeof few / sizeof *few; k++)
            check_draws(types[t], 23, few[k], 0.001, 0.02);
        for (size_t k = 0; k < sizeof many / sizeof *many; k++)
            check_draws(types[t], 70000 / many[k] + 1, many[k], 0.001, 0.02);
    }
}

/* Short mantissas tie often, each channel with common divisors of its own. */
static void test_ties(void **state)
{
    (void)state;
    check_draws("BF16", 300, 1000, 0, 0.02);
    check_draws("F16", 300, 1000, 0, 0.02);
    check_draws("BF16", 60, 1000, 0.01, 1000);
    /* Singles that are short numbers in truth: nearly every slice has a tie. */
    struct typed_model writer = {0};
    double *x = weights_gaussian(50 * 700, 0, 0.02, 4);
    for (size_t i = 0; i < 50 * 700; i++)
        x[i] = nearbyint(x[i] * 0x1p12) * 0x1p-12;
    typed_model_add(&writer, "w", "F32", "50,700", x, 50 * 700);
    typed_model_add(&writer, "v", "F64", "50,700", x, 50 * 700);
    free(x);
    struct model *model = typed_model_open(&writer, "ladder.safetensors");
    check(&model->tensors[0], as_stored, "none");
    check(&model->tensors[1], as_stored, "none");
    model_free(model);
}

/* A mean of many standard deviations, and magnitudes that singles do not hold. */
static void test_what_singles_are_no_match_for(void **state)
{
    (void)state;
    check_draws("BF16", 220, 300, 1, 0.05);
    check_draws("F32", 220, 300, 1000, 0.05);
    check_draws("F64", 220, 300, 0, 1e-200);
    check_draws("F64", 220, 300, 1e-60, 1e100);
    check_draws("F32", 220, 300, 0, 1e-38);
    check_draws("F32", 220, 300, 0, 1e-44);
}

static void test_long_channels(void **state)
{
    (void)state;
    check_draws("BF16", 2, 70001, 0, 0.02);
    check_draws("F32", 1, 200003, 0, 0.02);
}

/* Channels of one value, of zeros, on the grid itself, with elements that are not finite. */
static void test_odd_channels(void **state)
{
    (void)state;
    enum { LENGTH = 7411 };
    static const char *const types[] = {"BF16", "F16", "F32", "F64"};
    double *x = weights_gaussian(9 * LENGTH, 0, 0.02, 5);
    for (size_t i = 0; i < LENGTH; i++) {
        x[LENGTH + i] = 0.5;
        x[2 * LENGTH + i] = 0;
        x[3 * LENGTH + i] = (double)(i % 3) - 1;
        x[4 * LENGTH + i] = NAN;
        x[5 * LENGTH + i] = i == 7 ? 1 : 0;
    }
    x[6 * LENGTH] = INFINITY;
    x[8 * LENGTH - 1] = -INFINITY;
    x[8 * LENGTH + 3] = NAN;
    for (size_t t = 0; t < 4; t++) {
        struct typed_model writer = {0};
        typed_model_add(&writer, "w", types[t], "9,7411", x, 9 * LENGTH);
        struct model *model = typed_model_open(&writer, "ladder.safetensors");
        check(&model->tensors[0], as_stored, "none");
        model_free(model);
    }
    free(x);
}

/* Weights that lie on the grid have no error, and the digits of single precision are none. */
static void test_weights_on_the_grid(void **state)
{
    (void)state;
    enum { N = 70000 };
    double *x = weights_memory(N);
    for (size_t i = 0; i < N; i++)
        x[i] = 0.7 * ((double)(i % 3) - 1);
    struct typed_model writer = {0};
    typed_model_add(&writer, "w", "BF16", "70,1000", x, N);
    typed_model_add(&writer, "v", "F32", "70,1000", x, N);
    free(x);
    struct model *model = typed_model_open(&writer, "ladder.safetensors");
    for (size_t i = 0; i < 2; i++) {
        const struct outcome outcome =
            ladder_of(&model->tensors[i], as_stored, "none", NULL, 2);
        for (size_t k = 0; k < RECORD_WIDTHS; k++)
            assert_true(outcome.error[k].abs_max < 1e-15);
    }
    model_free(model);
}

static void test_views_and_transforms(void **state)
{
    (void)state;
    struct model *model = model_of("BF16", 288, 256, 0, 0.02);
    check(&model->tensors[0], (struct tensor_view){.axis = 1}, "none");
    check(&model->tensors[0], as_stored, "hadamard");
    check(&model->tensors[0], (struct tensor_view){.axis = 1}, "random");
    model_free(model);
}

static void test_empty_tensor(void **state)
{
    (void)state;
    struct typed_model writer = {0};
    typed_model_add(&writer, "w", "BF16", "0,8", NULL, 0);
    typed_model_add(&writer, "v", "BF16", "8,0", NULL, 0);
    struct model *model = typed_model_open(&writer, "ladder.safetensors");
    for (size_t i = 0; i < 2; i++) {
        const struct outcome outcome =
            ladder_of(&model->tensors[i], as_stored, "none", NULL, 2);
        assert_int_equal(outcome.weights.elements, 0);
        assert_true(isnan(outcome.weights.std));
        assert_true(isnan(outcome.error[2].std) && isnan(outcome.error[2].sqnr_db));
    }
    model_free(model);
}

static void test_threads_make_no_difference(void **state)
{
    (void)state;
    static const size_t shapes[][2] = {{333, 777}, {3, 70001}};
    for (size_t k = 0; k < 2; k++) {
        struct model *model = model_of("BF16", shapes[k][0], shapes[k][1], 0, 0.02);
        const struct outcome one =
            ladder_of(&model->tensors[0], as_stored, "none", NULL, 1);
        const struct outcome five =
            ladder_of(&model->tensors[0], as_stored, "none", NULL, 5);
        assert_memory_equal(&one, &five, sizeof one);
        model_free(model);
    }
}

/* The second fits are of the channels that a test has not rejected. */
static void test_fits_of_normal_channels(void **state)
{
    (void)state;
    struct channel_normality channel[30];
    for (size_t i = 0; i < 30; i++)
        channel[i] = (struct channel_normality){1, i % 3 == 0 ? 0.01 : i % 3 == 1 ? 0.05 : NAN};
    const struct normality normality = {.channels = 30, .channel = channel};
    struct model *model = model_of("BF16", 30, 200, 0, 0.02);
    const struct outcome outcome =
        ladder_of(&model->tensors[0], as_stored, "none", &normality, 2);
    assert_int_equal(outcome.error[2].std_fit[RECORD_ALL].n, 30);
    assert_int_equal(outcome.error[2].std_fit[RECORD_NORMAL].n, 10);
    assert_int_equal(outcome.error[2].mean_fit[RECORD_NORMAL].n, 10);
    model_free(model);
}

static void test_ratios(void **state)
{
    (void)state;
    struct model *model = model_of("F32", 40, 500, 0, 0.02);
    const struct outcome outcome =
        ladder_of(&model->tensors[0], as_stored, "none", NULL, 2);
    uint64_t counted = 0;
    for (size_t i = 0; i < RECORD_RATIOS; i++) {
        counted += outcome.weights.ratio[i];
        /* 500 draws reach 2.5 to 5 sigma. */
        if (record_ratio_low(i, 2) > 5 || record_ratio_low(i + 1, 2) < 2.5)
            assert_int_equal(outcome.weights.ratio[i], 0);
    }
    assert_int_equal(counted, 40);
    model_free(model);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct model *model = model_of("BF16", 300, 700, 0, 0.02);
    struct error error = {0};
    struct watch watch = {.cancel = true};
    struct outcome outcome;
    struct rows rows;
    struct pool *pool = pool_new(2, &error);
    assert_true(rows_init(&rows, &model->tensors[0], as_stored, REQUEST_ALL_CHANNELS, &error));
    const struct stage stage = {pool, &rows, &watch};
    assert_false(ladder_compute(&stage, NULL, &outcome.weights, outcome.error, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    pool_free(pool);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_type_and_length),
        cmocka_unit_test(test_ties),
        cmocka_unit_test(test_what_singles_are_no_match_for),
        cmocka_unit_test(test_long_channels),
        cmocka_unit_test(test_odd_channels),
        cmocka_unit_test(test_weights_on_the_grid),
        cmocka_unit_test(test_views_and_transforms),
        cmocka_unit_test(test_empty_tensor),
        cmocka_unit_test(test_threads_make_no_difference),
        cmocka_unit_test(test_fits_of_normal_channels),
        cmocka_unit_test(test_ratios),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
