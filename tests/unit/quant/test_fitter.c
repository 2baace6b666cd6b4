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
#include "quant/aciq.h"
#include "quant/codebook_fit.h"
#include "quant/fitter.h"
#include "quant/lloyd_max.h"
#include "stats/quantile.h"

#define LENGTH 64

static void draw(const gsl_rng *rng, bool laplace, double w[], size_t n)
{
    for (size_t i = 0; i < n; i++)
        w[i] = 0.1 + (laplace ? gsl_ran_laplace(rng, 1) : gsl_ran_gaussian(rng, 1));
}

static struct scheme scheme_of(const char *levels, int bits, const char *clip)
{
    struct scheme scheme = scheme_default();
    scheme.bits = bits;
    assert_true(levels_parse(levels, &scheme.levels, &scheme.bits, NULL));
    assert_true(clip_parse(clip, &scheme.clip, NULL));
    return scheme;
}

static double error_of(const struct quantizer *quantizer, const double w[], size_t n, double p)
{
    double e[4096], sum = 0;
    assert_true(n <= sizeof e / sizeof *e);
    quantizer_round(quantizer, w, n, e, NULL);
    for (size_t i = 0; i < n; i++)
        sum += pow(fabs(e[i]), p);
    return sum;
}

/* The least error over many factors that the widest range is shrunk by. */
static double least_error(const struct scheme *scheme, const struct books *books, const double w[],
                          size_t n, double p)
{
    struct moments moments = {0};
    double least = INFINITY;
    moments_add(&moments, w, n);
    const struct clip_range widest = quantizer_widest(scheme, &moments);
    for (double factor = 1; factor > 0.25; factor *= 0.998) {
        const struct unit_facts facts = {.moments = &moments,
                                         .found = {factor * widest.low, factor * widest.high},
                                         .codebook = books_codebook(books, false)};
        const struct quantizer quantizer = quantizer_make(scheme, &facts);
        least = fmin(least, error_of(&quantizer, w, n, p));
    }
    return least;
}

static void check_search(struct scheme scheme, const gsl_rng *rng, size_t n, double p)
{
    struct books *books = books_make(&scheme, NULL);
    struct fitter *fitter = fitter_new(&scheme, books, false, 1);
    double w[4096];
    for (int turn = 0; turn < 3; turn++) {
        draw(rng, turn % 2, w, n);
        const struct quantizer quantizer = fitter_fit(fitter, w, n);
        const double found = error_of(&quantizer, w, n, p);
        const double least = least_error(&scheme, books, w, n, p);
        if (!(found <= 1.001 * least))
            fail_msg("%zu weights, p %g: %g, not %g", n, p, found, least);
    }
    fitter_free(fitter);
    books_free(books);
}

static void test_searches(void **state)
{
    (void)state;
    static const struct {
        const char *levels;
        int bits;
        bool asymmetric, full_range;
    } cases[] = {{"uniform", 2, false, false}, {"uniform", 4, false, false},
                 {"uniform", 3, true, false},  {"uniform", 4, true, false},
                 {"uniform", 3, false, true},  {"nf4", 4, false, false},
                 {"apot", 3, false, false},    {"fp4-e2m1", 4, false, false}};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        for (size_t n = 16; n <= 256; n *= 4) {
            struct scheme scheme = scheme_of(cases[i].levels, cases[i].bits, "mse");
            scheme.asymmetric = cases[i].asymmetric;
            scheme.full_range = cases[i].full_range;
            check_search(scheme, rng, n, 2);
            scheme.clip = (struct clip){CLIP_LP, 2.4};
            check_search(scheme, rng, n, 2.4);
        }
    gsl_rng_free(rng);
}

static void test_percentiles(void **state)
{
    (void)state;
    double w[102], e[102];
    for (int i = 0; i <= 100; i++)
        w[i] = (i * 37 % 101) - 30; /* -30 .. 70 */
    w[101] = NAN;
    struct scheme scheme = scheme_of("uniform", 8, "percentile:90");
    struct fitter *fitter = fitter_new(&scheme, NULL, false, 1);
    struct quantizer quantizer = fitter_fit(fitter, w, 102);
    assert_true(quantizer.grid.clip == 60);
    fitter_free(fitter);
    scheme.asymmetric = true;
    fitter = fitter_new(&scheme, NULL, false, 1);
    quantizer = fitter_fit(fitter, w, 102);
    assert_true(fabs(quantizer.grid.clip - 40) < 1e-12); /* -20 .. 60 */
    quantizer_round(&quantizer, w, 102, e, NULL);
    for (int i = 0; i <= 100; i++)
        assert_true(fabs(w[i] + e[i] - fmin(fmax(w[i], -20), 60)) <= 0.501 * quantizer.step);
    assert_true(isnan(e[101]));
    fitter_free(fitter);
}

