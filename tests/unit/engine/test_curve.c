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
#include "engine/analysis.h"
#include "engine/curve.h"
#include "quant/fitter.h"
#include "weights.h"

/* The stage by itself, of all rows. */
static const struct curve *curve_of(const struct weights *weights, const struct scheme *scheme,
                                    enum belief belief, unsigned threads)
{
    struct weights_stage stage;
    struct believer believer;
    struct error error = {ERROR_NONE, ""};
    weights_stage_begin(&stage, weights, threads);
    const struct profile *profile = profile_compute(&stage.stage, &error);
    assert_non_null(profile);
    assert_true(believer_init(&believer, &stage.stage, profile, belief, NULL, NULL, &error));
    const struct curve *curve = curve_compute(&stage.stage, scheme, &believer, &error);
    assert_non_null(curve);
    believer_done(&believer);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    return curve;
}

static struct scheme scheme_named(const char *name)
{
    struct scheme scheme = scheme_default();
    struct error error = {ERROR_NONE, ""};
    if (!levels_parse(name, &scheme.levels, &scheme.bits, &error))
        fail_msg("%s", error.text);
    return scheme;
}

/* A row's quantizer of its range times a factor. */
static struct quantizer shrunk_quantizer(const struct scheme *scheme, const struct books *books,
                                         const struct moments *moments, double factor)
{
    struct scheme told = *scheme;
    told.clip.rule = CLIP_MSE; /* takes what it is told to have found */
    struct unit_facts facts = {.moments = moments, .codebook = books_codebook(books, false)};
    facts.found = quantizer_widest(scheme, moments);
    facts.found.low *= factor;
    facts.found.high *= factor;
    return quantizer_make(&told, &facts);
}

/* The definition: every row rounded to its own levels, and the mean of all e^2. */
static double direct_mse(const struct weights *weights, const struct scheme *scheme, double factor)
{
    struct error error = {ERROR_NONE, ""};
    struct books *books = books_make(scheme, &error);
    double sum = 0, *e = weights_memory(weights->length);
    for (size_t i = 0; i < weights->channels; i++) {
        const double *w = weights->x + i * weights->length;
        struct moments moments = {0};
        moments_add(&moments, w, weights->length);
        const struct quantizer quantizer = shrunk_quantizer(scheme, books, &moments, factor);
        quantizer_round(&quantizer, w, weights->length, e, NULL);
        for (size_t j = 0; j < weights->length; j++)
            sum += e[j] * e[j];
    }
    free(e);
    books_free(books);
    return sum / (double)(weights->channels * weights->length);
}

/* Rows of different spread and centre. */
static struct weights uneven_rows(size_t channels, size_t length)
{
    const uint64_t dims[] = {channels, length};
    double *x = weights_gaussian(channels * length, 0.2, 1, 7);
    for (size_t i = 0; i < channels * length; i++)
        x[i] *= 0.1 + (double)(i / length);
    struct weights weights = weights_make("F64", 2, dims, x);
    free(x);
    return weights;
}

static void check_measured(const struct weights *weights, const struct scheme *scheme,
                           double tolerance)
{
    const struct curve *curve = curve_of(weights, scheme, BELIEF_GAUSSIAN, 2);
    for (size_t k = 0; k <= CURVE_WHOLE; k += 4) {
        const struct clip_error *point = &curve->measured[k];
        weights_assert_near(point->mse, direct_mse(weights, scheme, curve->factor[k]), tolerance,
                            0);
        assert_true(point->granular >= 0 && point->overload >= 0);
    }
    assert_true(curve->factor[CURVE_WHOLE] == 1);
    assert_true(curve->best.factor > 0 && curve->best.factor <= 1);
    part_unref(&curve->part);
}

static void test_measured_is_the_definition(void **state)
{
    (void)state;
    struct weights weights = uneven_rows(11, 300);
    static const char *const names[] = {"fp4-e2m1", "nf4", "fp8-e4m3"};
    struct scheme scheme = scheme_default();
    for (scheme.bits = 2; scheme.bits <= 8; scheme.bits += 3) {
        check_measured(&weights, &scheme, 1e-9);
        scheme.asymmetric = true;
        check_measured(&weights, &scheme, 1e-9);
        scheme.asymmetric = false;
        scheme.full_range = true;
        check_measured(&weights, &scheme, 1e-9);
        scheme.full_range = false;
    }
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        scheme = scheme_named(names[i]);
        check_measured(&weights, &scheme, 1e-9);
    }
    weights_free(&weights);
}

