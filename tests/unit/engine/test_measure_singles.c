/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/analysis.h"
#include "typed_model.h"
#include "weights.h"

/* Enough elements for single precision to be used, in rows that end within a set of lanes. */
enum { CHANNELS = 90, LENGTH = 1003 };

/* The same numbers twice: "w" of a short type, read as singles, and "v" of doubles, which is
 * measured in double. */
struct pair {
    struct model *model;
    const struct tensor *singles, *doubles;
    double atoms; /* share of elements whose error may lie on either side of a bin's edge */
};

static struct pair pair_of(const char *dtype, size_t length, double mean, bool odd)
{
    struct pair pair = {.atoms = odd ? 3e-2 : 5e-3};
    struct typed_model writer = {0};
    struct error error = {0};
    struct rows rows;
    char shape[64];
    snprintf(shape, sizeof shape, "%d,%zu", CHANNELS, length);
    const size_t n = CHANNELS * length;
    double *x = weights_gaussian(n, mean, 0.02, 11);
    for (size_t i = 0; odd && i < length; i++) {
        x[i] = 0.5;                                      /* a constant channel */
        x[length + i] = 0;                               /* of zeros */
        x[2 * length + i] = 0.7 * ((double)(i % 3) - 1); /* on the grid */
        x[3 * length + i] = i == 5 ? (double)NAN : x[3 * length + i];
        x[4 * length + i] = i < length / 2 ? 0 : x[4 * length + i];
    }
    typed_model_add(&writer, "w", dtype, shape, x, n);
    struct model *model = typed_model_open(&writer, "rounded.safetensors");
    assert_true(rows_init(&rows, &model->tensors[0], (struct tensor_view){0}, REQUEST_ALL_CHANNELS,
                          &error));
    assert_true(tensor_read(rows.tensor, rows.view, 0, n, x, &error));
    model_free(model);
    writer = (struct typed_model){0};
    typed_model_add(&writer, "w", dtype, shape, x, n);
    typed_model_add(&writer, "v", "F64", shape, x, n);
    free(x);
    pair.model = typed_model_open(&writer, "pair.safetensors");
    pair.singles = model_find(pair.model, "w", NULL);
    pair.doubles = model_find(pair.model, "v", NULL);
    return pair;
}

static const struct report *report_of(const struct tensor *tensor, const struct scheme *scheme,
                                      bool figures_only, unsigned threads)
{
    struct error error = {0};
    const struct request request = {.tensor = tensor,
                                    .channel = REQUEST_ALL_CHANNELS,
                                    .scheme = *scheme,
                                    .figures_only = figures_only};
    const struct report *report = weights_report(&request, threads, &error);
    if (!report)
        fail_msg("%s", error.text);
    return report;
}

static void check_channel(const struct channel_error *got, const struct channel_error *expected,
                          double n)
{
    const double step = expected->step > 0 ? expected->step : 1;
    weights_assert_near(got->step, expected->step, 1e-12, 0);
    weights_assert_near(got->clip, expected->clip, 1e-12, 0);
    /* A tie decided the other way would move the mean by step/n. */
    weights_assert_near(got->mean, expected->mean, 1e-9, step / n);
    weights_assert_near(got->std, expected->std, 1e-4, step * 1e-9);
    weights_assert_near(got->mse, expected->mse, 1e-4, step * step * 1e-9);
    weights_assert_near(got->abs_max, expected->abs_max, 1e-4, step * 1e-9);
    weights_assert_near(got->theory_std, expected->theory_std, 1e-9, 0);
    assert_int_equal(got->clipped, expected->clipped);
}

static void check_errors(const struct report *got, const struct report *expected)
{
    const struct figures *a = &got->figures, *b = &expected->figures;
    for (size_t i = 0; i < CHANNELS; i++)
        check_channel(&got->errors->channel[i], &expected->errors->channel[i],
                      (double)expected->profile->channel[i].count);
    weights_assert_near(a->std, b->std, 1e-12, 0);
    weights_assert_near(a->excess_kurtosis, b->excess_kurtosis, 1e-9, 1);
    /* The channel of three values is of those whose errors do not average out. */
    weights_assert_near(a->error_std, b->error_std, 1e-5, 0);
    weights_assert_near(a->sqnr_db, b->sqnr_db, 1e-5, 1);
    weights_assert_near(a->clipped_share, b->clipped_share, 0, 0);
}

