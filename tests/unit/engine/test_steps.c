/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>

#include "engine/steps.h"
#include "quant/fitter.h"

#define LENGTH 8192

static void test_nothing(void **state)
{
    (void)state;
    struct steps steps = { .count = 0 };
    const struct steps_means means = steps_means(&steps);
    assert_true(isnan(means.step) && isnan(means.reach) && isnan(means.centre));
    steps_done(&steps);
}

static struct quantizer grid_of(double step)
{
    return (struct quantizer){
        .kind = LEVELS_UNIFORM,
        .grid = { .clip = 7 * step, .step = step, .lowest = -7,
                  .highest = 7 },
        .step = step,
        .reach = 7 * step,
    };
}

/* What is alike stays what it is, to the last bit. */
static void test_alike(void **state)
{
    (void)state;
    const struct scheme scheme = scheme_default();
    const struct quantizer quantizer = grid_of(0.1);
    struct steps steps = { .count = 0 };
    for (size_t n = 1; n < 50; n += 7)
        steps_add(&steps, &scheme, &quantizer, n);
    assert_int_equal(steps.count, 1);
    assert_true(steps_means(&steps).step == 0.1);
    assert_true(steps_means(&steps).reach == quantizer.reach);
    const struct quantizer same = steps_quantizer(&steps.entry[0]);
    assert_true(same.step == 0.1 && same.grid.step == 0.1 && same.reach == quantizer.reach);
    assert_true(same.grid.clip == quantizer.grid.clip && same.grid.lowest == -7);
    steps_clear(&steps);
    assert_int_equal(steps.count, 0);
    steps_done(&steps);
}

static void test_root_mean_squares(void **state)
{
    (void)state;
    const struct scheme scheme = scheme_default();
    const struct quantizer a = grid_of(1), b = grid_of(1.01), c = grid_of(3), none = grid_of(0);
    struct steps steps = { .count = 0 }, other = { .count = 0 };
    steps_add(&steps, &scheme, &a, 30);
    steps_add(&steps, &scheme, &b, 10);
    steps_add(&other, &scheme, &c, 20);
    steps_add(&other, &scheme, &none, 40);
    steps_add(&other, &scheme, &a, 10);
    steps_merge(&steps, &other);
    assert_int_equal(steps.count, 3); /* 1 and 1.01 share an entry */
    const double near = sqrt((40 + 10 * 1.01 * 1.01) / 50);
    const struct quantizer shared = steps_quantizer(&steps.entry[0]);
    assert_true(fabs(shared.step - near) < 1e-14);
    assert_true(fabs(shared.grid.step - near) < 1e-14);
    assert_true(fabs(shared.grid.clip - 7 * near) < 1e-13);
    assert_int_equal(shared.grid.lowest, -7);
    const double all = sqrt((50 * near * near + 20 * 9) / 110);
    assert_true(fabs(steps_means(&steps).step - all) < 1e-14);
    assert_true(fabs(steps_means(&steps).reach - 7 * all) < 1e-13);
    steps_done(&steps);
    steps_done(&other);
}

/* As the options say it, in groups of so many. */
struct words {
    int bits;
    const char *levels, *clip;
    bool asymmetric;
    size_t group;
};

static const struct words all_words[] = {
    { 4, "uniform", "max", false, 32 },      { 3, "uniform", "max", true, 64 },
    { 4, "uniform", "mse", false, 32 },      { 2, "uniform", "mse", false, 128 },
    { 3, "uniform", "sigma:2", false, 32 },  { 4, "uniform", "percentile:90", false, 64 },
    { 4, "uniform", "mse", true, 32 },       { 8, "uniform", "percentile:95", true, 64 },
    { 1, "uniform", "max", false, 32 },      { 4, "nf4", "max", false, 64 },
    { 3, "lloyd-max", "max", false, 64 },    { 3, "lloyd-max:unit", "max", false, 32 },
    { 4, "fp4-e2m1", "sigma:2.5", false, 32 }, { 4, "q4_0", "max", false, 32 },
    { 4, "q4_1", "max", false, 32 },         { 4, "mxfp4", "max", false, 32 },
    { 8, "mxfp8", "max", false, 32 },        { 8, "q8_0", "max", false, 32 },
    { 8, "mxint8", "max", false, 32 },       { 4, "nvfp4", "max", false, 16 },
    { 8, "fp8-e4m3", "max", false, 32 },     { 8, "fp8-e5m2", "mse", false, 32 },
    { 6, "mxfp6", "max", false, 32 },        { 4, "q5_1", "max", false, 32 },
};