/* Rows that are read in parts. */
static void test_long_rows(void **state)
{
    (void)state;
    struct weights weights = uneven_rows(2, WORKSPACE_ELEMENTS + 9000);
    const struct scheme scheme = scheme_default();
    check_measured(&weights, &scheme, 2e-4);
    weights_free(&weights);
}

static void test_theory_is_the_mean_of_the_rows(void **state)
{
    (void)state;
    struct weights weights = uneven_rows(5, 200);
    const struct scheme scheme = scheme_default();
    const struct curve *curve = curve_of(&weights, &scheme, BELIEF_GAUSSIAN, 1);
    for (size_t k = 0; k < CURVE_THEORY_POINTS; k += 5) {
        double mse = 0, overload = 0;
        for (size_t i = 0; i < 5; i++) {
            struct moments moments = {0};
            moments_add(&moments, weights.x + i * 200, 200);
            const struct source source = {
                .type = &source_gaussian, .mean = moments.mean, .std = moments_std(&moments)};
            const double clip = moments_abs_max(&moments) * curve->theory_factor[k];
            const struct theory_grid grid = theory_grid_symmetric(clip / 7, 7);
            const struct prediction prediction = theory_predict(&source, &grid);
            mse += prediction.mse / 5;
            overload += prediction.overload / 5;
        }
        weights_assert_near(curve->theory[k].mse, mse, 1e-9, 0);
        weights_assert_near(curve->theory[k].overload, overload, 1e-9, mse);
    }
    assert_true(curve->theory_factor[CURVE_THEORY_WHOLE] == 1);
    part_unref(&curve->part);
    weights_free(&weights);
}

/* Every row's own best is what the rule `mse` chooses and what it costs, which no factor for all
 * rows is better than; and the mark lies there. */
static void test_own_best_is_the_rules(void **state)
{
    (void)state;
    struct weights weights = uneven_rows(9, 250);
    struct request request = weights_request(&weights);
    struct error error = {ERROR_NONE, ""};
    request.scheme.clip = clip_default(CLIP_MSE);
    request.curve = true;
    const struct report *report = weights_report(&request, 1, &error);
    const struct curve *curve = report->curve;
    const struct curve_place place =
        curve_place_of(&request.scheme, report->errors, report->profile);
    weights_assert_near(curve->own.mse, report->figures.error_mse, 1e-9, 0);
    weights_assert_near(curve->own.factor, place.mean, 1e-12, 0);
    assert_true(curve->own.mse <= curve->best.mse);
    assert_true(place.least < place.mean && place.mean < place.most && place.most <= 1);
    for (size_t k = 0; k <= CURVE_WHOLE; k++)
        assert_true(curve->best.mse <= curve->measured[k].mse);
    weights_report_free(report);
    request.channel = 3;
    report = weights_report(&request, 1, &error);
    assert_true(report->curve->best.factor == report->curve->own.factor);
    weights_assert_near(report->curve->best.mse, report->figures.error_mse, 1e-9, 0);
    weights_report_free(report);
    weights_free(&weights);
}

static void test_threads_make_no_difference(void **state)
{
    (void)state;
    struct weights weights = uneven_rows(700, 20);
    const struct scheme scheme = scheme_default();
    const struct curve *one = curve_of(&weights, &scheme, BELIEF_LAPLACE, 1);
    const struct curve *three = curve_of(&weights, &scheme, BELIEF_LAPLACE, 3);
    assert_memory_equal(one->measured, three->measured, sizeof one->measured);
    assert_memory_equal(one->theory, three->theory, sizeof one->theory);
    assert_memory_equal(&one->own, &three->own, sizeof one->own);
    part_unref(&one->part);
    part_unref(&three->part);
    weights_free(&weights);
}

