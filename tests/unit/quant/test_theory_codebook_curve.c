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
#include "quant/codebook.h"
#include "quant/lloyd_max.h"
#include "quant/theory.h"
#include "stats/histogram.h"

#define POINTS 322

/* The curve against the distribution function, one point after the other. */
static void check(const struct source *source, const struct codebook *codebook, double unit)
{
    const struct theory_codebook theory = {
        .level = codebook->level, .threshold = codebook->threshold, .n = codebook->count};
    double t[POINTS], cdf[POINTS];
    for (size_t i = 0; i < POINTS; i++) {
        t[i] = ((double)i - POINTS / 2.0) / 64;
        cdf[i] = 0.25;
    }
    theory_codebook_add_curve(source, &theory, unit, 3, t, POINTS, cdf);
    /* The plain function visits all levels each time. */
    for (size_t i = 0; i<POINTS; i += codebook->count> 16 ? 13 : 1) {
        const double wanted = theory_codebook_cdf(source, &theory, unit * t[i]);
        const double found = (cdf[i] - 0.25) / 3;
        if (!(fabs(found - wanted) < 1e-7))
            fail_msg("%s, %zu levels, t %g: %.9f, not %.9f", source->type->name, codebook->count,
                     t[i], found, wanted);
    }
}

static struct source empirical(struct source_table **table)
{
    struct histogram *histogram = histogram_new(-4, 4, 50);
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int i = 0; i < 5000; i++) {
        const double x = gsl_ran_gaussian_ziggurat(rng, 1);
        histogram_add(histogram, &x, 1);
    }
    *table = source_table_new(histogram);
    histogram_free(histogram);
    gsl_rng_free(rng);
    return source_empirical_make(*table);
}

static void check_sources(const struct codebook *codebook, double unit)
{
    static const char *const names[] = {
        "gaussian", "laplace", "uniform",         "logistic",
        "t:2.1",    "t:5",     "mixture:0.01:20", "mixture:0.0001:1000"};
    static const double means[] = {0, 0.37, -5}, stds[] = {1, 0.1, 20};
    struct source_table *table;
    struct source source;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_true(source_parse(names[i], &source, NULL));
        for (size_t k = 0; k < 9; k++) {
            source.mean = means[k / 3];
            source.std = stds[k % 3];
            check(&source, codebook, unit);
        }
    }
    source = empirical(&table);
    check(&source, codebook, unit);
    source_table_free(table);
}

static void test_curves(void **state)
{
    (void)state;
    static const double lone = 0.3, pair[] = {-1, 0.5};
    const struct source gaussian = {.type = &source_gaussian, .mean = 0, .std = 1};
    struct codebook *const codebooks[] = {
        codebook_of_levels(&lone, 1, NULL),
        codebook_of_levels(pair, 2, NULL),
        codebook_nf.make(&codebook_nf, 4, NULL, NULL),
        codebook_fp8_e5m2.make(&codebook_fp8_e5m2, 8, NULL, NULL),
        lloyd_max_make(&gaussian, 8, NULL),
    };
    for (size_t i = 0; i < sizeof codebooks / sizeof *codebooks; i++) {
        const struct codebook *codebook = codebooks[i];
        const double span = codebook->level[codebook->count - 1] - codebook->level[0];
        const double unit = codebook->count > 1 ? span / (double)(codebook->count - 1) : 1;
        check_sources(codebook, unit);
        codebook_free(codebooks[i]);
    }
}

static void test_without_points(void **state)
{
    (void)state;
    static const double pair[] = {-1, 0.5};
    const struct source gaussian = {.type = &source_gaussian, .mean = 0, .std = 1};
    const struct theory_codebook theory = {.level = pair, .n = 2};
    theory_codebook_add_curve(&gaussian, &theory, 1, 1, NULL, 0, NULL);
    double t = 0, cdf = 0;
    theory_codebook_add_curve(&gaussian, &theory, 1, 1, &t, 1, &cdf);
    assert_true(fabs(cdf - theory_codebook_cdf(&gaussian, &theory, 0)) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_curves),
        cmocka_unit_test(test_without_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
