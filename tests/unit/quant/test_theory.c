/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_rng.h>

#include "../reference.h"
#include "quant/theory.h"

/* Within tolerance in units of the step or its square. */
static void check(const char *what, const struct source *source, const struct theory_grid *grid,
                  double got, double wanted, double unit, double tolerance)
{
    if (!(fabs(got - wanted) <= tolerance * unit))
        fail_msg("%s of mean %g std %g step %g levels %d..%d: %.17g instead of %.17g", what,
                 source->mean, source->std, grid->step, grid->lowest, grid->highest, got, wanted);
}

static void check_densities(const struct source *source, const struct theory_grid *grid, char *text)
{
    for (char *word; (word = strsep(&text, " "));) {
        char *end;
        double place = strtod(word, &end), wanted = strtod(end + 1, NULL);
        check("density", source, grid, theory_density(source, grid, place * grid->step), wanted,
              1 / grid->step, 1e-12);
    }
}

static void test_agree_with_integration_at_30_digits(void **state)
{
    (void)state;
    FILE *file = reference_open("pqn.tsv");
    char *line = NULL, *column[REFERENCE_COLUMNS];
    int rows = 0;
    for (; reference_read(file, &line, column); rows++) {
        struct source source = {.mean = atof(column[1]), .std = atof(column[2])};
        assert_true(source_parse(column[0], &source, NULL));
        const bool endless = strcmp(column[4], "inf") == 0;
        struct theory_grid grid =
            theory_grid_symmetric(atof(column[3]), endless ? THEORY_INFINITE : atoi(column[4]));
        struct prediction p = theory_predict(&source, &grid);
        double q = grid.step, square = q * q;
        check("mean", &source, &grid, p.mean, atof(column[5]), q, 1e-12);
        check("variance", &source, &grid, p.variance, atof(column[6]), square, 1e-12);
        check("mse", &source, &grid, p.mse, atof(column[7]), square, 1e-12);
        check("covariance", &source, &grid, p.covariance, atof(column[8]), square, 1e-12);
        assert_true(p.mse == p.granular + p.overload);
        assert_true(!endless || (p.overload == 0 && p.clipped == 0));
        check_densities(&source, &grid, column[9]);
    }
    assert_true(rows > 30);
}

/* The quantizer by definition, in units of the step. */
static double quantize(double x, int levels_each_side)
{
    if (levels_each_side == 0)
        return x < 0 ? -0.5 : 0.5;
    double level = nearbyint(x);
    if (levels_each_side != THEORY_INFINITE)
        level = fmin(fmax(level, -levels_each_side), levels_each_side);
    return level;
}

/* The definition's integrals by Gauss-Legendre between thresholds, pieces at most sigma/2 long. */
static struct prediction integrate(const struct source *source, int levels_each_side)
{
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(16);
    struct prediction p = {0};
    double end = source->mean + 11 * source->std,
           edge = levels_each_side ? levels_each_side + 0.5 : 1;
    double shift = levels_each_side ? 0.5 : 0; /* thresholds are halves, but for one bit */
    for (double a = source->mean - 11 * source->std, b; a < end; a = b) {
        b = fmin(fmin(floor(a + shift) + 1 - shift, a + source->std / 2), end);
        if (b - a < 1e-14)
            b = nextafter(b, INFINITY);
        double level = quantize((a + b) / 2, levels_each_side);
        for (size_t i = 0; i < 16; i++) {
            double x, weight;
            gsl_integration_glfixed_point(a, b, i, &x, &weight, table);
            double mass = weight * source->type->density(source, x), e = level - x;
            int over = levels_each_side != THEORY_INFINITE && fabs(x) > edge;
            p.mean += mass * e;
            *(over ? &p.overload : &p.granular) += mass * e * e;
            p.covariance += mass * (x - source->mean) * e;
            p.clipped += over ? mass : 0;
        }
    }
    gsl_integration_glfixed_table_free(table);
    p.mse = p.granular + p.overload;
    return p;
}

