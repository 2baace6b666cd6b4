/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "direct.h"
#include "engine/analysis.h"
#include "weights.h"

static const int widths[] = { 1, 2, 3, 4, 8, 16 };
#define WIDTHS (sizeof widths / sizeof *widths)

static const struct clip clips[] = {
    { CLIP_MAX, 0 },         { CLIP_SIGMA, 2.5 },  { CLIP_PERCENTILE, 99 },
    { CLIP_PERCENTILE, 50 }, { CLIP_VALUE, 0.05 },
};
#define CLIPS (sizeof clips / sizeof *clips)

static const struct report *report_of(const struct request *request, unsigned threads)
{
    struct error error = { ERROR_NONE, "" };
    const struct report *report = weights_report(request, threads, &error);
    if (!report)
        fail_msg("%s", error.text);
    assert_true(report->profile && report->errors && report->spread && report->normality);
    assert_non_null(report->family);
    assert_false(report->sampled || report->spread_sampled || report->normality_sampled);
    assert_false(report->family_sampled);
    return report;
}

static void check(const struct weights *weights, struct scheme scheme)
{
    struct request request = weights_request(weights);
    request.scheme = scheme;
    const struct report *report = report_of(&request, 2);
    struct figures expected =
        direct_figures(weights->x, weights->channels, weights->length, &scheme);
    direct_assert_figures(&report->figures, &expected);
    weights_report_free(report);
}

/* Every width and rule, then forgets the weights. */
static void check_all(struct weights weights)
{
    for (size_t i = 0; i < WIDTHS; i++)
        for (size_t k = 0; k < CLIPS; k++)
            check(&weights, (struct scheme)WEIGHTS_SCHEME(widths[i], clips[k].rule, clips[k].parameter));
    weights_free(&weights);
}

static void test_gaussian(void **state)
{
    (void)state;
    check_all(weights_make_gaussian(7, 300, 0.001, 0.02));
    check_all(weights_make_gaussian(1, 20000, -0.02, 0.05));
    check_all(weights_make_gaussian(50, 3, 0, 0.1));
}

/* Constant channels, zero channels, a single spike, and ordinary ones beside them. */
static void test_odd_channels(void **state)
{
    (void)state;
    const uint64_t dims[] = { 8, 10, 10 };
    double *x = weights_gaussian(800, 0, 0.03, 3);
    for (size_t i = 0; i < 100; i++) {
        x[i] = 0.3;
        x[100 + i] = 0;
        x[200 + i] = i == 50 ? -0.7 : 0;
        x[300 + i] = i % 2 ? 0.25 : -0.25;
    }
    check_all(weights_make("F32", 3, dims, x));
    check_all(weights_make("F32", 3, (const uint64_t[]){ 2, 10, 10 }, x));
    check_all(weights_make("F32", 1, (const uint64_t[]){ 100 }, x + 100));
    free(x);
}

static void test_nonfinite(void **state)
{
    (void)state;
    double *x = weights_gaussian(500, 0, 0.03, 4);
    x[3] = NAN;
    x[77] = INFINITY;
    x[199] = -INFINITY;
    for (size_t i = 300; i < 400; i++)
        x[i] = i % 2 ? NAN : INFINITY;
    check_all(weights_make("F64", 2, (const uint64_t[]){ 5, 100 }, x));
    check_all(weights_make("F64", 2, (const uint64_t[]){ 1, 100 }, x + 300));
    free(x);
}

static void test_few_elements(void **state)
{
    (void)state;
    const double x[] = { 0.4, -0.1, 0 };
    check_all(weights_make("F64", 0, NULL, x));
    check_all(weights_make("F64", 1, (const uint64_t[]){ 2 }, x));
    check_all(weights_make("F64", 2, (const uint64_t[]){ 3, 1 }, x));
    check_all(weights_make("F64", 1, (const uint64_t[]){ 1 }, x + 2));
}

static void test_empty(void **state)
{
    (void)state;
    static const uint64_t shapes[][2] = { { 0, 5 }, { 5, 0 }, { 0, 0 } };
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (size_t k = 0; k < CLIPS; k++) {
            struct weights weights = weights_make("F32", 2, shapes[i], NULL);
            struct request request = weights_request(&weights);
            request.scheme.clip = clips[k];
            const struct report *report = report_of(&request, 2);
            assert_int_equal(report->figures.channels, shapes[i][0]);
            assert_int_equal(report->figures.elements, 0);
            assert_true(isnan(report->figures.mean) && isnan(report->figures.std));
            assert_true(isnan(report->figures.abs_max) && isnan(report->figures.sqnr_db));
            assert_true(isnan(report->figures.error_std) && isnan(report->figures.error_ks));
            assert_true(isnan(report->figures.clipped_share));
            assert_true(isnan(report->figures.theory_error_std));
            assert_true(isnan(report->normality->share) && isnan(report->spread->r2));
            assert_int_equal(report->spread->points, 0);
            weights_report_free(report);
            weights_free(&weights);
        }
}

