/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "schemes.h"

/* ---- every unit gathered, fitted and rounded by itself ---- */

struct expected {
    double *e, *step_square;
    uint64_t *clipped;
};

static double largest(const struct weights *weights)
{
    double most = 0;
    for (size_t i = 0; i < weights->channels * weights->length; i++)
        if (isfinite(weights->x[i]))
            most = fmax(most, fabs(weights->x[i]));
    return most;
}

static void expect_unit(const struct weights *weights, struct fitter *fitter, size_t line,
                        size_t column, size_t lines, size_t columns, struct expected *expected)
{
    double *values = weights_memory(lines * columns);
    for (size_t i = 0; i < lines; i++)
        memcpy(values + i * columns, weights->x + (line + i) * weights->length + column,
               columns * sizeof *values);
    const struct quantizer quantizer = fitter_fit(fitter, values, lines * columns);
    for (size_t i = 0; i < lines; i++) {
        const double *w = values + i * columns;
        quantizer_round(&quantizer, w, columns,
                        expected->e + (line + i) * weights->length + column, NULL);
        expected->clipped[line + i] += quantizer_clipped(&quantizer, w, columns);
        expected->step_square[line + i] += (double)columns * quantizer.step * quantizer.step;
    }
    free(values);
}

static void expect_correction(const struct weights *weights, const struct scheme *scheme,
                              struct expected *expected)
{
    for (size_t i = 0; i < weights->channels; i++) {
        const double *w = weights->x + i * weights->length;
        double *e = expected->e + i * weights->length;
        struct correction_sums sums = { .weight = { 0 } };
        correction_add(&sums, w, e, weights->length);
        const struct correction correction = correction_make(scheme, &sums);
        correction_apply(&correction, w, e, weights->length);
    }
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

static struct expected expect(const struct weights *weights, const struct scheme *scheme,
                              bool laplace)
{
    const size_t height = weights->channels, width = weights->length;
    const struct granularity granularity = scheme_granularity(scheme);
    const size_t lines = granularity.rows ? least(granularity.rows, height) : height;
    const size_t columns = granularity.columns ? least(granularity.columns, width) : width;
    struct expected expected = { weights_memory(height * width), weights_memory(height),
                                 calloc(height, sizeof *expected.clipped) };
    struct books *books = books_make(scheme, NULL);
    assert_non_null(books);
    struct fitter *fitter = fitter_new(scheme, books, laplace, largest(weights));
    memset(expected.step_square, 0, height * sizeof *expected.step_square);
    for (size_t i = 0; i < height; i += lines)
        for (size_t k = 0; k < width; k += columns)
            expect_unit(weights, fitter, i, k, least(lines, height - i), least(columns, width - k),
                        &expected);
    if (scheme->correct_mean)
        expect_correction(weights, scheme, &expected);
    fitter_free(fitter);
    books_free(books);
    return expected;
}

static void expected_free(struct expected *expected)
{
    free(expected->e);
    free(expected->step_square);
    free(expected->clipped);
}

static double mean_square(const double x[], size_t n)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += x[i] * x[i];
    return sum / (double)n;
}

/* A clip that was searched for in bins is not the same, only as good. */
static void compare(const struct weights *weights, const struct scheme *scheme,
                    const struct report *report, const char *what)
{
    const bool binned = scheme->clip.rule == CLIP_MSE || scheme->clip.rule == CLIP_LP ||
                        scheme->levels.kind == LEVELS_EMPIRICAL;
    const double near = binned && report->quantizers->kept > 0 ? 3e-3 : 1e-9;
    struct expected expected =
        expect(weights, scheme, report->family && report->family->laplace);
    double sum = 0;
    for (size_t i = 0; i < weights->channels; i++) {
        const struct channel_error *channel = &report->errors->channel[i];
        const double mse = mean_square(expected.e + i * weights->length, weights->length);
        const double step = sqrt(expected.step_square[i] / (double)weights->length);
        sum += mse / (double)weights->channels;
        /* Of a whole tensor's unit the channels share the least error, not each by itself. */
        if (near < 1e-6 && (fabs(channel->mse - mse) > near * mse + 1e-30 ||
                            fabs(channel->step - step) > near * step ||
                            channel->clipped != expected.clipped[i]))
            fail_msg("%s, channel %zu: mse %.17g, step %.17g, %llu clipped, not %.17g, %.17g, %llu",
                     what, i, channel->mse, channel->step, (unsigned long long)channel->clipped,
                     mse, step, (unsigned long long)expected.clipped[i]);
    }
    if (fabs(report->figures.error_mse - sum) > near * sum + 1e-30)
        fail_msg("%s: %.17g, not %.17g", what, report->figures.error_mse, sum);
    expected_free(&expected);
}