/* Elements may change sides of a bin's edge, where errors of exactly that size are many: ties, and
 * what lies on a level. */
static void check_histogram(const struct histogram *got, const struct histogram *expected,
                            double allowed)
{
    uint64_t a = got->under, b = expected->under, total = histogram_total(expected);
    assert_int_equal(got->bins, expected->bins);
    assert_int_equal(histogram_total(got), total);
    for (size_t k = 0; k < got->bins; k++) {
        assert_true(fabs((double)a - (double)b) <= allowed * (double)total);
        a += got->count[k];
        b += expected->count[k];
    }
}

static void check_pictures(const struct errors *got, const struct errors *expected, double atoms)
{
    check_histogram(got->error, expected->error, atoms);
    check_histogram(got->weight, expected->weight, 1e-5);
    weights_assert_near(got->furthest, expected->furthest, 1e-12, 0);
    assert_int_equal(got->levels, expected->levels);
    for (size_t i = 0; i < got->levels; i++) {
        assert_int_equal(got->mass[i], expected->mass[i]);
        weights_assert_same(got->position[i], expected->position[i]);
    }
}

static void check_scheme(const struct pair *pair, const struct scheme *scheme)
{
    const struct report *expected = report_of(pair->doubles, scheme, false, 1);
    const struct report *pictures = report_of(pair->singles, scheme, false, 2);
    const struct report *figures = report_of(pair->singles, scheme, true, 3);
    check_errors(pictures, expected);
    check_pictures(pictures->errors, expected->errors, pair->atoms);
    /* Rounded while the profile was made or later, by so many threads or more: the same. */
    for (size_t i = 0; i < CHANNELS; i++) {
        const struct channel_error *a = &figures->errors->channel[i];
        const struct channel_error *b = &pictures->errors->channel[i];
        weights_assert_same(a->mean, b->mean);
        weights_assert_same(a->mse, b->mse);
        weights_assert_same(a->abs_max, b->abs_max);
    }
    weights_report_free(expected);
    weights_report_free(pictures);
    weights_report_free(figures);
}

/* Every scheme that singles serve: widths, ends that clip, zero points, groups, one for all. */
static void check_schemes(const struct pair *pair, size_t group)
{
    static const struct clip clips[] = {
        {CLIP_MAX, 0}, {CLIP_SIGMA, 2.5}, {CLIP_VALUE, 0.031}, {CLIP_PERCENTILE, 99}};
    for (int bits = 2; bits <= 8; bits += 3)
        for (size_t k = 0; k < sizeof clips / sizeof *clips; k++)
            for (int kind = 0; kind < 3; kind++) {
                struct scheme scheme = scheme_default();
                scheme.bits = bits;
                scheme.clip = clips[k];
                scheme.asymmetric = kind == 1;
                scheme.full_range = kind == 2;
                check_scheme(pair, &scheme);
            }
    struct scheme scheme = scheme_default();
    scheme.granularity = (struct granularity){1, group};
    check_scheme(pair, &scheme);
    scheme.asymmetric = true;
    check_scheme(pair, &scheme);
    scheme.granularity = (struct granularity){0, 0};
    check_scheme(pair, &scheme);
}

static void test_types(void **state)
{
    (void)state;
    static const char *const types[] = {"BF16", "F16", "F32"};
    for (size_t t = 0; t < 3; t++) {
        const struct pair pair = pair_of(types[t], LENGTH, 0.003, false);
        check_schemes(&pair, 32);
        model_free(pair.model);
    }
}

static void test_odd_channels(void **state)
{
    (void)state;
    const struct pair pair = pair_of("BF16", LENGTH, 0, true);
    check_schemes(&pair, 16);
    model_free(pair.model);
}