/* Where the squares leave the range of double figures are not defined, but nothing hangs, and what
 * needs no squares stays right. */
static void check_extreme(double scale)
{
    double *x = weights_gaussian(300, 0, 1, 5);
    for (size_t i = 0; i < 300; i++)
        x[i] *= scale;
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ 3, 100 }, x);
    free(x);
    for (size_t i = 0; i < WIDTHS; i++)
        for (size_t k = 0; k < CLIPS; k++) {
            struct request request = weights_request(&weights);
            request.scheme = (struct scheme)WEIGHTS_SCHEME(widths[i], clips[k].rule, clips[k].parameter);
            const struct report *report = report_of(&request, 2);
            struct figures expected = direct_figures(weights.x, 3, 100, &request.scheme);
            weights_assert_near(report->figures.mean, expected.mean, 1e-12, expected.abs_max);
            weights_assert_same(report->figures.min, expected.min);
            weights_assert_same(report->figures.max, expected.max);
            assert_int_equal(report->figures.nonfinite, 0);
            if (clips[k].rule != CLIP_SIGMA)
                weights_assert_near(report->figures.error_abs_max, expected.error_abs_max, 1e-6,
                                    0);
            weights_report_free(report);
        }
    weights_free(&weights);
}

static void test_extreme_values(void **state)
{
    (void)state;
    check_extreme(1e300);
    check_extreme(1e160);
    check_extreme(1e-160);
    check_extreme(1e-300);
    check_extreme(1e-310);
}

/* Long channels, against the same definition, by every rule. */
static void test_long_channel(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(1, 200000, 0.001, 0.02);
    for (size_t k = 0; k < CLIPS; k++)
        check(&weights, (struct scheme)WEIGHTS_SCHEME(3, clips[k].rule, clips[k].parameter));
    weights_free(&weights);
    weights = weights_make_gaussian(2, 65537, 0.001, 0.02);
    for (size_t k = 0; k < CLIPS; k++)
        check(&weights, (struct scheme)WEIGHTS_SCHEME(4, clips[k].rule, clips[k].parameter));
    weights_free(&weights);
}

static void test_hadamard(void **state)
{
    (void)state;
    static const uint64_t lengths[] = { 48, 4096, 65536 };
    for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
        struct weights weights = weights_make_gaussian(2, lengths[k], 0.01, 0.02);
        struct request request = weights_request(&weights);
        request.transform = weights_transform("hadamard");
        const struct report *report = report_of(&request, 3);
        struct basis *basis = weights_basis("hadamard", lengths[k]);
        weights_turn(basis, weights.x, 2);
        basis_free(basis);
        struct figures expected =
            direct_figures(weights.x, 2, (size_t)lengths[k], &request.scheme);
        direct_assert_figures(&report->figures, &expected);
        weights_report_free(report);
        weights_free(&weights);
    }
}

/* Channel k of the whole is the channel of the report of k alone, to the last bit. */
static void check_alone(struct weights weights, struct scheme scheme)
{
    struct request request = weights_request(&weights);
    request.scheme = scheme;
    const struct report *whole = report_of(&request, 2);
    for (size_t k = 0; k < weights.channels; k++) {
        request.channel = (int64_t)k;
        const struct report *alone = report_of(&request, 1);
        const struct channel_error *a = &alone->errors->channel[0];
        const struct channel_error *b = &whole->errors->channel[k];
        assert_memory_equal(alone->profile->channel, &whole->profile->channel[k],
                            sizeof(struct moments));
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
        weights_assert_same(alone->normality->channel[0].w, whole->normality->channel[k].w);
        weights_assert_same(alone->normality->channel[0].p, whole->normality->channel[k].p);
        /* Pooled over one channel: the same but for the rounding of the sums. */
        assert_true(fabs(alone->figures.error_std - b->std) <= 1e-14 * b->std);
        assert_true(fabs(alone->figures.sqnr_db - b->sqnr_db) <= 1e-12);
        weights_assert_same(alone->figures.std, moments_std(&whole->profile->channel[k]));
        weights_report_free(alone);
    }
    weights_report_free(whole);
    weights_free(&weights);
}

/* A Gaussian channel among Laplace ones: a family of its own, but not a clip of its own. */
static struct weights mostly_laplace(void)
{
    double *x = weights_gaussian(5 * 400, 0, 0.02, 8);
    for (size_t i = 400; i < 5 * 400; i++)
        x[i] *= sqrt(-2 * log((double)(i * 7919 % 1600 + 1) / 1601));
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ 5, 400 }, x);
    free(x);
    return weights;
}

