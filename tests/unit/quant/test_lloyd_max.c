/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "../reference.h"
#include "quant/lloyd_max.h"
#include "quant/theory.h"

static struct source source_of(const char *name)
{
    struct source source = {.mean = 0, .std = 1};
    assert_true(source_parse(name, &source, NULL));
    return source;
}

static struct codebook *make(const struct source *source, int bits)
{
    struct error error = {0};
    struct codebook *codebook = lloyd_max_make(source, bits, &error);
    assert_int_equal(error.code, ERROR_NONE);
    assert_non_null(codebook);
    assert_int_equal(codebook->count, 1 << bits);
    return codebook;
}

static void test_reference(void **state)
{
    (void)state;
    FILE *file = reference_open("lloyd_max.tsv");
    char *line = NULL, *column[REFERENCE_COLUMNS];
    size_t lines = 0;
    while (reference_read(file, &line, column)) {
        const struct source source = source_of(column[0]);
        double level[128];
        const int bits = atoi(column[1]);
        const size_t half = reference_numbers(column[3], level, 128);
        struct codebook *codebook = make(&source, bits);
        assert_int_equal(2 * half, codebook->count);
        assert_true(fabs(codebook->mse - strtod(column[2], NULL)) < 1e-9);
        assert_true(fabs(codebook->mse / strtod(column[2], NULL) - 1) < 1e-9);
        for (size_t i = 0; i < half; i++) {
            assert_true(fabs(codebook->level[half + i] - level[i]) < 1e-9);
            assert_true(codebook->level[half - 1 - i] == -codebook->level[half + i]);
        }
        assert_int_equal(codebook->iterations == 0, bits == 1 || source.type == &source_laplace);
        codebook_free(codebook);
        lines++;
    }
    assert_int_equal(lines, 16);
}

/* What any Lloyd-Max codebook must be: a fixed point of the alternation whose MSE is theory's and
 * whose error is uncorrelated with the levels, cov(x, e) = -mse. */
static void check_optimal(const struct source *source, const struct codebook *codebook)
{
    const size_t n = codebook->count;
    const struct theory_codebook theory = {
        .level = codebook->level, .threshold = codebook->threshold, .n = n};
    const struct prediction p = theory_predict_codebook(source, &theory);
    assert_true(fabs(p.mse / codebook->mse - 1) < 1e-11);
    assert_true(fabs(p.mean) < 1e-11 && fabs(p.covariance + p.mse) < 1e-9 * p.mse + 1e-14);
    double *level = malloc(n * sizeof *level), moved;
    memcpy(level, codebook->level, n * sizeof *level);
    assert_true(fabs(lloyd_max_step(source, level, n, &moved) / codebook->mse - 1) < 1e-11);
    for (size_t i = 0; i < n; i++)
        assert_true(fabs(level[i] - codebook->level[i]) < 1e-11 * (1 + fabs(level[i])));
    free(level);
}

/* No level can be moved, alone or with its neighbour, and the MSE fall: it is a minimum. */
static void check_minimum(const struct source *source, const struct codebook *codebook)
{
    double level[16];
    assert_true(codebook->count <= 16);
    for (size_t i = 0; i < codebook->count; i++)
        for (int kind = 0; kind < 4; kind++) {
            const double by = (kind % 2 ? 1e-3 : -1e-3) * fabs(codebook->level[i]);
            memcpy(level, codebook->level, codebook->count * sizeof *level);
            level[i] += by;
            if (kind >= 2 && i + 1 < codebook->count)
                level[i + 1] -= by;
            const struct theory_codebook theory = {.level = level, .n = codebook->count};
            assert_true(theory_predict_codebook(source, &theory).mse > codebook->mse);
        }
}

static void test_other_sources(void **state)
{
    (void)state;
    static const char *const names[] = {"gaussian",
                                        "laplace",
                                        "uniform",
                                        "logistic",
                                        "t:3",
                                        "t:5",
                                        "t:60",
                                        "t:2.2",
                                        "mixture:0.01:10",
                                        "mixture:0.3:0.2",
                                        "mixture:0.1:4",
                                        "mixture:0.001:1000"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const struct source source = source_of(names[i]);
        double before = 1;
        for (int bits = 1; bits <= LLOYD_MAX_BITS_MOST; bits++) {
            struct codebook *codebook = make(&source, bits);
            check_optimal(&source, codebook);
            if (bits >= 2 && bits <= 4 && i < 8)
                check_minimum(&source, codebook);
            assert_true(codebook->mse < before);
            before = codebook->mse;
            codebook_free(codebook);
        }
        assert_true(before < 0.004);
    }
}

/* The best grid of a uniform source divides its range evenly. */
static void test_uniform(void **state)
{
    (void)state;
    const struct source source = source_of("uniform");
    for (int bits = 1; bits <= LLOYD_MAX_BITS_MOST; bits++) {
        struct codebook *codebook = make(&source, bits);
        const double n = (double)codebook->count;
        for (size_t i = 0; i < codebook->count; i++)
            assert_true(fabs(codebook->level[i] - sqrt(3) * ((2 * (double)i + 1) / n - 1)) < 1e-13);
        assert_true(fabs(codebook->mse * n * n - 1) < 1e-12);
        codebook_free(codebook);
    }
}