static void test_aciq(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int laplace = 0; laplace < 2; laplace++)
        for (int bits = 2; bits <= 4; bits++) {
            double w[1001], sorted[1001], deviation = 0;
            struct moments moments = {0};
            draw(rng, laplace, w, 1001);
            moments_add(&moments, w, 1001);
            for (size_t i = 0; i < 1001; i++)
                sorted[i] = w[i];
            quantile_sort(sorted, 1001);
            for (size_t i = 0; i < 1001; i++)
                deviation += fabs(w[i] - sorted[500]) / 1001;
            const double alpha = laplace ? aciq_laplace(bits) * deviation
                                         : aciq_gaussian(bits) * moments_std(&moments);
            struct scheme scheme = scheme_of("uniform", bits, "aciq");
            struct fitter *fitter = fitter_new(&scheme, NULL, laplace, 1);
            assert_true(fabs(fitter_fit(fitter, w, 1001).reach - alpha) < 1e-12 * alpha);
            fitter_free(fitter);
            scheme.asymmetric = true;
            fitter = fitter_new(&scheme, NULL, laplace, 1);
            const double half = (moments.max - moments.min) / 2;
            const double wanted = half * alpha / moments_abs_max(&moments);
            assert_true(fabs(fitter_fit(fitter, w, 1001).reach - wanted) < 1e-12 * wanted);
            fitter_free(fitter);
        }
    gsl_rng_free(rng);
}

/* A unit of either family, by what it is given itself or by what the tensor is. */
static void test_families(void **state)
{
    (void)state;
    static const char *const names[] = {"lloyd-max", "lloyd-max:gaussian", "lloyd-max:laplace",
                                        "lloyd-max:unit"};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < 4; i++)
        for (int unit = 0; unit < 2; unit++)
            for (int tensor = 0; tensor < 2; tensor++) {
                double w[4000];
                const struct scheme scheme = scheme_of(names[i], 3, "max");
                struct books *books = books_make(&scheme, NULL);
                struct fitter *fitter = fitter_new(&scheme, books, tensor, 1);
                draw(rng, unit, w, 4000);
                const struct quantizer quantizer = fitter_fit(fitter, w, 4000);
                const bool laplace = i == 0 ? tensor : i == 1 ? false : i == 2 ? true : unit;
                struct moments moments = {0};
                moments_add(&moments, w, 4000);
                assert_ptr_equal(quantizer.codebook, books_codebook(books, laplace));
                assert_int_equal(quantizer.location == moments.mean, !laplace);
                const double median = quantile_percentile(w, 4000, 50);
                assert_int_equal(quantizer.location == median, laplace);
                fitter_free(fitter);
                books_free(books);
            }
    gsl_rng_free(rng);
}

/* Levels of a unit's own fit it better than any that are shared, and few values exactly. */
static void test_own_levels(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    const struct scheme own = scheme_of("lloyd-max:empirical", 3, "max"),
                        shared = scheme_of("lloyd-max:gaussian", 3, "max");
    struct books *books = books_make(&shared, NULL), *none = books_make(&own, NULL);
    struct fitter *better = fitter_new(&own, none, false, 1),
                  *worse = fitter_new(&shared, books, false, 1);
    for (int turn = 0; turn < 20; turn++) {
        double w[LENGTH];
        draw(rng, turn % 2, w, LENGTH);
        const struct quantizer a = fitter_fit(better, w, LENGTH), b = fitter_fit(worse, w, LENGTH);
        assert_true(error_of(&a, w, LENGTH, 2) <= error_of(&b, w, LENGTH, 2));
        assert_true(fabs(a.codebook->mse * LENGTH - error_of(&a, w, LENGTH, 2)) < 1e-9);
    }
    const double few[] = {3, 1, 3, -2, NAN, 1};
    double e[6];
    const struct quantizer quantizer = fitter_fit(better, few, 6);
    assert_int_equal(quantizer_levels(&quantizer), 3);
    quantizer_round(&quantizer, few, 6, e, NULL);
    assert_true(e[0] == 0 && e[1] == 0 && e[2] == 0 && e[3] == 0 && isnan(e[4]) && e[5] == 0);
    fitter_free(better);
    fitter_free(worse);
    books_free(books);
    books_free(none);
    gsl_rng_free(rng);
}

/* The quantizer of a block knows the levels that the block is stored with. */
static void test_blocks(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t k = 0; k < block_format_count; k++) {
        const struct scheme scheme = scheme_of(block_formats[k]->name, 4, "max");
        struct books *books = books_make(&scheme, NULL);
        struct fitter *fitter = fitter_new(&scheme, books, false, 5);
        for (int turn = 0; turn < 20; turn++) {
            double w[BLOCK_FORMAT_MOST], e[BLOCK_FORMAT_MOST], nearest[BLOCK_FORMAT_MOST];
            const size_t n = block_formats[k]->block;
            draw(rng, turn % 2, w, n);
            const struct quantizer quantizer = fitter_fit(fitter, w, n);
            quantizer_round(&quantizer, w, n, e, NULL);
            codebook_round(quantizer.codebook, quantizer.location, quantizer.scale, w, n, nearest,
                           NULL);
            for (size_t i = 0; i < n; i++) /* but for what is beside the middle of two levels */
                assert_true(fabs(e[i] - nearest[i]) < 1e-5 ||
                            fabs(fabs(e[i]) - fabs(nearest[i])) < 0.01 * quantizer.reach);
            assert_true(quantizer.step > 0 && quantizer.reach > 0);
        }
        fitter_free(fitter);
        books_free(books);
    }
    gsl_rng_free(rng);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_searches),   cmocka_unit_test(test_percentiles),
        cmocka_unit_test(test_aciq),       cmocka_unit_test(test_families),
        cmocka_unit_test(test_own_levels), cmocka_unit_test(test_blocks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
