/* SPDX-License-Identifier: MIT */
#include <complex.h>
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../model/fixture.h"
#include "engine/spectrum.h"
#include "weights.h"

/* A report with the spectrum in it. */
static const struct report *report_of(const struct weights *weights, struct scheme scheme,
                                      enum belief belief, unsigned threads)
{
    struct request request = weights_request(weights);
    request.scheme = scheme;
    request.belief = belief;
    request.spectrum = true;
    const struct report *report = weights_report(&request, threads, NULL);
    assert_non_null(report);
    assert_non_null(report->spectrum);
    assert_false(report->spectrum_sampled);
    return report;
}

/* |E exp(jux)| of Gaussian rows at point k, each row in its own steps. */
static double gaussian_phi(const struct report *report, size_t k)
{
    double complex sum = 0;
    double n = 0, v = 2 * M_PI * (double)k / SPECTRUM_PER_PSI;
    for (size_t i = 0; i < report->rows.channels; i++) {
        const struct moments *moments = &report->profile->channel[i];
        double step = report->errors->channel[i].step, count = (double)moments->count;
        double mean = moments_mean(moments) / step, std = moments_std(moments) / step;
        sum += count * cexp(I * v * mean - v * v * std * std / 2);
        n += count;
    }
    return cabs(sum) / n;
}

/* The definition: every element after the other. */
static double measured_phi(const struct weights *weights, const struct report *report, size_t k)
{
    double complex sum = 0;
    double n = 0, v = 2 * M_PI * (double)k / SPECTRUM_PER_PSI;
    for (size_t i = 0; i < weights->channels; i++)
        for (size_t j = 0; j < weights->length; j++) {
            double w = weights->x[i * weights->length + j];
            if (!isfinite(w))
                continue;
            sum += cexp(I * v * w / report->errors->channel[i].step);
            n += 1;
        }
    return cabs(sum) / n;
}

/* The judgements are what they say of the points. */
static void check_judgements(const struct spectrum *spectrum)
{
    const double *const curves[] = { spectrum->theory, spectrum->measured };
    for (int which = 0; which < 2; which++) {
        const double *phi = curves[which];
        double qt1 = 0, qt2 = 0, multiples = 0;
        for (size_t k = 0; k < SPECTRUM_POINTS; k++) {
            double u = (double)k / SPECTRUM_PER_PSI;
            qt1 = u > 0.5 ? fmax(qt1, phi[k]) : qt1;
            qt2 = u > 1 ? fmax(qt2, phi[k]) : qt2;
            multiples = u > 0 && u == floor(u) ? fmax(multiples, phi[k]) : multiples;
        }
        weights_assert_same(spectrum->qt1[which], qt1);
        weights_assert_same(spectrum->qt2[which], qt2);
        weights_assert_same(spectrum->sripad_snyder[which], multiples);
    }
}

/* The theory is the closed form, and a sample of n is within its noise, 5 standard deviations of
 * about 1/sqrt(n), of it. */
static void test_gaussian(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(6, 5000, 0.003, 0.02);
    for (int bits = 2; bits <= 4; bits++) {
        const struct report *report =
            report_of(&weights, (struct scheme)WEIGHTS_SCHEME(bits, CLIP_MAX, 0), BELIEF_GAUSSIAN, 2);
        for (size_t k = 0; k < SPECTRUM_POINTS; k++) {
            double phi = gaussian_phi(report, k);
            assert_true(fabs(report->spectrum->theory[k] - phi) < 1e-12);
            assert_true(fabs(report->spectrum->measured[k] - phi) < 5 / sqrt(30000));
        }
        check_judgements(report->spectrum);
        weights_report_free(report);
    }
    weights_free(&weights);
}

/* The histogram that stands for the elements adds noise that is small against the sample's own, of
 * 1/sqrt(n): an element is moved by the root of 1/12 bins, times at most 6 pi radians a step. */