static void check_shape(uint64_t channels, uint64_t length)
{
    struct weights weights = random_weights(channels, length);
    for (size_t i = 0; i < WORDS; i++)
        for (size_t g = 0; g < GRANULARITIES; g++) {
            char what[160];
            const struct scheme scheme = scheme_of(&all_words[i], granularities[g]);
            const struct request request = request_of(&weights, &scheme);
            struct error error = { ERROR_NONE, "" };
            const struct report *report = weights_report(&request, 2, &error);
            snprintf(what, sizeof what, "%s %s %s of %zu x %zu", all_words[i].levels,
                     all_words[i].clip, granularities[g], weights.channels, weights.length);
            if (!report)
                fail_msg("%s: %s", what, error.text);
            compare(&weights, &scheme, report, what);
            weights_report_free(report);
        }
    weights_free(&weights);
}

static void test_every_granularity(void **state)
{
    (void)state;
    check_shape(5, 37);
    check_shape(7, 130);
    check_shape(1, 300);
    check_shape(9, 1);
}

/* Units beyond a worker's buffer: the tensor, blocks, and channels; parts that end in a unit. */
static void check_large(uint64_t channels, uint64_t length, const char *granularity, size_t from)
{
    struct weights weights = random_weights(channels, length);
    for (size_t i = from; i < WORDS; i += 2) {
        const struct scheme scheme = scheme_of(&all_words[i], granularity);
        const struct request request = request_of(&weights, &scheme);
        const struct report *report = weights_report(&request, 2, NULL);
        assert_non_null(report);
        compare(&weights, &scheme, report, all_words[i].levels);
        weights_report_free(report);
    }
    weights_free(&weights);
}

static void test_large_units(void **state)
{
    (void)state;
    check_large(110, 640, "tensor", 0);
    check_large(110, 640, "tensor", 1);
    check_large(110, 640, "block:107x620", 1);
    check_large(2, 66000, "channel", 0);
    check_large(2, 66000, "channel", 1);
    check_large(2, 66000, "group:60", 0);
}

/* ---- refusals, and what is left out ---- */

static void check_refused(const struct weights *weights, const struct words *words,
                          const char *granularity, const char *text)
{
    struct error error = { ERROR_NONE, "" };
    const struct scheme scheme = scheme_of(words, granularity);
    const struct request request = request_of(weights, &scheme);
    assert_null(weights_report(&request, 1, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_string_equal(error.text, text);
}

static void test_refusals(void **state)
{
    (void)state;
    const struct words own = { 8, "lloyd-max:empirical", "max", .corrected = false };
    struct weights weights = weights_make_sparse(1500, 1500);
    check_refused(&weights, &all_words[0], "block:2x1",
                  "w: 1125000 units over several channels, more than 1048576");
    check_refused(&weights, &own, "block:8x8",
                  "w: 35344 units over several channels, each with 256 levels of its own, are too "
                  "many");
    struct scheme wrong = scheme_of(&all_words[0], "channel");
    struct error error = { ERROR_NONE, "" };
    wrong.asymmetric = wrong.full_range = true;
    const struct request request = request_of(&weights, &wrong);
    assert_null(weights_report(&request, 1, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    weights_free(&weights);
}

static void test_cancelled(void **state)
{
    (void)state;
    static const char *const some[] = { "tensor", "block:2x16", "block:200x600" };
    struct weights weights = random_weights(200, 700);
    for (size_t i = 0; i < WORDS; i++)
        for (size_t g = 0; g < 3; g++) {
            const struct scheme scheme = scheme_of(&all_words[i], some[g]);
            struct weights_stage stage;
            struct error error = { ERROR_NONE, "" };
            weights_stage_begin(&stage, &weights, 2);
            const struct profile *profile = profile_compute(&stage.stage, NULL);
            atomic_store(&stage.watch.cancel, true);
            const struct quantizers *quantizers =
                weights_quantizers(&stage.stage, &scheme, profile, NULL, &error);
            if (!quantizers)
                assert_int_equal(error.code, ERROR_CANCELLED);
            else
                part_unref(&quantizers->part);
            part_unref(&profile->part);
            weights_stage_end(&stage);
        }
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_granularity),
        cmocka_unit_test(test_large_units),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