static void test_agree_with_quadrature(void **state)
{
    (void)state;
    static const int levels[] = {0, 1, 3, 7, 31, 127, THEORY_INFINITE};
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int i = 0; i < 400; i++) {
        double std = exp(log(0.02) + gsl_rng_uniform(rng) * log(1000)); /* 0.02 .. 20 steps */
        int n = levels[gsl_rng_uniform_int(rng, 7)];
        struct source unit = {.type = &source_gaussian,
                              .mean = (gsl_rng_uniform(rng) - 0.5) * (3 * std + 2),
                              .std = std};
        struct prediction wanted = integrate(&unit, n);
        double q = exp(6 * gsl_rng_uniform(rng) - 3), loose = 1e-12 * (1 + std * std);
        struct source source = {.type = &source_gaussian, .mean = unit.mean * q, .std = std * q};
        struct theory_grid grid = theory_grid_symmetric(q, n);
        struct prediction got = theory_predict(&source, &grid);
        check("mean", &source, &grid, got.mean, wanted.mean * q, q, loose);
        check("granular", &source, &grid, got.granular, wanted.granular * q * q, q * q, loose);
        check("overload", &source, &grid, got.overload, wanted.overload * q * q, q * q, loose);
        check("covariance", &source, &grid, got.covariance, wanted.covariance * q * q, q * q,
              loose);
        check("clipped", &source, &grid, got.clipped, wanted.clipped, 1, 1e-12);
        check("variance", &source, &grid, got.variance, got.mse - got.mean * got.mean, q * q,
              loose);
    }
    gsl_rng_free(rng);
}

/* Far beyond where everything rounds to 0, and far below, where the error is uniform. */
static void test_extreme_ratios(void **state)
{
    (void)state;
    for (double ratio = 30; ratio < 1e12; ratio *= 10) {
        struct source source = {.type = &source_gaussian, .mean = 0.001, .std = 0.02};
        for (int n = THEORY_INFINITE; n < 20; n += n < 1 ? 2 : 6) {
            struct theory_grid coarse = theory_grid_symmetric(0.02 * ratio, n);
            struct prediction p = theory_predict(&source, &coarse);
            check("mean", &source, &coarse, p.mean / 0.001, -1, 1, 1e-12);
            check("variance", &source, &coarse, p.variance / 4e-4, 1, 1, 1e-12);
            check("covariance", &source, &coarse, p.covariance / 4e-4, -1, 1, 1e-12);
        }
        struct theory_grid fine = theory_grid_symmetric(0.02 / ratio, THEORY_INFINITE);
        struct prediction p = theory_predict(&source, &fine);
        check("mse", &source, &fine, p.mse * 12, fine.step * fine.step, fine.step * fine.step,
              1e-12);
        check("mean", &source, &fine, p.mean, 0, fine.step, 1e-15);
    }
    struct source tiny = {.type = &source_gaussian, .mean = 0, .std = 5e-324};
    struct theory_grid huge = theory_grid_symmetric(1e308, 7);
    struct prediction p = theory_predict(&tiny, &huge);
    assert_true(!isnan(p.mse) && p.mean == 0 && p.clipped == 0);
    struct source wide = {.type = &source_gaussian, .mean = 0, .std = 1e308};
    struct theory_grid small = theory_grid_symmetric(5e-324, 7);
    p = theory_predict(&wide, &small);
    assert_true(!isnan(p.mse) && !isnan(p.mean) && fabs(p.clipped - 1) < 1e-12);
}

/* A mean of millions of steps keeps its phase; both numbers are exact in double. */
static void test_phase_of_far_means(void **state)
{
    (void)state;
    for (double ratio = 0.3; ratio < 40; ratio *= 1.7)
        for (double whole = 1e3; whole < 1e10; whole *= 10) {
            struct source near = {.type = &source_gaussian, .mean = 0.3125, .std = 1 / ratio};
            struct source far = {
                .type = &source_gaussian, .mean = whole + 0.3125, .std = 1 / ratio};
            struct theory_grid grid = theory_grid_symmetric(1, THEORY_INFINITE);
            struct prediction a = theory_predict(&near, &grid), b = theory_predict(&far, &grid);
            assert_true(a.mean == b.mean && a.variance == b.variance &&
                        a.covariance == b.covariance);
            assert_true(theory_density(&near, &grid, 0.2) == theory_density(&far, &grid, 0.2));
        }
}

/* A source far outside a grid with ends: the error is large, its variance the source's. */
static void test_sources_beyond_the_grid(void **state)
{
    (void)state;
    for (double mean = -1e8; mean < 2e8; mean += 2e8)
        for (double std = 0.01; std < 1000; std *= 7) {
            struct source source = {.type = &source_gaussian, .mean = mean, .std = std};
            struct theory_grid grid = theory_grid_symmetric(1, 7);
            struct prediction p = theory_predict(&source, &grid);
            assert_true(p.mean == (mean < 0 ? -7 : 7) - mean);
            check("variance", &source, &grid, p.variance, std * std, std * std, 1e-12);
            check("covariance", &source, &grid, p.covariance, -std * std, std * std, 1e-12);
            assert_true(p.granular == 0 && p.clipped == 1);
        }
}

