/* SPDX-License-Identifier: MIT
 *
 * What is predicted of small units whose scale is their largest weight, against what their
 * rounding does.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_rng.h>

#include "quant/fitter.h"

#define UNITS 16384
#define MOST  64

/* The noise of so many units' mean square errors is at most 1 %. */
#define CLOSE 0.025

static struct scheme scheme_of(const char *levels, int bits)
{
    struct scheme scheme = scheme_default();
    scheme.bits = bits;
    assert_true(levels_parse(levels, &scheme.levels, &scheme.bits, NULL));
    return scheme;
}

struct sums {
    double predicted, measured, predicted_mean, mean; /* of e^2 and of e */
};

static void add_unit(struct sums *sums, struct fitter *fitter, const struct source *source,
                     const double w[], size_t n)
{
    const struct quantizer quantizer = fitter_fit(fitter, w, n);
    const struct prediction prediction = quantizer_predict(&quantizer, source, false);
    double e[MOST];
    quantizer_round(&quantizer, w, n, e, NULL);
    sums->predicted += prediction.mse;
    sums->predicted_mean += prediction.mean;
    for (size_t i = 0; i < n; i++) {
        sums->measured += e[i] * e[i] / (double)n;
        sums->mean += e[i] / (double)n;
    }
}

/* Means over many units of n draws. */
static struct sums sums_of(const struct scheme *scheme, const struct source *source, size_t n)
{
    struct sums sums = {0};
    struct books *books = books_make(scheme, NULL);
    struct fitter *fitter = fitter_new(scheme, books, false, 6 * source->std);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t k = 0; k < UNITS; k++) {
        double w[MOST];
        for (size_t i = 0; i < n; i++)
            w[i] = source->type->draw(source, rng);
        add_unit(&sums, fitter, source, w, n);
    }
    gsl_rng_free(rng);
    fitter_free(fitter);
    books_free(books);
    sums.predicted /= UNITS;
    sums.measured /= UNITS;
    sums.predicted_mean /= UNITS;
    sums.mean /= UNITS;
    return sums;
}

static void check(const char *levels, int bits, const struct source *source, size_t n)
{
    const struct scheme scheme = scheme_of(levels, bits);
    const struct sums sums = sums_of(&scheme, source, n);
    const double noise = 5 * sqrt(sums.measured / (UNITS * (double)n));
    if (fabs(sums.predicted / sums.measured - 1) > CLOSE)
        fail_msg("%s of %d bits in units of %zu: predicted %.4f of what is measured", levels, bits,
                 n, sums.predicted / sums.measured);
    if (fabs(sums.predicted_mean - sums.mean) > noise)
        fail_msg("%s of %d bits in units of %zu: a mean of %g, not %g, within %g", levels, bits, n,
                 sums.predicted_mean, sums.mean, noise);
}

static const struct source gaussian = {.type = &source_gaussian, .std = 0.02};
static const struct source laplace = {.type = &source_laplace, .std = 0.02};

static void test_codebooks(void **state)
{
    (void)state;
    static const struct {
        const char *levels;
        int bits;
    } cases[] = {{"nf4", 4},      {"nf:3", 3},     {"apot", 3},     {"apot", 4},    {"fp4-e2m1", 4},
                 {"fp6-e2m3", 6}, {"fp6-e3m2", 6}, {"fp8-e4m3", 8}, {"fp8-e5m2", 8}};
    static const size_t lengths[] = {16, 32, 64};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
            check(cases[i].levels, cases[i].bits, &gaussian, lengths[k]);
            check(cases[i].levels, cases[i].bits, &laplace, lengths[k]);
        }
}

static void test_blocks(void **state)
{
    (void)state;
    for (size_t i = 0; i < block_format_count; i++) {
        check(block_formats[i]->name, 4, &gaussian, block_formats[i]->block);
        check(block_formats[i]->name, 4, &laplace, block_formats[i]->block);
    }
}

/* Only a scale that is max |w| says where the weights end. */
static void test_other_clips_know_nothing(void **state)
{
    (void)state;
    const double w[] = {-0.5, 3, 0.25, 1};
    struct scheme scheme = scheme_of("nf4", 4);
    struct books *books = books_make(&scheme, NULL);
    struct fitter *fitter = fitter_new(&scheme, books, false, 3);
    struct theory_extremes extremes = fitter_fit(fitter, w, 4).extremes;
    assert_true(extremes.low == -1 && extremes.high == 1);
    assert_true(extremes.share == 0.25 && extremes.x == 0.25 && extremes.ee == 0);
    fitter_free(fitter);
    scheme.clip = clip_default(CLIP_MSE);
    fitter = fitter_new(&scheme, books, false, 3);
    extremes = fitter_fit(fitter, w, 4).extremes;
    assert_true(extremes.low == -INFINITY && extremes.high == INFINITY);
    assert_true(extremes.share == 0);
    fitter_free(fitter);
    books_free(books);
}

/* A row's source may have nothing to do with a unit: then all of it counts. */
static void test_source_elsewhere(void **state)
{
    (void)state;
    const double w[] = {-1, 3, 2, 1};
    const struct source far = {.type = &source_gaussian, .mean = 100, .std = 0.5};
    const struct scheme scheme = scheme_of("fp4-e2m1", 4);
    struct books *books = books_make(&scheme, NULL);
    struct fitter *fitter = fitter_new(&scheme, books, false, 3);
    const struct quantizer quantizer = fitter_fit(fitter, w, 4);
    const struct prediction prediction = quantizer_predict(&quantizer, &far, false);
    assert_true(fabs(prediction.mse - (97 * 97 + 0.25)) < 1e-9);
    const double t = 0;
    double cdf = 0;
    quantizer_add_curve(&quantizer, &far, false, 1, &t, 1, &cdf);
    assert_true(fabs(cdf - 1) < 1e-7);
    fitter_free(fitter);
    books_free(books);
}

/* A unit of one element has that one at an end, and nothing between. */
static void test_single_element(void **state)
{
    (void)state;
    const double w = 5.2;
    const char *const names[] = {"mxfp4", "nvfp4", "q4_0"};
    for (size_t i = 0; i < 3; i++) {
        const struct scheme scheme = scheme_of(names[i], 4);
        struct books *books = books_make(&scheme, NULL);
        struct fitter *fitter = fitter_new(&scheme, books, false, 5);
        const struct quantizer quantizer = fitter_fit(fitter, &w, 1);
        const struct prediction prediction = quantizer_predict(&quantizer, &gaussian, false);
        double e;
        quantizer_round(&quantizer, &w, 1, &e, NULL);
        assert_true(fabs(prediction.mse - e * e) <= 1e-12);
        assert_true(fabs(prediction.mean - e) <= 1e-12 && prediction.variance <= 1e-12);
        fitter_free(fitter);
        books_free(books);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codebooks),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_other_clips_know_nothing),
        cmocka_unit_test(test_source_elsewhere),
        cmocka_unit_test(test_single_element),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
