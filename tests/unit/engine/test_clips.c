/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "../reference.h"
#include "engine/clips.h"
#include "quant/aciq.h"
#include "quant/grid.h"
#include "weights.h"

static const struct clip mse = { CLIP_MSE, 0 };

/* All thresholds of a tensor, as its channels' quantizers have them; the family is made up. */
static void thresholds(const struct weights *weights, struct scheme scheme, bool laplace,
                       unsigned threads, double out[])
{
    struct weights_stage stage;
    const struct family family = { .laplace = laplace };
    weights_stage_begin(&stage, weights, threads);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    assert_non_null(profile);
    const struct quantizers *quantizers =
        weights_quantizers(&stage.stage, &scheme, profile, &family, NULL);
    assert_non_null(quantizers);
    struct fitter *fitter = quantizers_fitter(quantizers);
    for (size_t i = 0; i < weights->channels; i++)
        out[i] = quantizers_at(quantizers, fitter, i, 0, NULL, weights->x + i * weights->length,
                               weights->length)
                     .reach;
    fitter_free(fitter);
    part_unref(&quantizers->part);
    part_unref(&profile->part);
    weights_stage_end(&stage);
}

static void searched(const struct weights *weights, int bits, struct clip clip, unsigned threads,
                     double out[])
{
    thresholds(weights, (struct scheme)WEIGHTS_SCHEME(bits, clip.rule, clip.parameter), false, threads, out);
}

/* Sum |e|^p over the finite elements, by rounding them. */
static double power_error(const double w[], size_t n, int bits, double c, double p)
{
    int each_side = (1 << (bits - 1)) - 1;
    const struct grid grid = {
        .clip = c, .step = c / each_side, .lowest = -each_side, .highest = each_side
    };
    double *e = weights_memory(n), sum = 0;
    grid_round(&grid, w, n, e, NULL);
    for (size_t i = 0; i < n; i++)
        if (isfinite(w[i]))
            sum += p == 2 ? e[i] * e[i] : pow(fabs(e[i]), p);
    free(e);
    return sum;
}

static double largest(const double w[], size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        if (isfinite(w[i]))
            most = fmax(most, fabs(w[i]));
    return most;
}

/* The least error among so many clips, evenly spread. */
static double least_error(const double w[], size_t n, int bits, double p, int tries)
{
    double least = INFINITY, most = largest(w, n);
    for (int i = 1; i <= tries; i++)
        least = fmin(least, power_error(w, n, bits, most * i / tries, p));
    return least;
}

static void check_rows(const struct weights *weights, int bits, struct clip clip, int tries)
{
    double *c = weights_memory(weights->channels);
    double p = clip.rule == CLIP_LP ? clip.parameter : 2;
    searched(weights, bits, clip, 2, c);
    for (size_t i = 0; i < weights->channels; i++) {
        const double *row = weights->x + i * weights->length;
        double most = largest(row, weights->length);
        double got = power_error(row, weights->length, bits, c[i], p);
        double bound = least_error(row, weights->length, bits, p, tries);
        assert_true(c[i] > 0 && c[i] <= most * (1 + 1e-15));
        if (!(got <= bound * 1.001))
            fail_msg("row %zu, %d bits, p %g: c %g of %g, error %g, not %g", i, bits, p, c[i],
                     most, got, bound);
    }
    free(c);
}

/* Rows of a Gaussian, the last one with outliers and a NaN. */
static struct weights with_outliers(uint64_t channels, uint64_t length)
{
    size_t n = (size_t)(channels * length);
    double *x = weights_gaussian(n, 0.002, 0.02, 21);
    for (size_t i = 0; i < length; i += 1 + length / 5)
        x[n - 1 - i] *= 12;
    x[n - length / 2] = NAN;
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ channels, length }, x);
    free(x);
    return weights;
}

static void test_nothing_is_better(void **state)
{
    (void)state;
    static const struct clip rules[] = {
        { CLIP_MSE, 0 }, { CLIP_LP, 1 }, { CLIP_LP, 2.4 }, { CLIP_LP, 8 }
    };
    static const int widths[] = { 2, 3, 4, 8 };
    struct weights weights = with_outliers(4, 700);
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++)
        for (size_t k = 0; k < sizeof rules / sizeof *rules; k++)
            check_rows(&weights, widths[i], rules[k], 1000);
    check_rows(&weights, 16, mse, 20);
    weights_free(&weights);
}

static void test_long_rows(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 65536, 65537, 150000 };
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        struct weights weights = with_outliers(2, lengths[i]);
        check_rows(&weights, 4, mse, 100);
        check_rows(&weights, 3, (struct clip){ CLIP_LP, 2.4 }, 20);
        weights_free(&weights);
    }
}