/* Sixteen bits: 65 535 levels; rounding and clipping apart. */
static void test_many_levels(void **state)
{
    (void)state;
    struct source source = {.type = &source_gaussian, .mean = 0, .std = 1};
    struct theory_grid grid = theory_grid_symmetric(3.0 / 32767, 32767);
    struct prediction p = theory_predict(&source, &grid);
    double edge = 3 + grid.step / 2, beyond = erfc(edge / sqrt(2));
    double phi = exp(-edge * edge / 2) / sqrt(2 * M_PI);
    double overload = 10 * beyond + 2 * (edge - 6) * phi; /* E (|x| - 3)^2 over |x| > edge */
    check("clipped", &source, &grid, p.clipped, beyond, beyond, 1e-12);
    check("overload", &source, &grid, p.overload, overload, overload, 1e-12);
    check("granular", &source, &grid, p.granular * 12, (1 - beyond) * grid.step * grid.step,
          grid.step * grid.step, 1e-8);
}

static void check_same(const struct prediction *a, const struct prediction *b)
{
    assert_true(fabs(a->mean - b->mean) <= 1e-13);
    assert_true(fabs(a->variance - b->variance) <= 1e-13);
    assert_true(fabs(a->granular - b->granular) <= 1e-13);
    assert_true(fabs(a->overload - b->overload) <= 1e-13);
    assert_true(fabs(a->covariance - b->covariance) <= 1e-13);
}

/* A grid that is moved with its source makes the same errors; so does one that is renumbered. */
static void test_offset(void **state)
{
    (void)state;
    for (double offset = -0.75; offset < 1; offset += 0.25) {
        struct theory_grid grid = theory_grid_symmetric(0.5, 3), moved = grid, renumbered = grid;
        moved.offset += offset;
        renumbered.offset = -1.5;
        renumbered.lowest = 0;
        renumbered.highest = 6;
        struct source source = {.type = &source_gaussian, .mean = 0.3, .std = 0.8};
        struct source shifted = {.type = &source_gaussian, .mean = 0.3 + offset, .std = 0.8};
        struct prediction wanted = theory_predict(&source, &grid);
        struct prediction got = theory_predict(&shifted, &moved);
        check_same(&got, &wanted);
        got = theory_predict(&source, &renumbered);
        check_same(&got, &wanted);
        assert_true(fabs(theory_density(&source, &grid, 0.1) -
                         theory_density(&source, &renumbered, 0.1)) < 1e-13);
        assert_true(fabs(theory_cdf(&source, &grid, 0.6) - theory_cdf(&shifted, &moved, 0.6)) <
                    1e-13);
    }
    /* Mid-rise: levels on both sides of 0, so a narrow source at 0 errs by half a step. */
    struct theory_grid rise = theory_grid_symmetric(1, THEORY_INFINITE);
    rise.offset = 0.5;
    struct source narrow = {.type = &source_gaussian, .mean = 0, .std = 1e-3};
    struct prediction p = theory_predict(&narrow, &rise);
    assert_true(fabs(p.mean) < 1e-15 && fabs(p.mse - 0.25) < 1e-3);
    assert_true(fabs(theory_correlation(&narrow, &p) - sqrt(2 / M_PI)) < 1e-2);
}

/* What the theory of the article should have printed in its table: q = 0.5, mean q / 4. */
static void test_the_table_of_the_article(void **state)
{
    (void)state;
    static const double stds[3] = {0.5, 0.25, 0.125}, wanted[3] = {0.1443, 0.1443, 0.1365};
    for (size_t i = 0; i < 3; i++) {
        struct source source = {.type = &source_gaussian, .mean = 0.125, .std = stds[i]};
        struct theory_grid grid = theory_grid_symmetric(0.5, THEORY_INFINITE);
        assert_true(fabs(sqrt(theory_predict(&source, &grid).variance) - wanted[i]) < 5e-5);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agree_with_integration_at_30_digits),
        cmocka_unit_test(test_agree_with_quadrature),
        cmocka_unit_test(test_extreme_ratios),
        cmocka_unit_test(test_phase_of_far_means),
        cmocka_unit_test(test_sources_beyond_the_grid),
        cmocka_unit_test(test_many_levels),
        cmocka_unit_test(test_offset),
        cmocka_unit_test(test_the_table_of_the_article),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