/* A sample, which is nowhere smooth and not symmetric, with a gap in it. */
static void test_empirical_source(void **state)
{
    (void)state;
    struct histogram *histogram = histogram_new(-4, 8, 100);
    for (size_t i = 0; i < 100; i++)
        histogram->count[i] =
            i > 60 && i < 70 ? 0 : (uint64_t)(1000 * exp(-0.05 * (double)i)) + i * 37 % 11;
    struct source_table *table = source_table_new(histogram);
    struct source source = source_empirical_make(table);
    const struct source lent = source;
    source.mean = 0;
    source.std = 1;
    for (int bits = 1; bits <= LLOYD_MAX_BITS_MOST; bits++) {
        struct codebook *codebook = make(&lent, bits);
        check_optimal(&source, codebook);
        codebook_free(codebook);
    }
    source_table_free(table);
    histogram_free(histogram);
}

static void test_mean_and_std_do_not_matter(void **state)
{
    (void)state;
    struct source source = source_of("logistic");
    struct codebook *wanted = make(&source, 5);
    source.mean = -1e3;
    source.std = 1e-9;
    struct codebook *codebook = make(&source, 5);
    assert_memory_equal(codebook->level, wanted->level, 32 * sizeof(double));
    assert_true(codebook->mse == wanted->mse);
    codebook_free(codebook);
    codebook_free(wanted);
}

/* From equal distances down to where Newton's method and the recursion have come, ever better. */
static void test_alternation(void **state)
{
    (void)state;
    static const char *const names[] = {"gaussian", "laplace", "t:5", "logistic"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int bits = 1; bits <= 4; bits++) {
            const struct source source = source_of(names[i]);
            struct codebook *codebook = make(&source, bits);
            const size_t n = codebook->count;
            double level[16], before = INFINITY, moved = 1;
            for (size_t k = 0; k < n; k++)
                level[k] = 3 * ((2 * (double)k + 1) / (double)n - 1);
            for (int sweep = 0; moved > 1e-13 && sweep < 5000; sweep++) {
                const double mse = lloyd_max_step(&source, level, n, &moved);
                assert_true(mse < before * (1 + 1e-13));
                assert_true(mse < before || moved < 1e-6);
                before = mse;
            }
            assert_true(moved <= 1e-13 && fabs(before / codebook->mse - 1) < 1e-12);
            for (size_t k = 0; k < n; k++)
                assert_true(fabs(level[k] - codebook->level[k]) < 1e-9);
            codebook_free(codebook);
        }
}

/* On a source that is moved and scaled; cells without mass rest. */
static void test_one_step(void **state)
{
    (void)state;
    const struct source source = {.type = &source_uniform, .mean = 10, .std = 2 / sqrt(3)};
    double level[] = {8.5, 9.5, 11, 20}, moved; /* the source is even from 8 to 12 */
    const double mse = lloyd_max_step(&source, level, 4, &moved);
    static const double wanted[] = {8.5, 9.625, 11.125, 20};
    for (size_t i = 0; i < 4; i++)
        assert_true(fabs(level[i] - wanted[i]) < 1e-14);
    assert_true(fabs(moved - 0.125) < 1e-14);
    /* Thirds of cubes of the distances to the cells' ends, over the width. */
    const double cubes = 4 * 0.125 + 0.421875 + 0.421875 + 1;
    assert_true(fabs(mse - (cubes - 0.125) / 3 / 4) < 1e-14);
}

static void no_moments(const struct source *source, double a, double b, double at, double m[3])
{
    (void)source, (void)a, (void)b, (void)at;
    m[0] = m[1] = m[2] = (double)NAN;
}

static void test_failure_is_told(void **state)
{
    (void)state;
    struct source_type broken = source_gaussian;
    broken.truncated = no_moments;
    const struct source source = {.type = &broken, .std = 1};
    struct error error = {0};
    assert_null(lloyd_max_make(&source, 3, &error));
    assert_true(error.code == ERROR_USAGE && strstr(error.text, "gaussian"));
}

/* Two widths, of which the first start sees one: the narrow one's cells, halved again and again. */
static void test_two_widths(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        int bits;
        double most;
    } cases[] = {{"mixture:0.0001:1000", 3, 0.04712},
                 {"mixture:0.0001:1000", 8, 7.185e-5},
                 {"mixture:0.01:10", 2, 0.2659},
                 {"mixture:0.01:10", 4, 0.02690}, /* where the first one ends better */
                 {"t:2.0001", 5, 0.99693}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct source source = {.mean = 0, .std = 1};
        assert_true(source_parse(cases[i].name, &source, NULL));
        struct codebook *codebook = lloyd_max_make(&source, cases[i].bits, NULL);
        assert_non_null(codebook);
        if (!(codebook->mse <= cases[i].most))
            fail_msg("%s at %d bits: %g", cases[i].name, cases[i].bits, codebook->mse);
        codebook_free(codebook);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_other_sources),
        cmocka_unit_test(test_uniform),
        cmocka_unit_test(test_empirical_source),
        cmocka_unit_test(test_mean_and_std_do_not_matter),
        cmocka_unit_test(test_alternation),
        cmocka_unit_test(test_one_step),
        cmocka_unit_test(test_failure_is_told),
        cmocka_unit_test(test_two_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