/* Rows of zeros, of one value, and without a finite element. */
static void test_rows_without_spread(void **state)
{
    (void)state;
    enum { LENGTH = 6 };
    const uint64_t dims[] = {3, LENGTH};
    const struct scheme scheme = scheme_default();
    double x[3 * LENGTH] = {0};
    for (size_t j = 0; j < LENGTH; j++)
        x[2 * LENGTH + j] = NAN;
    struct weights weights = weights_make("F64", 2, dims, x);
    const struct curve *curve = curve_of(&weights, &scheme, BELIEF_GAUSSIAN, 1);
    assert_true(isnan(curve->measured[0].mse) && isnan(curve->theory[0].mse));
    assert_true(isnan(curve->best.mse) && isnan(curve->own.mse) && isnan(curve->theory_best.mse));
    part_unref(&curve->part);
    weights_free(&weights);

    for (size_t j = 0; j < LENGTH; j++)
        x[LENGTH + j] = -0.5;
    weights = weights_make("F64", 2, dims, x);
    curve = curve_of(&weights, &scheme, BELIEF_GAUSSIAN, 1);
    /* Half of the elements are cut by 0.25. */
    weights_assert_near(curve->measured[CURVE_WHOLE - CURVE_PER_OCTAVE].mse, 0.25 * 0.25 / 2, 1e-12,
                        0);
    weights_assert_near(curve->best.factor, 1, 1e-12, 0);
    assert_true(curve->best.mse < 1e-16);
    assert_true(isnan(curve->theory[0].mse));
    part_unref(&curve->part);
    weights_free(&weights);
}

/* The clip rule changes nothing in the curve, and the cache knows. */
static void test_the_curve_is_kept_while_the_clip_changes(void **state)
{
    (void)state;
    struct weights weights = uneven_rows(4, 50);
    struct error error = {ERROR_NONE, ""};
    struct watch watch = {.cancel = false};
    struct pool *pool = pool_new(1, &error);
    struct cache *cache = cache_new(1 << 24);
    const struct analysis analysis = {.pool = pool, .watch = &watch, .cache = cache};
    struct request request = weights_request(&weights);
    const struct report *without = analysis_run(&analysis, &request, &error);
    assert_null(without->curve);
    request.curve = true;
    const struct report *first = analysis_run(&analysis, &request, &error);
    assert_non_null(first->curve);
    request.scheme.clip = clip_default(CLIP_SIGMA);
    const struct report *second = analysis_run(&analysis, &request, &error);
    assert_ptr_equal(second->curve, first->curve);
    request.scheme.bits++;
    const struct report *third = analysis_run(&analysis, &request, &error);
    assert_ptr_not_equal(third->curve, first->curve);
    request.scheme.clip = clip_default(CLIP_STEP);
    const struct report *none = analysis_run(&analysis, &request, &error);
    assert_null(none->curve);
    const struct report *const reports[] = {without, first, second, third, none};
    for (size_t i = 0; i < sizeof reports / sizeof *reports; i++)
        weights_report_free(reports[i]);
    cache_free(cache);
    pool_free(pool);
    weights_free(&weights);
}

static void test_what_has_no_clip_is_refused(void **state)
{
    (void)state;
    struct scheme scheme = scheme_default();
    assert_null(curve_refusal(&scheme));
    scheme.bits = 1;
    assert_non_null(curve_refusal(&scheme));
    scheme = scheme_named("lloyd-max");
    assert_non_null(curve_refusal(&scheme));
    scheme = scheme_named("mxfp4");
    assert_non_null(curve_refusal(&scheme));
    scheme = scheme_named("nf4");
    assert_null(curve_refusal(&scheme));
    scheme.granularity = GRANULARITY_TENSOR;
    assert_non_null(curve_refusal(&scheme));
    scheme = scheme_default();
    scheme.correct_mean = true;
    assert_non_null(curve_refusal(&scheme));
}

static void test_cancelling(void **state)
{
    (void)state;
    struct weights weights = uneven_rows(4, 50);
    struct weights_stage stage;
    struct believer believer;
    struct error error = {ERROR_NONE, ""};
    const struct scheme scheme = scheme_default();
    weights_stage_begin(&stage, &weights, 1);
    const struct profile *profile = profile_compute(&stage.stage, &error);
    assert_true(
        believer_init(&believer, &stage.stage, profile, BELIEF_GAUSSIAN, NULL, NULL, &error));
    stage.watch.cancel = true;
    assert_null(curve_compute(&stage.stage, &scheme, &believer, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    believer_done(&believer);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_measured_is_the_definition),
        cmocka_unit_test(test_long_rows),
        cmocka_unit_test(test_theory_is_the_mean_of_the_rows),
        cmocka_unit_test(test_own_best_is_the_rules),
        cmocka_unit_test(test_threads_make_no_difference),
        cmocka_unit_test(test_rows_without_spread),
        cmocka_unit_test(test_the_curve_is_kept_while_the_clip_changes),
        cmocka_unit_test(test_what_has_no_clip_is_refused),
        cmocka_unit_test(test_cancelling),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