static void test_threads(void **state)
{
    (void)state;
    static const uint64_t shapes[][2] = { { 90, 250 }, { 5, 20000 }, { 4, 70000 } };
    static const struct scheme schemes[] = {
        WEIGHTS_SCHEME(3, CLIP_MSE, 0), WEIGHTS_SCHEME(4, CLIP_LP, 2.4), WEIGHTS_SCHEME(4, CLIP_PERCENTILE, 99),
        WEIGHTS_SCHEME(4, CLIP_ACIQ, 0),
    };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (size_t k = 0; k < sizeof schemes / sizeof *schemes; k++) {
            struct weights weights = with_outliers(shapes[i][0], shapes[i][1]);
            double one[90], many[90];
            thresholds(&weights, schemes[k], true, 1, one);
            for (unsigned threads = 2; threads <= 3; threads++) {
                thresholds(&weights, schemes[k], true, threads, many);
                for (size_t row = 0; row < weights.channels; row++)
                    weights_assert_same(many[row], one[row]);
            }
            weights_free(&weights);
        }
}

/* Row 0 has no finite element, 1 is zero, 2 has one finite element, 3 is constant, 4 has infinities
 * beside values on the levels of a grid. */
static void check_odd_rows(uint64_t length)
{
    double *x = weights_memory(5 * (size_t)length), c[5];
    for (size_t i = 0; i < length; i++) {
        x[i] = i % 2 ? NAN : INFINITY;
        x[length + i] = 0;
        x[2 * length + i] = i == length - 1 ? -0.375 : NAN;
        x[3 * length + i] = 0.7;
        x[4 * length + i] = i == 5 ? -INFINITY : (double)(i % 15) - 7;
    }
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ 5, length }, x);
    static const struct clip rules[] = { { CLIP_MSE, 0 }, { CLIP_LP, 2.4 } };
    for (size_t k = 0; k < 2; k++) {
        searched(&weights, 4, rules[k], 2, c);
        assert_true(c[0] == 0);
        assert_true(c[1] == 0);
        for (size_t i = 2; i < 5; i++) {
            double power = pow(largest(x + i * length, length), 2);
            double error = power_error(x + i * length, length, 4, c[i], 2) / (double)length;
            if (!(error <= 1e-6 * power))
                fail_msg("row %zu, rule %zu: error %g of %g at %.17g", i, k, error, power, c[i]);
        }
    }
    weights_free(&weights);
    free(x);
}

static void test_odd_rows(void **state)
{
    (void)state;
    check_odd_rows(64);
    check_odd_rows(66000);
}

static void test_one_element(void **state)
{
    (void)state;
    const double x[] = { 0.4, -0.1, 0, 1e-300 };
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ 4, 1 }, x);
    double c[4];
    for (int bits = 2; bits <= 16; bits += 7) {
        searched(&weights, bits, mse, 3, c);
        for (size_t i = 0; i < 4; i++)
            assert_true(power_error(x + i, 1, bits, c[i], 1) <= 1e-9 * fabs(x[i]));
    }
    weights_free(&weights);
    weights = weights_make("F64", 2, (const uint64_t[]){ 2, 0 }, NULL);
    searched(&weights, 4, mse, 3, c);
    assert_true(c[0] == 0 && c[1] == 0);
    weights_free(&weights);
}

static double median_deviation(const double w[], size_t n)
{
    double *sorted = weights_memory(n), sum = 0;
    for (size_t i = 0; i < n; i++) { /* by insertion */
        size_t k = i;
        for (; k > 0 && sorted[k - 1] > w[i]; k--)
            sorted[k] = sorted[k - 1];
        sorted[k] = w[i];
    }
    double median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
    for (size_t i = 0; i < n; i++)
        sum += fabs(w[i] - median);
    free(sorted);
    return sum / (double)n;
}

static double deviation(const double w[], size_t n)
{
    double mean = 0, square = 0;
    for (size_t i = 0; i < n; i++)
        mean += w[i] / (double)n;
    for (size_t i = 0; i < n; i++)
        square += (w[i] - mean) * (w[i] - mean) / (double)n;
    return sqrt(square);
}

/* By the formulas; at 16 bits all is within. */
static void check_analytical(struct weights weights)
{
    static const int widths[] = { 2, 4, 8, 16 };
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        const struct scheme scheme = WEIGHTS_SCHEME(widths[i], CLIP_ACIQ, 0);
        double gaussian[3], laplace[3];
        thresholds(&weights, scheme, false, 2, gaussian);
        thresholds(&weights, scheme, true, 2, laplace);
        for (size_t k = 0; k < weights.channels; k++) {
            const size_t n = weights.length;
            const double *row = weights.x + n * k, most = largest(row, n);
            double sigma = aciq_gaussian(widths[i]) * deviation(row, n);
            double beta = aciq_laplace(widths[i]) * median_deviation(row, n);
            weights_assert_near(gaussian[k], fmin(sigma, most), 1e-12, 0);
            weights_assert_near(laplace[k], fmin(beta, most), 1e-12, 0);
        }
    }
    weights_free(&weights);
}

static void test_analytical(void **state)
{
    (void)state;
    check_analytical(weights_make_gaussian(3, 500, -0.01, 0.02));
}

