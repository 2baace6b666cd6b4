/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_integration.h>

#include "quant/theory.h"

static const int levels[] = {0, 1, 3, 7, 127, 32767, THEORY_INFINITE};

/* Calls visit with sources of all widths, from 0.01 to 100 steps, and all kinds of grids. */
static void for_all(const struct source_type *type,
                    void (*visit)(const struct source *source, const struct theory_grid *grid))
{
    for (double std = 0.01; std < 100; std *= 1.83)
        for (size_t k = 0; k < sizeof levels / sizeof *levels; k++)
            for (double mean = -0.4; mean < 3; mean += 1.15) {
                struct source source = {.type = type, .mean = 0.01 * mean, .std = 0.01 * std};
                struct theory_grid grid = theory_grid_symmetric(0.01, levels[k]);
                visit(&source, &grid);
            }
}

static void complain(const char *what, const struct source *source, const struct theory_grid *grid,
                     double at, double got, double wanted)
{
    fail_msg("%s at %g: mean %g std %g steps, levels %d..%d: %.12g instead of %.12g", what,
             at / grid->step, source->mean / grid->step, source->std / grid->step, grid->lowest,
             grid->highest, got, wanted);
}

/* The integral of the density between two places without a jump between them. */
static double mass_between(const struct source *source, const struct theory_grid *grid, double a,
                           double b, gsl_integration_glfixed_table *table)
{
    double mass = 0;
    int pieces = 1 + (int)(2 * (b - a) / source->std);
    for (int i = 0; i < pieces; i++)
        for (size_t k = 0; k < 16; k++) {
            double e, weight;
            gsl_integration_glfixed_point(a + (b - a) * i / pieces, a + (b - a) * (i + 1) / pieces,
                                          k, &e, &weight, table);
            mass += weight * theory_density(source, grid, e);
        }
    return mass;
}

static void check_density_is_slope(const struct source *source, const struct theory_grid *grid)
{
    static const double places[] = {-7, -3, -1.5, -0.5, -0.4, -0.1, 0, 0.23, 0.5, 0.9, 4};
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(16);
    for (size_t i = 1; i < sizeof places / sizeof *places; i++) {
        double a = places[i - 1] * grid->step, b = places[i] * grid->step;
        if (source->std < 0.02 * (b - a)) /* a peak that takes too many pieces */
            continue;
        double got = theory_cdf(source, grid, b) - theory_cdf(source, grid, a);
        double wanted = mass_between(source, grid, a, b, table);
        if (!(fabs(got - wanted) < 1e-11))
            complain("mass", source, grid, b, got, wanted);
    }
    gsl_integration_glfixed_table_free(table);
}

/* With the limits below, this says that the density integrates to 1 as well. */
static void test_density_is_the_slope_of_the_cdf(void **state)
{
    (void)state;
    for_all(&source_gaussian, check_density_is_slope);
}

static void check_limits(const struct source *source, const struct theory_grid *grid)
{
    double far = fabs(source->mean) + 40 * source->std + 2 * grid->step, before = 0;
    if (!(theory_cdf(source, grid, -far) < 1e-15) || !(theory_cdf(source, grid, far) > 1 - 1e-15))
        complain("limit", source, grid, far, theory_cdf(source, grid, far), 1);
    for (int i = -120; i <= 120; i++) {
        double e = i * grid->step / 160, p = theory_cdf(source, grid, e);
        if (!(p >= before - 1e-13) || !(p <= 1 + 1e-13) ||
            !(theory_density(source, grid, e) >= -1e-9))
            complain("order", source, grid, e, p, before);
        before = p;
    }
    /* No jump of the distribution function at the edges of the cells. */
    for (int side = -1; side <= 1; side += 2) {
        double edge = side * grid->step / 2, beyond = edge * (1 + 1e-12);
        double jump = theory_cdf(source, grid, beyond) - theory_cdf(source, grid, edge);
        if (!(fabs(jump) < 1e-9))
            complain("jump", source, grid, edge, jump, 0);
    }
}

