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

#define LENGTH 500

static void draw(double w[LENGTH])
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < LENGTH; i++)
        w[i] = 0.2 + gsl_ran_gaussian(rng, 1);
    gsl_rng_free(rng);
}

/* With books that the caller frees. */
static struct quantizer quantizer_of(const struct scheme *scheme, const double w[], size_t n,
                                     struct books **books)
{
    static struct moments moments;
    *books = books_make(scheme, NULL);
    assert_non_null(*books);
    moments = (struct moments){0};
    moments_add(&moments, w, n);
    const struct unit_facts facts = {.moments = &moments,
                                     .found = {-1, 1},
                                     .median = 0.5,
                                     .deviation = 0.8,
                                     .codebook = books_codebook(*books, false),
                                     .tensor_abs_max = 4};
    return quantizer_make(scheme, &facts);
}

static struct scheme scheme_of(const char *levels, int bits)
{
    struct scheme scheme = scheme_default();
    scheme.bits = bits;
    assert_true(levels_parse(levels, &scheme.levels, &scheme.bits, NULL));
    return scheme;
}

/* Stored values lie where the picture has the level of their code, and are the nearest level. */
static void check_codes(const struct quantizer *quantizer, const double w[])
{
    double e[LENGTH], position[256], level[256];
    int32_t code[LENGTH];
    const size_t levels = quantizer_levels(quantizer);
    assert_true(levels > 0);
    quantizer_positions(quantizer, position);
    quantizer_round(quantizer, w, LENGTH, e, code);
    for (size_t k = 0; k < levels; k++) {
        level[k] = quantizer->centre + quantizer->reach * position[k];
        assert_true(k == 0 || position[k] > position[k - 1]);
    }
    for (size_t i = 0; i < LENGTH; i++) {
        assert_true(code[i] >= 0 && (size_t)code[i] < levels);
        assert_true(fabs(level[code[i]] - (w[i] + e[i])) < 1e-12);
        for (size_t k = 0; k < levels; k++)
            assert_true(fabs(level[k] - w[i]) >= fabs(e[i]) - 1e-12 ||
                        grid_is_sign(&quantizer->grid));
    }
    assert_true(fabs(quantizer->step - (level[levels - 1] - level[0]) / (double)(levels - 1)) <
                    1e-12 ||
                grid_is_sign(&quantizer->grid));
}

static void test_codes_and_positions(void **state)
{
    (void)state;
    static const char *const names[] = {
        "lloyd-max:gaussian", "lloyd-max:laplace", "apot",     "nf",
        "fp4-e2m1",           "fp6-e3m2",          "fp8-e4m3", "fp8-e5m2"};
    double w[LENGTH];
    struct books *books;
    draw(w);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct scheme scheme = scheme_of(names[i], 4);
        const struct quantizer quantizer = quantizer_of(&scheme, w, LENGTH, &books);
        check_codes(&quantizer, w);
        books_free(books);
    }
    for (int bits = 1; bits <= 8; bits++)
        for (int kind = 0; kind < 3; kind++) {
            struct scheme scheme = scheme_of("uniform", bits);
            scheme.asymmetric = kind == 1;
            scheme.full_range = kind == 2;
            const struct quantizer quantizer = quantizer_of(&scheme, w, LENGTH, &books);
            check_codes(&quantizer, w);
            const size_t all = (size_t)1 << bits;
            assert_int_equal(quantizer_levels(&quantizer), bits == 1 && kind != 1 ? 3
                                                           : kind == 0            ? all - 1
                                                                                  : all);
            books_free(books);
        }
}

static void test_many_levels_are_not_counted(void **state)
{
    (void)state;
    double w[LENGTH], e[LENGTH];
    struct books *books;
    draw(w);
    const struct scheme wide = scheme_of("uniform", 9), blocks = scheme_of("mxfp4", 4);
    const struct scheme *const schemes[] = {&wide, &blocks};
    for (size_t i = 0; i < 2; i++) {
        int32_t code[2] = {77, 77};
        const struct quantizer quantizer = quantizer_of(schemes[i], w, LENGTH, &books);
        assert_int_equal(quantizer_levels(&quantizer), 0);
        quantizer_round(&quantizer, w, 2, e, code);
        assert_true(code[0] == 77 && code[1] == 77);
        quantizer_positions(&quantizer, e);
        books_free(books);
    }
}