static void test_analytical_of_long_rows(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(2, 70000, -0.01, 0.02);
    double gaussian[2], laplace[2];
    const struct scheme scheme = WEIGHTS_SCHEME(4, CLIP_ACIQ, 0);
    thresholds(&weights, scheme, false, 2, gaussian);
    thresholds(&weights, scheme, true, 2, laplace);
    for (size_t k = 0; k < 2; k++) {
        const double *row = weights.x + 70000 * k;
        weights_assert_near(gaussian[k], aciq_gaussian(4) * deviation(row, 70000), 1e-12, 0);
        /* Of a Gaussian the mean deviation is sqrt(2/pi) standard deviations. */
        weights_assert_near(laplace[k],
                            aciq_laplace(4) * deviation(row, 70000) * sqrt(2 / 3.14159265358979),
                            0.01, 0);
    }
    weights_free(&weights);
}

static void test_analytical_without_elements(void **state)
{
    (void)state;
    const double x[] = { NAN, INFINITY, 0, 0, 0.5, 0.5 };
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ 3, 2 }, x);
    for (int laplace = 0; laplace < 2; laplace++) {
        double c[3];
        thresholds(&weights, (struct scheme)WEIGHTS_SCHEME(4, CLIP_ACIQ, 0), laplace, 2, c);
        assert_true(c[0] == 0);
        assert_true(c[1] == 0 && c[2] == 0); /* no spread, no width */
    }
    weights_free(&weights);
}

static void test_cancelled(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 50, 70000 };
    static const struct clip rules[] = {
        { CLIP_MSE, 0 }, { CLIP_LP, 3 }, { CLIP_ACIQ, 0 }, { CLIP_PERCENTILE, 99 }
    };
    for (size_t k = 0; k < 8; k++) {
        struct weights weights = weights_make_gaussian(3, lengths[k % 2], 0, 1);
        const struct scheme scheme =
            WEIGHTS_SCHEME(4, rules[k / 2].rule, rules[k / 2].parameter);
        struct weights_stage stage;
        struct error error = { ERROR_NONE, "" };
        struct clip_range found[3];
        weights_stage_begin(&stage, &weights, 2);
        const struct profile *profile = profile_compute(&stage.stage, NULL);
        atomic_store(&stage.watch.cancel, true);
        assert_false(clips_compute(&stage.stage, &scheme, profile, NULL, true, found, &error));
        assert_int_equal(error.code, ERROR_CANCELLED);
        part_unref(&profile->part);
        weights_stage_end(&stage);
        weights_free(&weights);
    }
}

/* One tensor of the bundled model, its elements decoded. */
static struct weights bundled(struct model *model, const char *name)
{
    struct weights weights = { .tensor = model_find(model, name, NULL) };
    assert_non_null(weights.tensor);
    weights.channels = (size_t)weights.tensor->dims[0];
    weights.length = (size_t)weights.tensor->dims[1];
    size_t n = weights.channels * weights.length;
    weights.x = weights_memory(n);
    assert_true(tensor_read(weights.tensor, (struct tensor_view){ 0 }, 0, n, weights.x, NULL));
    return weights;
}

/* Sum |e|^P at our clip is at most that at the clip which another program found. */
static void test_reference(void **state)
{
    (void)state;
    const char *data = getenv("ROUNDOFF_DATA");
    char path[4096], *line = NULL, *column[REFERENCE_COLUMNS];
    snprintf(path, sizeof path, "%s/tiny-llama.safetensors", data ? data : "assets");
    struct model *model = model_open((const char *const[]){ path }, 1, NULL, NULL);
    assert_non_null(model);
    FILE *table = reference_open("clips.tsv");
    size_t lines = 0;
    for (; reference_read(table, &line, column); lines++) {
        struct weights weights = bundled(model, column[0]);
        size_t channel = (size_t)atoi(column[1]);
        int bits = atoi(column[2]);
        double p = atof(column[3]), theirs = atof(column[4]);
        double *c = weights_memory(weights.channels);
        const double *row = weights.x + channel * weights.length;
        searched(&weights, bits, p == 2 ? mse : (struct clip){ CLIP_LP, p }, 2, c);
        double got = power_error(row, weights.length, bits, c[channel], p);
        double bound = power_error(row, weights.length, bits, theirs, p);
        if (!(got <= bound * 1.001))
            fail_msg("%s %zu: error %g at %g, %g at %g", column[0], channel, got, c[channel],
                     bound, theirs);
        free(c);
        free(weights.x);
    }
    assert_int_equal(lines, 16);
    model_free(model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing_is_better),
        cmocka_unit_test(test_long_rows),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_odd_rows),
        cmocka_unit_test(test_one_element),
        cmocka_unit_test(test_analytical),
        cmocka_unit_test(test_analytical_of_long_rows),
        cmocka_unit_test(test_analytical_without_elements),
        cmocka_unit_test(test_cancelled),
        cmocka_unit_test(test_reference),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
