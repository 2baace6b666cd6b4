/* SPDX-License-Identifier: MIT
 *
 * What a quantizer's theory says, against what it does to draws of the source.
 */
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
#include "quant/fitter.h"

#define DRAWS  200000
#define POINTS 21

struct draws {
    double *w, *e;
};

/* The error of the quantizer's levels; that of a block format looks at each block anew. */
static void round_draws(const struct quantizer *quantizer, const struct draws *draws)
{
    if (quantizer->kind == LEVELS_BLOCKS)
        codebook_round(quantizer->codebook, quantizer->location, quantizer->scale, draws->w, DRAWS,
                       draws->e, NULL);
    else
        quantizer_round(quantizer, draws->w, DRAWS, draws->e, NULL);
}

static void close_to(const char *what, const char *scheme, double found, double wanted, double by)
{
    if (!(fabs(found - wanted) <= by))
        fail_msg("%s: %s is %.6g, not %.6g", scheme, what, found, wanted);
}

static void check_curve(const char *name, const struct quantizer *quantizer,
                        const struct source *source, const struct draws *draws)
{
    double t[POINTS], cdf[POINTS] = {0};
    size_t below[POINTS] = {0};
    for (size_t i = 0; i < POINTS; i++)
        t[i] = ((double)i - POINTS / 2.0) / 8;
    quantizer_add_curve(quantizer, source, false, 2, t, POINTS, cdf);
    for (size_t i = 0; i < DRAWS; i++)
        for (size_t k = 0; k < POINTS; k++)
            below[k] += draws->e[i] <= t[k] * quantizer->step;
    for (size_t k = 0; k < POINTS; k++)
        close_to("the curve", name, cdf[k] / 2, (double)below[k] / DRAWS, 0.005);
}

static void check(const char *name, const struct quantizer *quantizer, const struct source *source,
                  const struct draws *draws)
{
    struct moments error = {0};
    const struct prediction prediction = quantizer_predict(quantizer, source, false);
    double product = 0, square = 0, products = 0, squares = 0;
    round_draws(quantizer, draws);
    moments_add(&error, draws->e, DRAWS);
    for (size_t i = 0; i < DRAWS; i++) {
        const double e = draws->e[i], together = (draws->w[i] - source->mean) * (e - error.mean);
        product += together / DRAWS;
        products += together * together / DRAWS;
        square += e * e / DRAWS;
        squares += e * e * e * e / DRAWS;
    }
    /* Five times the noise of a sample: its mean's deviation. */
    const double noise = 5 / sqrt(DRAWS);
    const double clipped = (double)quantizer_clipped(quantizer, draws->w, DRAWS) / DRAWS;
    close_to("the mean", name, prediction.mean, error.mean, noise * sqrt(square));
    close_to("the MSE", name, prediction.mse, square, noise * sqrt(squares));
    close_to("the variance", name, prediction.variance + prediction.mean * prediction.mean,
             prediction.mse, 1e-9 * square);
    close_to("the covariance", name, prediction.covariance, product, noise * sqrt(products));
    close_to("the overload", name, prediction.granular + prediction.overload, prediction.mse,
             1e-9 * square);
    if (!grid_is_sign(&quantizer->grid) || quantizer->codebook) /* which never counts any */
        close_to("the clipped share", name, prediction.clipped, clipped, 0.003);
    check_curve(name, quantizer, source, draws);
}

/* Draws of the units that a quantizer of n elements with extremes is one of: some are these, the
 * others lie between them. */
static void draw_within(const struct quantizer *quantizer, const struct source *source, size_t n,
                        const gsl_rng *rng, const struct draws *draws)
{
    const struct theory_extremes *extremes = &quantizer->extremes;
    const double location = quantizer->location, scale = quantizer->scale;
    const double low = location + scale * extremes->low, high = location + scale * extremes->high;
    const bool both = extremes->share * (double)n > 1.5;
    for (size_t i = 0; i < DRAWS; i++) {
        const bool known = extremes->share > 0;
        do
            draws->w[i] = source->type->draw(source, rng);
        while (known && (draws->w[i] < low || draws->w[i] > high));
        if (known && i % n == 0)
            draws->w[i] = both || extremes->x < 0 ? low : high;
        else if (both && i % n == 1)
            draws->w[i] = high;
    }
}