/* A single row is judged by its source and by its own elements: a Gaussian's density of the error
 * is within 2 % of uniform below q = σ sqrt(2π² / ln 100). */
static void test_single_row_is_judged(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(1, 60000, 0.003, 0.02);
    for (int bits = 2; bits <= 3; bits++) {
        const struct report *report =
            report_of(&weights, (struct scheme)WEIGHTS_SCHEME(bits, CLIP_MAX, 0), BELIEF_GAUSSIAN, 2);
        const struct spectrum *spectrum = report->spectrum;
        double std = moments_std(&report->profile->total);
        double holds_below = std * sqrt(2 * M_PI * M_PI / log(100));
        assert_true(spectrum->judged);
        assert_true(fabs(spectrum->conditions.holds_below_step / holds_below - 1) < 1e-4);
        assert_true(fabs(spectrum->measured_holds_below / holds_below - 1) < 0.1);
        assert_int_equal(spectrum->conditions.verdict, bits == 2 ? PQN_BROKEN : PQN_HOLDS);
        assert_true(strlen(spectrum->conditions.reason) > 20);
        weights_report_free(report);
    }
    weights_free(&weights);
    weights = weights_make_gaussian(2, 500, 0, 1);
    const struct report *report = report_of(&weights, scheme_default(), BELIEF_GAUSSIAN, 2);
    assert_false(report->spectrum->judged);
    weights_report_free(report);
    weights_free(&weights);
}

static void test_measured_is_of_the_elements(void **state)
{
    (void)state;
    double *x = weights_gaussian(2000, 0.1, 1, 31);
    for (size_t i = 0; i < 2000; i++)
        x[i] = i % 100 == 7 ? (double)NAN : x[i] + fabs(x[i]);
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ 4, 500 }, x);
    free(x);
    const struct report *report =
        report_of(&weights, (struct scheme)WEIGHTS_SCHEME(3, CLIP_SIGMA, 2), BELIEF_LAPLACE, 2);
    for (size_t k = 0; k < SPECTRUM_POINTS; k++)
        assert_true(fabs(report->spectrum->measured[k] - measured_phi(&weights, report, k)) <
                    0.5 / sqrt(1980));
    weights_report_free(report);
    weights_free(&weights);
}

/* Elements spread evenly over one step: zero at all multiples of Psi, sin(z)/z between. */
static void test_uniform_over_a_step(void **state)
{
    (void)state;
    enum { N = 4096 };
    double *x = weights_memory(N);
    for (size_t i = 0; i < N; i++)
        x[i] = ((double)i + 0.5) / N - 0.5;
    struct weights weights = weights_make("F64", 1, (const uint64_t[]){ N }, x);
    free(x);
    /* Two bits: one level each side, at the clip. */
    const struct report *report =
        report_of(&weights, (struct scheme)WEIGHTS_SCHEME(2, CLIP_VALUE, 1), BELIEF_EMPIRICAL, 2);
    weights_assert_same(report->errors->channel[0].step, 1);
    for (size_t k = 0; k < SPECTRUM_POINTS; k++) {
        double z = M_PI * (double)k / SPECTRUM_PER_PSI;
        double expected = k == 0 ? 1 : fabs(sin(z) / z);
        /* The histogram's outermost bins are half empty. */
        assert_true(fabs(report->spectrum->measured[k] - expected) < 1e-3);
        assert_true(fabs(report->spectrum->theory[k] - expected) < 1e-3);
    }
    assert_true(report->spectrum->sripad_snyder[1] < 1e-3);
    assert_true(report->spectrum->qt1[1] > 0.5);
    check_judgements(report->spectrum);
    weights_report_free(report);
    weights_free(&weights);
}