static struct scheme scheme_of(const struct words *words)
{
    struct scheme scheme = scheme_default();
    scheme.bits = words->bits;
    scheme.asymmetric = words->asymmetric;
    assert_true(levels_parse(words->levels, &scheme.levels, &scheme.bits, NULL));
    assert_true(clip_parse(words->clip, &scheme.clip, NULL));
    return scheme;
}

/* Points at which curves are compared, in steps. */
#define POINTS 41

struct sums {
    double mse, mean, cdf[POINTS];
};

static void add(struct sums *sums, const struct quantizer *quantizer, const struct source *source,
                bool endless, double share)
{
    double t[POINTS];
    for (int i = 0; i < POINTS; i++)
        t[i] = (i - POINTS / 2) * 0.05;
    const struct prediction prediction = quantizer_predict(quantizer, source, endless);
    sums->mse += share * prediction.mse;
    sums->mean += share * prediction.mean;
    quantizer_add_curve(quantizer, source, endless, share, t, POINTS, sums->cdf);
}

/* Theory of a row in few entries against that of each of its units. */
static void check(const struct words *words, const struct source *source)
{
    const struct scheme scheme = scheme_of(words);
    struct books *books = books_make(&scheme, NULL);
    struct fitter *fitter = fitter_new(&scheme, books, false, 5 * source->std);
    struct steps steps = { .count = 0 }, coarse = { .count = 0 };
    struct sums single = { .mse = 0 }, shared = { .mse = 0 }, curve = { .mse = 0 };
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    const double share = (double)words->group / LENGTH;
    for (size_t k = 0; k < LENGTH; k += words->group) {
        double w[128];
        for (size_t i = 0; i < words->group; i++)
            w[i] = source->type->draw(source, rng);
        const struct quantizer quantizer = fitter_fit(fitter, w, words->group);
        add(&single, &quantizer, source, scheme_endless(&scheme), share);
        steps_add(&steps, &scheme, &quantizer, words->group);
    }
    for (size_t i = 0; i < steps.count; i++) {
        const struct quantizer quantizer = steps_quantizer(&steps.entry[i]);
        add(&shared, &quantizer, source, scheme_endless(&scheme),
            steps.entry[i].elements / LENGTH);
    }
    steps_coarsen(&steps, &coarse);
    for (size_t i = 0; i < coarse.count; i++) {
        const struct quantizer quantizer = steps_quantizer(&coarse.entry[i]);
        add(&curve, &quantizer, source, scheme_endless(&scheme), coarse.entry[i].elements / LENGTH);
    }
    if (coarse.count > 60)
        fail_msg("%zu and %zu entries", steps.count, coarse.count);
    if (fabs(shared.mse / single.mse - 1) > 1e-3 ||
        fabs(shared.mean - single.mean) > 2e-3 * sqrt(single.mse))
        fail_msg("%d bits %s %s: %g and %g, not %g and %g, in %zu entries", words->bits,
                 words->levels, words->clip, shared.mse, shared.mean, single.mse, single.mean,
                 steps.count);
    for (int i = 0; i < POINTS; i++)
        if (fabs(curve.cdf[i] - single.cdf[i]) > 3e-3)
            fail_msg("%d bits %s %s: %g, not %g", words->bits, words->levels, words->clip,
                     curve.cdf[i], single.cdf[i]);
    gsl_rng_free(rng);
    steps_done(&steps);
    steps_done(&coarse);
    fitter_free(fitter);
    books_free(books);
}

static void test_entries_stand_for_all(void **state)
{
    (void)state;
    const struct source gaussian = { .type = &source_gaussian, .mean = 0.002, .std = 0.02 };
    const struct source laplace = { .type = &source_laplace, .mean = 0, .std = 0.5 };
    for (size_t i = 0; i < sizeof all_words / sizeof *all_words; i++) {
        check(&all_words[i], &gaussian);
        check(&all_words[i], &laplace);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_alike),
        cmocka_unit_test(test_root_mean_squares),
        cmocka_unit_test(test_entries_stand_for_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