static void test_against_draws(void **state)
{
    (void)state;
    static const struct {
        const char *levels, *clip;
        int bits;
        bool asymmetric, full_range;
    } cases[] = {
        {"uniform", "max", 3, false, false},
        {"uniform", "max", 3, true, false},
        {"uniform", "max", 3, false, true},
        {"uniform", "sigma:1.5", 3, true, false},
        {"uniform", "sigma:1.5", 3, false, true},
        {"uniform", "value:0.5", 2, false, false},
        {"uniform", "max", 1, false, false},
        {"uniform", "max", 1, true, false},
        {"nf4", "max", 4, false, false},
        {"fp8-e4m3", "max", 8, false, false},
        {"nf:3", "mse", 3, false, false},
        {"apot", "sigma:2", 4, false, false},
        {"lloyd-max:gaussian", "max", 3, false, false},
        {"lloyd-max:laplace", "max", 3, false, false},
        {"lloyd-max:empirical", "max", 3, false, false},
        {"fp4-e2m1", "aciq", 4, false, false},
        {"mxfp4", "max", 4, false, false},
        {"q4_0", "max", 4, false, false},
        {"q4_1", "max", 4, false, false},
        {"nvfp4", "max", 4, false, false},
    };
    static const struct source_type *const types[] = {&source_gaussian, &source_laplace};
    const struct draws draws = {mem_alloc(DRAWS, sizeof(double)), mem_alloc(DRAWS, sizeof(double))};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t type = 0; type < 2; type++) {
        const struct source source = {.type = types[type], .mean = 0.3, .std = 0.9};
        for (size_t i = 0; i < DRAWS; i++)
            draws.w[i] = source.type->draw(&source, rng);
        for (size_t k = 0; k < sizeof cases / sizeof *cases; k++) {
            struct scheme scheme = scheme_default();
            scheme.bits = cases[k].bits;
            scheme.asymmetric = cases[k].asymmetric;
            scheme.full_range = cases[k].full_range;
            assert_true(levels_parse(cases[k].levels, &scheme.levels, &scheme.bits, NULL));
            assert_true(clip_parse(cases[k].clip, &scheme.clip, NULL));
            struct books *books = books_make(&scheme, NULL);
            struct fitter *fitter = fitter_new(&scheme, books, false, 5);
            const size_t n = scheme.levels.kind == LEVELS_BLOCKS ? 16 : 4000;
            const struct quantizer quantizer = fitter_fit(fitter, draws.w, n);
            draw_within(&quantizer, &source, n, rng, &draws);
            check(cases[k].levels, &quantizer, &source, &draws);
            fitter_free(fitter);
            books_free(books);
        }
    }
    gsl_rng_free(rng);
    mem_free(draws.w);
    mem_free(draws.e);
}

/* A grid that never clips has its theory without ends. */
static void test_endless(void **state)
{
    (void)state;
    const struct source source = {.type = &source_gaussian, .mean = 0.1, .std = 1};
    const struct quantizer quantizer = {
        .grid = {.clip = 1, .step = 0.25, .lowest = -3, .highest = 5},
        .step = 0.25,
        .reach = 1,
        .centre = 0.25};
    const struct theory_grid grid = {.step = 0.25, .endless = true};
    const struct prediction wanted = theory_predict(&source, &grid),
                            found = quantizer_predict(&quantizer, &source, true);
    assert_true(found.mse == wanted.mse && found.covariance == wanted.covariance);
    assert_true(quantizer_predict(&quantizer, &source, false).mse > 2 * wanted.mse);
    const double t[] = {-0.5, 0, 0.5};
    double cdf[3] = {0};
    quantizer_add_curve(&quantizer, &source, true, 1, t, 3, cdf);
    assert_true(fabs(cdf[0]) < 1e-7 && fabs(cdf[1] - 0.5) < 1e-6 && fabs(cdf[2] - 1) < 1e-7);
}

/* Levels of no width take all to one place. */
static void test_points(void **state)
{
    (void)state;
    const struct source source = {.type = &source_gaussian, .mean = 2, .std = 3};
    const struct quantizer zero = {.kind = LEVELS_UNIFORM};
    const struct prediction prediction = quantizer_predict(&zero, &source, false);
    assert_true(prediction.mean == -2 && prediction.variance == 9 && prediction.mse == 13);
    assert_true(prediction.covariance == -9 && prediction.clipped == 1);
    assert_true(prediction.granular == 0 && prediction.overload == 13);
    const double t = 0;
    double cdf = 0;
    quantizer_add_curve(&zero, &source, false, 1, &t, 1, &cdf);
    assert_true(cdf == 0);
    const struct quantizer tiny = {
        .grid = {.clip = 7e-300, .step = 1e-300, .lowest = -7, .highest = 7},
        .step = 1e-300,
        .reach = 7e-300};
    assert_true(quantizer_predict(&tiny, &source, false).mse == 13);
    quantizer_add_curve(&tiny, &source, false, 1, &t, 1, &cdf);
    assert_true(fabs(cdf - (1 - source.type->cdf(&source, 0))) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_draws),
        cmocka_unit_test(test_endless),
        cmocka_unit_test(test_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