static void check_clip(const char *dtype, size_t n, const double x[], struct clip clip)
{
    struct typed_model writer = {0};
    struct scheme scheme = scheme_default();
    char shape[64];
    snprintf(shape, sizeof shape, "%d,%zu", CHANNELS, n / CHANNELS);
    typed_model_add(&writer, "w", dtype, shape, x, n);
    typed_model_add(&writer, "v", "F64", shape, x, n);
    struct model *model = typed_model_open(&writer, "clip.safetensors");
    scheme.clip = clip;
    for (int figures_only = 0; figures_only < 2; figures_only++) {
        const struct report *got =
            report_of(model_find(model, "w", NULL), &scheme, figures_only, 1);
        const struct report *expected =
            report_of(model_find(model, "v", NULL), &scheme, figures_only, 1);
        weights_assert_near(got->figures.error_mse, expected->figures.error_mse, 1e-6, 0);
        weights_assert_near(got->figures.error_std, expected->figures.error_std, 1e-6, 0);
        weights_assert_near(got->figures.clipped_share, expected->figures.clipped_share, 0, 0);
        weights_report_free(expected);
        weights_report_free(got);
    }
    model_free(model);
}

/* Rows of which more elements are 0 than the percentile leaves out: it is 0, and so is the step,
 * but what is not 0 is an error of its own size.  All is a whole multiple of 1/256. */
static void test_sparse_rows(void **state)
{
    (void)state;
    const size_t n = (size_t)CHANNELS * LENGTH;
    double *x = weights_gaussian(n, 0, 0.2, 5);
    for (size_t i = 0; i < n; i++)
        x[i] = i / LENGTH % 2 == 0 && i % 500 > 0 ? 0 : rint(x[i] * 256) / 256;
    check_clip("BF16", n, x, (struct clip){CLIP_PERCENTILE, 99});
    check_clip("F32", n, x, (struct clip){CLIP_PERCENTILE, 99});
    free(x);
}

/* Elements so far beyond the clip that the square of their distance in steps is no single. */
static void test_far_beyond_clip(void **state)
{
    (void)state;
    const size_t n = (size_t)CHANNELS * LENGTH;
    double *x = weights_gaussian(n, 0, 1, 5);
    for (size_t i = 0; i < n; i++)
        x[i] = ldexp(rint(x[i] * 16), 70);
    check_clip("BF16", n, x, (struct clip){CLIP_VALUE, 0.1});
    free(x);
}

/* Weights far from 0, beyond the clip: the errors' mean is 60 times their spread. */
static void test_mean_error(void **state)
{
    (void)state;
    const size_t n = (size_t)CHANNELS * LENGTH;
    double *x = weights_gaussian(n, 3, 0.05, 5);
    for (size_t i = 0; i < n; i++)
        x[i] = rint(x[i] * 64) / 64;
    check_clip("BF16", n, x, (struct clip){CLIP_VALUE, 0.1});
    check_clip("BF16", n, x, (struct clip){CLIP_MAX, 0});
    free(x);
}

/* Few elements are measured in double, whatever their type. */
static void test_few_elements(void **state)
{
    (void)state;
    const struct pair pair = pair_of("BF16", 200, 0, true);
    const struct scheme scheme = scheme_default();
    const struct report *expected = report_of(pair.doubles, &scheme, true, 1);
    const struct report *got = report_of(pair.singles, &scheme, true, 1);
    for (size_t i = 0; i < CHANNELS; i++)
        weights_assert_near(got->errors->channel[i].mse, expected->errors->channel[i].mse, 1e-12,
                            1e-20);
    weights_report_free(expected);
    weights_report_free(got);
    model_free(pair.model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_types),
        cmocka_unit_test(test_odd_channels),
        cmocka_unit_test(test_sparse_rows),
        cmocka_unit_test(test_far_beyond_clip),
        cmocka_unit_test(test_mean_error),
        cmocka_unit_test(test_few_elements),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