static void check_clip_source(struct weights weights, int64_t channel,
                              const struct source_type *of_clip, bool laplace)
{
    struct request request = weights_request(&weights);
    request.channel = channel;
    request.scheme.clip = (struct clip){ CLIP_ACIQ, 0 };
    const struct report *report = report_of(&request, 2);
    assert_ptr_equal(report->errors->clip_source, of_clip);
    assert_int_equal(report->family->laplace, laplace);
    weights_report_free(report);
    request.scheme.bits = 1;
    report = report_of(&request, 2);
    assert_null(report->errors->clip_source);
    weights_report_free(report);
    weights_free(&weights);
}

static void test_family_of_clips(void **state)
{
    (void)state;
    check_clip_source(mostly_laplace(), REQUEST_ALL_CHANNELS, &source_laplace, true);
    check_clip_source(mostly_laplace(), 0, &source_laplace, false);
    check_clip_source(weights_make_gaussian(3, 900, 0, 1), 1, &source_gaussian, false);
}

static void test_channel_alone(void **state)
{
    (void)state;
    check_alone(mostly_laplace(), (struct scheme)WEIGHTS_SCHEME(4, CLIP_ACIQ, 0));
    check_alone(weights_make_gaussian(4, 300, 0.001, 0.02), (struct scheme)WEIGHTS_SCHEME(3, CLIP_MSE, 0));
    check_alone(weights_make_gaussian(2, 70000, 0.001, 0.02),
                (struct scheme)WEIGHTS_SCHEME(3, CLIP_LP, 2.4));
    check_alone(weights_make_gaussian(7, 300, 0.001, 0.02), scheme_default());
    check_alone(weights_make_gaussian(3, 70000, 0.001, 0.02),
                (struct scheme)WEIGHTS_SCHEME(3, CLIP_PERCENTILE, 99));
    check_alone(weights_make_gaussian(40, 2, 0, 1), (struct scheme)WEIGHTS_SCHEME(1, CLIP_MAX, 0));
}

static void test_refusals(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(2, 10, 0, 1);
    struct request request = weights_request(&weights);
    struct error error = { ERROR_NONE, "" };
    request.channel = 2;
    assert_null(weights_report(&request, 2, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    weights_free(&weights);
}

static void test_truncated_file(void **state)
{
    (void)state;
    fixture_restore_guard();
    struct weights weights = weights_make_sparse(64, 4096);
    struct request request = weights_request(&weights);
    struct error error = { ERROR_NONE, "" };
    assert_int_equal(truncate(weights.path, 300000), 0);
    /* Once only: the thread sanitizer lets a thread survive one SIGBUS. */
    assert_null(weights_report(&request, 3, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_non_null(strstr(error.text, "was truncated while open"));
    weights_free(&weights);
}

/* Cancels at one of the reports on the way, or before the first. */
struct canceller {
    struct watch *watch;
    int reports, left;
};

static void count_and_cancel(void *user, const struct report *report)
{
    struct canceller *canceller = user;
    assert_non_null(report->profile);
    canceller->reports++;
    if (canceller->left-- == 0)
        atomic_store(&canceller->watch->cancel, true);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(100, 3000, 0, 1);
    struct request request = weights_request(&weights);
    struct pool *pool = pool_new(2, NULL);
    for (int left = -1; left < 5; left++) {
        struct watch watch = { .cancel = left < 0 };
        struct canceller canceller = { &watch, 0, left };
        struct analysis analysis = {
            .pool = pool, .watch = &watch, .publish = count_and_cancel, .user = &canceller,
        };
        struct error error = { ERROR_NONE, "" };
        const struct report *report = analysis_run(&analysis, &request, &error);
        /* One of a sample, one before each of three dearer stages, and the final one. */
        assert_true((report != NULL) == (left == 4));
        assert_int_equal(error.code, left == 4 ? ERROR_NONE : ERROR_CANCELLED);
        assert_int_equal(canceller.reports, left + 1);
        weights_report_free(report);
    }
    pool_free(pool);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gaussian),       cmocka_unit_test(test_odd_channels),
        cmocka_unit_test(test_nonfinite),      cmocka_unit_test(test_few_elements),
        cmocka_unit_test(test_empty),          cmocka_unit_test(test_extreme_values),
        cmocka_unit_test(test_long_channel),   cmocka_unit_test(test_hadamard),
        cmocka_unit_test(test_channel_alone),  cmocka_unit_test(test_family_of_clips),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_truncated_file), cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