static void test_location_and_scale(void **state)
{
    (void)state;
    const double w[] = {-1, 3};
    struct books *books;
    struct scheme scheme = scheme_of("lloyd-max:gaussian", 2);
    struct quantizer quantizer = quantizer_of(&scheme, w, 2, &books);
    assert_true(quantizer.location == 1 && quantizer.scale == 2);
    books_free(books);
    scheme = scheme_of("lloyd-max:laplace", 2);
    quantizer = quantizer_of(&scheme, w, 2, &books);
    assert_true(quantizer.location == 0.5 && fabs(quantizer.scale - sqrt(2) * 0.8) < 1e-15);
    books_free(books);
    scheme = scheme_of("fp8-e4m3", 8);
    quantizer = quantizer_of(&scheme, w, 2, &books);
    assert_true(quantizer.location == 0 && quantizer.scale == 3 / 448.0);
    books_free(books);
    scheme.clip = clip_default(CLIP_MSE);
    quantizer = quantizer_of(&scheme, w, 2, &books);
    assert_true(quantizer.scale == 1 / 448.0 && quantizer.reach == 1);
    books_free(books);
}

/* Half a cell beyond the outermost levels. */
static void test_clipped(void **state)
{
    (void)state;
    const double w[] = {6, -6}, at[] = {6, 6.9, 7.1, -6.9, -7.1, 100, NAN, INFINITY};
    struct books *books;
    struct scheme scheme = scheme_of("fp4-e2m1", 4); /* .. 4, 6 */
    struct quantizer quantizer = quantizer_of(&scheme, w, 2, &books);
    assert_int_equal(quantizer_clipped(&quantizer, at, 8), 3);
    books_free(books);
    scheme = scheme_of("mxfp4", 4);
    quantizer = quantizer_of(&scheme, w, 2, &books);
    assert_int_equal(quantizer_clipped(&quantizer, at, 8), 0);
    books_free(books);
}

static void test_search_levels(void **state)
{
    (void)state;
    const double w[] = {-1, 3};
    double level[16];
    struct books *books;
    struct moments moments = {0};
    moments_add(&moments, w, 2);
    struct scheme scheme = scheme_of("uniform", 2);
    struct clip_range widest = quantizer_widest(&scheme, &moments);
    assert_true(widest.low == -3 && widest.high == 3);
    struct quantizer quantizer = quantizer_of(&scheme, w, 2, &books);
    struct clip_grids grids = quantizer_grids(&quantizer);
    assert_int_equal(grids.n, 3);
    grids.levels(grids.context, 0.5, level);
    assert_true(level[0] == -1.5 && level[1] == 0 && level[2] == 1.5);
    books_free(books);
    scheme.asymmetric = true;
    widest = quantizer_widest(&scheme, &moments);
    assert_true(widest.low == -1 && widest.high == 3);
    quantizer = quantizer_of(&scheme, w, 2, &books);
    grids = quantizer_grids(&quantizer);
    assert_int_equal(grids.n, 4);
    grids.levels(grids.context, 1, level);
    assert_true(fabs(level[0] + 4 / 3.0) < 1e-15 && fabs(level[3] - 8 / 3.0) < 1e-15);
    books_free(books);
    scheme = scheme_of("apot", 3);
    quantizer = quantizer_of(&scheme, w, 2, &books);
    grids = quantizer_grids(&quantizer);
    assert_int_equal(grids.n, 7);
    grids.levels(grids.context, 1, level);
    assert_true(level[0] == -3 && level[4] == 0.75);
    books_free(books);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes_and_positions),
        cmocka_unit_test(test_many_levels_are_not_counted),
        cmocka_unit_test(test_location_and_scale),
        cmocka_unit_test(test_clipped),
        cmocka_unit_test(test_search_levels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
