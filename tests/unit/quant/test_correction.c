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

#include "quant/fitter.h"

#define LENGTH 3000

static void draw(double w[], double mean)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < LENGTH; i++)
        w[i] = mean + gsl_ran_gaussian(rng, 1);
    gsl_rng_free(rng);
}

/* Errors of a coarse grid, and the moments of what is stored before and after a correction. */
static void correct(bool mean, bool norm, const double w[], double e[],
                    struct correction_sums *sums, struct moments *after)
{
    const struct scheme scheme = {.bits = 3, .correct_mean = mean, .correct_norm = norm};
    struct fitter *fitter = fitter_new(&scheme, NULL, false, 1);
    const struct quantizer quantizer = fitter_fit(fitter, w, LENGTH);
    double stored[LENGTH];
    quantizer_round(&quantizer, w, LENGTH, e, NULL);
    *sums = (struct correction_sums){0};
    correction_add(sums, w, e, LENGTH);
    const struct correction correction = correction_make(&scheme, sums);
    correction_apply(&correction, w, e, LENGTH);
    for (size_t i = 0; i < LENGTH; i++)
        stored[i] = w[i] + e[i];
    *after = (struct moments){0};
    moments_add(after, stored, LENGTH);
    fitter_free(fitter);
}

static void test_what_is_put_back(void **state)
{
    (void)state;
    double w[LENGTH], e[LENGTH];
    struct correction_sums sums;
    struct moments after;
    draw(w, 0.7);
    correct(true, true, w, e, &sums, &after);
    assert_true(fabs(after.mean - sums.weight.mean) < 1e-12);
    assert_true(fabs(moments_std(&after) - moments_std(&sums.weight)) < 1e-12);
    correct(true, false, w, e, &sums, &after);
    assert_true(fabs(after.mean - sums.weight.mean) < 1e-12);
    assert_true(fabs(moments_std(&after) - moments_std(&sums.stored)) < 1e-12);
    correct(false, true, w, e, &sums, &after);
    assert_true(fabs(after.mean - sums.stored.mean) < 1e-12);
    assert_true(fabs(moments_std(&after) - moments_std(&sums.weight)) < 1e-12);
    correct(false, false, w, e, &sums, &after);
    assert_true(fabs(after.mean - sums.stored.mean) < 1e-15);
    assert_true(fabs(moments_std(&after) - moments_std(&sums.stored)) < 1e-15);
    assert_true(fabs(sums.stored.mean - sums.weight.mean) > 1e-3);
}

static void test_by_hand(void **state)
{
    (void)state;
    /* Stored 0, 0, 3, 5: mean 2, variance 4.5; weights have mean 1 and variance 2. */
    const double w[] = {-1, 1, 1, 3}, stored[] = {0, 0, 3, 5};
    const struct scheme scheme = {.bits = 4, .correct_mean = true, .correct_norm = true};
    double e[4];
    for (size_t i = 0; i < 4; i++)
        e[i] = stored[i] - w[i];
    struct correction_sums sums = {0};
    correction_add(&sums, w, e, 4);
    const struct correction correction = correction_make(&scheme, &sums);
    assert_true(fabs(correction.gain - 2.0 / 3) < 1e-15);
    assert_true(fabs(correction.shift - (1.5 - 2)) < 1e-15);
    correction_apply(&correction, w, e, 4);
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(e[i] - (2.0 / 3 * (stored[i] - 2) + 1 - w[i])) < 1e-15);
}

static void test_sums_merge(void **state)
{
    (void)state;
    double w[LENGTH], e[LENGTH];
    draw(w, -3);
    for (size_t i = 0; i < LENGTH; i++)
        e[i] = rint(w[i]) - w[i];
    w[5] = NAN;
    e[5] = NAN;
    const struct scheme scheme = {.bits = 4, .correct_mean = true, .correct_norm = true};
    struct correction_sums whole = {0}, left = {0}, right = {0};
    correction_add(&whole, w, e, LENGTH);
    correction_add(&left, w, e, 1000);
    correction_add(&right, w + 1000, e + 1000, LENGTH - 1000);
    correction_merge(&left, &right);
    assert_true(left.weight.count == LENGTH - 1 && left.stored.count == LENGTH - 1);
    const struct correction a = correction_make(&scheme, &whole),
                            b = correction_make(&scheme, &left);
    assert_true(fabs(a.gain - b.gain) < 1e-13 && fabs(a.shift - b.shift) < 1e-13);
}

static void test_without_spread(void **state)
{
    (void)state;
    const struct scheme scheme = {.bits = 4, .correct_mean = true, .correct_norm = true};
    const double w[] = {0.5, 0.5}, e[] = {-0.125, -0.125}, spread[] = {-0.5, 0.25};
    struct correction_sums empty = {0}, constant = {0}, stored = {0};
    struct correction correction = correction_make(&scheme, &empty);
    assert_true(correction.shift == 0 && correction.gain == 1);
    correction_add(&constant, w, e, 2);
    correction = correction_make(&scheme, &constant);
    assert_true(correction.shift == 0.125 && correction.gain == 1);
    correction_add(&stored, w, spread, 2); /* weights alike, stored values not */
    correction = correction_make(&scheme, &stored);
    assert_true(correction.shift == 0.125 && correction.gain == 1);
}

/* Against many draws of the source. */
static void test_predictions(void **state)
{
    (void)state;
    const struct source source = {.type = &source_gaussian, .mean = 0.3, .std = 1};
    const struct theory_grid grid = {.step = 1.3, .lowest = -1, .highest = 1};
    const struct prediction plain = theory_predict(&source, &grid);
    enum { DRAWS = 400000 };
    double *w = malloc(2 * DRAWS * sizeof *w), *e = w + DRAWS;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int settings = 0; settings < 4; settings++) {
        const struct scheme scheme = {
            .bits = 2, .correct_mean = settings & 1, .correct_norm = settings & 2};
        struct correction_sums sums = {0};
        double product = 0;
        for (size_t i = 0; i < DRAWS; i++) {
            w[i] = source.type->draw(&source, rng);
            e[i] = 1.3 * fmin(fmax(rint(w[i] / 1.3), -1), 1) - w[i];
        }
        correction_add(&sums, w, e, DRAWS);
        const struct correction correction = correction_make(&scheme, &sums);
        correction_apply(&correction, w, e, DRAWS);
        struct moments error = {0};
        moments_add(&error, e, DRAWS);
        for (size_t i = 0; i < DRAWS; i++)
            product += (w[i] - source.mean) * (e[i] - error.mean) / DRAWS;
        const struct prediction found = correction_predict(&scheme, &source, &plain);
        const double std = moments_std(&error);
        assert_true(fabs(found.mean - error.mean) < 0.005);
        assert_true(fabs(found.variance - std * std) < 0.005);
        assert_true(fabs(found.covariance - product) < 0.005);
        assert_true(fabs(found.mse - (std * std + error.mean * error.mean)) < 0.005);
        assert_true(found.clipped == plain.clipped);
        assert_true(settings == 0 ? found.overload == plain.overload : isnan(found.overload));
    }
    gsl_rng_free(rng);
    free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_put_back), cmocka_unit_test(test_by_hand),
        cmocka_unit_test(test_sums_merge),       cmocka_unit_test(test_without_spread),
        cmocka_unit_test(test_predictions),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