static void test_cdf_rises_from_0_to_1(void **state)
{
    (void)state;
    for_all(&source_gaussian, check_limits);
    for_all(&source_laplace, check_limits);
}

static void test_endless_errors_stay_in_the_cell(void **state)
{
    (void)state;
    struct source source = {.type = &source_gaussian, .mean = 0.3, .std = 0.4};
    struct theory_grid grid = theory_grid_symmetric(1, THEORY_INFINITE);
    assert_true(theory_density(&source, &grid, 0.51) == 0);
    assert_true(theory_density(&source, &grid, -0.51) == 0);
    assert_true(theory_density(&source, &grid, 0.5) > 0.5);
    assert_true(fabs(theory_density(&source, &grid, 0.5) - theory_density(&source, &grid, -0.5)) <
                1e-14);
    assert_true(theory_cdf(&source, &grid, -0.51) == 0 && theory_cdf(&source, &grid, 0.51) == 1);
    assert_true(fabs(theory_cdf(&source, &grid, -0.5)) < 1e-15);
    assert_true(fabs(theory_cdf(&source, &grid, 0.5) - 1) < 1e-15);
}

/* Beyond half a step an error e comes from the outermost level on the other side. */
static void test_overload_tails(void **state)
{
    (void)state;
    struct source source = {.type = &source_gaussian, .mean = 0.2, .std = 1};
    struct theory_grid grid = theory_grid_symmetric(0.5, 2);
    for (double e = 0.26; e < 4; e += 0.31) {
        double low = source_gaussian.density(&source, 1 + e);
        double high = source_gaussian.density(&source, -1 - e);
        assert_true(fabs(theory_density(&source, &grid, -e) - low) < 1e-15);
        assert_true(fabs(theory_density(&source, &grid, e) - high) < 1e-15);
        assert_true(fabs(theory_cdf(&source, &grid, e) + source_gaussian.cdf(&source, -1 - e) - 1) <
                    1e-15);
    }
}

static void check_curve(const struct source *source, const struct theory_grid *grid)
{
    enum { POINTS = 121 };
    double t[POINTS], curve[POINTS];
    for (int i = 0; i < POINTS; i++) {
        t[i] = (i - 60) / 80.0;
        curve[i] = 2;
    }
    theory_add_curve(source, grid, 3, t, POINTS, curve);
    for (int i = 0; i < POINTS; i++) {
        double wanted = 2 + 3 * theory_cdf(source, grid, t[i] * grid->step);
        if (!(fabs(curve[i] - wanted) < 3 * 1e-7))
            complain("curve", source, grid, t[i] * grid->step, curve[i], wanted);
    }
}

static void test_curve_agrees_with_cdf(void **state)
{
    (void)state;
    for_all(&source_gaussian, check_curve);
    for_all(&source_laplace, check_curve);
}

/* Where one method hands over to the next, with the mean in the worst places. */
static void test_curve_where_methods_change(void **state)
{
    (void)state;
    static const double stds[] = {0.1199, 0.12, 0.3989, 0.399, 0.9899, 0.99, 1.999, 2.0};
    for (size_t i = 0; i < sizeof stds / sizeof *stds; i++)
        for (size_t k = 0; k < sizeof levels / sizeof *levels; k++)
            for (double mean = -9; mean < 9; mean += 0.37) {
                struct source source = {.type = &source_gaussian, .mean = mean, .std = stds[i]};
                struct theory_grid grid = theory_grid_symmetric(1, levels[k]);
                check_curve(&source, &grid);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_density_is_the_slope_of_the_cdf),
        cmocka_unit_test(test_cdf_rises_from_0_to_1),
        cmocka_unit_test(test_endless_errors_stay_in_the_cell),
        cmocka_unit_test(test_overload_tails),
        cmocka_unit_test(test_curve_agrees_with_cdf),
        cmocka_unit_test(test_curve_where_methods_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
