/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "base/mem.h"
#include "quant/clip_sample.h"

static struct clip_sums direct(const double w[], size_t n, double x)
{
    struct clip_sums sums = {0};
    for (size_t i = 0; i < n; i++)
        if (w[i] < x) {
            sums.count += 1;
            sums.sum += w[i];
            sums.square += w[i] * w[i];
        }
    return sums;
}

/* In the sample's unit, each within so much of the whole. */
static void check_sums(const struct clip_sample *sample, const double w[], size_t n, double x,
                       double tolerance)
{
    const struct clip_sums expected = direct(w, n, x);
    const struct clip_sums found = clip_sample_below(sample, x / sample->unit);
    const double unit = sample->unit, all = direct(w, n, INFINITY).square;
    assert_true(fabs(found.count - expected.count) <= tolerance * (double)n);
    assert_true(fabs(found.sum * unit - expected.sum) <= tolerance * sqrt(all * (double)n));
    assert_true(fabs(found.square * unit * unit - expected.square) <= tolerance * all);
}

/* Gaussian, with ties as BF16 has them, or with an outlier that leaves all others a few buckets. */
static void draw(const gsl_rng *rng, int kind, double w[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        w[i] = gsl_ran_gaussian_ziggurat(rng, 0.02);
        if (kind == 1)
            w[i] = rint(w[i] * 4096) / 4096;
    }
    if (kind == 2)
        w[n / 2] = 1e6;
}

static void test_sorted(void **state)
{
    (void)state;
    static const size_t lengths[] = {1, 2, 3, 10, 100, 5000};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    struct clip_sample *sample = NULL;
    double w[5000];
    for (int kind = 0; kind < 3; kind++)
        for (size_t k = 0; k < sizeof lengths / sizeof *lengths; k++) {
            const size_t n = lengths[k];
            draw(rng, kind, w, n);
            sample = clip_sample_make(sample, w, n);
            assert_int_equal(sample->values, n);
            for (size_t i = 1; i < n; i++)
                assert_true(sample->value[i - 1] <= sample->value[i]);
            for (size_t i = 0; i < n; i += 1 + n / 100) {
                check_sums(sample, w, n, w[i], 1e-13);
                check_sums(sample, w, n, nextafter(w[i], INFINITY), 1e-13);
            }
            check_sums(sample, w, n, -INFINITY, 0);
            check_sums(sample, w, n, INFINITY, 1e-13);
            const double half = clip_sample_before_bucket(sample, sample->buckets / 2);
            assert_true(half >= 0 && half <= (double)n);
            assert_true(clip_sample_before_bucket(sample, sample->buckets) == (double)n);
        }
    clip_sample_free(sample);
    gsl_rng_free(rng);
}

static void test_bins(void **state)
{
    (void)state;
    enum { N = 200000 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double *w = mem_alloc(N, sizeof *w);
    struct clip_sample *sample = NULL;
    for (int kind = 0; kind < 2; kind++) {
        draw(rng, kind, w, N);
        w[3] = NAN;
        w[4] = INFINITY;
        sample = clip_sample_make(sample, w, N);
        assert_int_equal(sample->values, 0);
        assert_int_equal(sample->count, N - 2);
        w[3] = w[4] = w[5];                 /* for the direct sums, which have two more */
        for (int i = -409; i < 409; i += 5) /* not where there are ties */
            check_sums(sample, w, N, (i + 0.5) / 4096, 4e-5);
        check_sums(sample, w, N, INFINITY, 2e-5);
        for (size_t b = 1; b <= sample->buckets; b++)
            assert_true(clip_sample_before_bucket(sample, b - 1) <=
                        clip_sample_before_bucket(sample, b) + 1e-9);
    }
    clip_sample_free(sample);
    mem_free(w);
    gsl_rng_free(rng);
}

/* A range of a few last digits. */
static void test_narrow(void **state)
{
    (void)state;
    enum { N = 70000 };
    double *w = mem_alloc(N, sizeof *w);
    for (size_t i = 0; i < N; i++)
        w[i] = 1 + (double)(i % 5) * 0x1p-52;
    struct clip_sample *sample = clip_sample_make(NULL, w, N);
    assert_true(fabs(clip_sample_total(sample).sum * sample->unit - N) < 1e-6);
    assert_true(fabs(clip_sample_below(sample, 1 + 0x1p-30).count - N) < 1e-6);
    assert_true(clip_sample_below(sample, 1).count == 0);
    clip_sample_free(sample);
    mem_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sorted),
        cmocka_unit_test(test_bins),
        cmocka_unit_test(test_narrow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