/* Rows without a step have no part in it, rows without a density none in theory. */
static void test_odd_rows(void **state)
{
    (void)state;
    const double zero[8] = { 0 };
    struct weights weights = weights_make("F64", 2, (const uint64_t[]){ 2, 4 }, zero);
    const struct report *report = report_of(&weights, scheme_default(), BELIEF_GAUSSIAN, 2);
    assert_true(isnan(report->spectrum->measured[0]) && isnan(report->spectrum->theory[0]));
    assert_true(isnan(report->spectrum->qt1[0]) && isnan(report->spectrum->sripad_snyder[1]));
    weights_report_free(report);
    weights_free(&weights);

    const double alike[] = { 0.5, 0.5, 0.5, 0.5 };
    weights = weights_make("F64", 2, (const uint64_t[]){ 2, 2 }, alike);
    report = report_of(&weights, scheme_default(), BELIEF_GAUSSIAN, 2);
    assert_true(isnan(report->spectrum->theory[SPECTRUM_PER_PSI]));
    for (size_t k = 0; k < SPECTRUM_POINTS; k++) /* one point; its bin has a width */
        assert_true(fabs(report->spectrum->measured[k] - 1) < 0.02);
    weights_report_free(report);
    weights_free(&weights);
}

static void test_threads(void **state)
{
    (void)state;
    struct weights all[] = {
        weights_make_gaussian(200, 257, 0.001, 0.02), weights_make_gaussian(1, 140000, 0.1, 0.2),
    };
    for (size_t i = 0; i < 2; i++) {
        for (int belief = 0; belief < BELIEF_COUNT; belief++) {
            const struct report *one = report_of(&all[i], scheme_default(), (enum belief)belief, 1);
            for (unsigned threads = 2; threads <= 3; threads++) {
                const struct report *many =
                    report_of(&all[i], scheme_default(), (enum belief)belief, threads);
                for (size_t k = 0; k < SPECTRUM_POINTS; k++) {
                    weights_assert_same(many->spectrum->theory[k], one->spectrum->theory[k]);
                    weights_assert_same(many->spectrum->measured[k], one->spectrum->measured[k]);
                }
                weights_report_free(many);
            }
            weights_report_free(one);
        }
        weights_free(&all[i]);
    }
}

/* It is made for those who ask. */
static void test_only_where_wanted(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(2, 50, 0, 1);
    struct request request = weights_request(&weights);
    const struct report *report = weights_report(&request, 1, NULL);
    assert_non_null(report);
    assert_null(report->spectrum);
    weights_report_free(report);
    weights_free(&weights);
}

static void test_cancelled(void **state)
{
    (void)state;
    struct weights weights = weights_make_gaussian(3, 100, 0, 1);
    struct weights_stage stage;
    struct error error = { ERROR_NONE, "" };
    const struct scheme scheme = scheme_default();
    struct believer believer;
    weights_stage_begin(&stage, &weights, 2);
    const struct profile *profile = profile_compute(&stage.stage, NULL);
    assert_true(
        believer_init(&believer, &stage.stage, profile, BELIEF_GAUSSIAN, NULL, NULL, NULL));
    const struct quantizers *quantizers =
        weights_quantizers(&stage.stage, &scheme, profile, NULL, NULL);
    const struct errors *errors = errors_compute(&stage.stage, quantizers, &believer, true, NULL);
    part_unref(&quantizers->part);
    atomic_store(&stage.watch.cancel, true);
    assert_null(spectrum_compute(&stage.stage, errors, &believer, &error));
    assert_int_equal(error.code, ERROR_CANCELLED);
    believer_done(&believer);
    part_unref(&errors->part);
    part_unref(&profile->part);
    weights_stage_end(&stage);
    weights_free(&weights);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gaussian),
        cmocka_unit_test(test_single_row_is_judged),
        cmocka_unit_test(test_measured_is_of_the_elements),
        cmocka_unit_test(test_uniform_over_a_step),
        cmocka_unit_test(test_odd_rows),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_only_where_wanted),
        cmocka_unit_test(test_cancelled),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
