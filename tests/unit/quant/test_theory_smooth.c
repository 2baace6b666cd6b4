/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "quant/theory_smooth.h"

static struct theory_unit unit_of(const struct source_type *type, double mean, double std, int n)
{
    struct source source = {.type = type, .mean = mean, .std = std};
    struct theory_grid grid = theory_grid_symmetric(1, n);
    return theory_unit_make(&source, &grid);
}

/* The sums themselves, with P(error <= e) for e = v - 1/2. */
static struct theory_cells sum_cells(const struct theory_unit *unit, double v, double *cdf)
{
    const struct source *source = &unit->source;
    struct theory_cells cells = {0};
    *cdf = 0;
    for (double level = unit->first; level <= unit->last; level++) {
        double m[3];
        source->type->truncated(source, level - 0.5, level + 0.5, level, m);
        cells.mass += m[0];
        cells.y += m[1];
        cells.yy += m[2];
        cells.xy += m[2] + (level - source->mean) * m[1];
        source->type->truncated(source, level + 0.5 - v, level + 0.5, level, m);
        *cdf += m[0];
    }
    return cells;
}

static void check(const struct theory_unit *unit, double tolerance)
{
    const struct theory_range all = {unit->first, unit->last, true};
    struct theory_cells got = {0};
    double c[THEORY_SMOOTH_TERMS] = {0};
    theory_smooth_add_cells(unit, &all, &got);
    theory_smooth_add_cdf(unit, &all, c);
    for (double v = 0; v <= 1; v += 0.125) {
        double cdf, polynomial = 0;
        struct theory_cells wanted = sum_cells(unit, v, &cdf);
        for (size_t j = THEORY_SMOOTH_TERMS; j-- > 0;)
            polynomial = polynomial * v + c[j];
        if (!(fabs(polynomial - cdf) < tolerance) || !(fabs(got.mass - wanted.mass) < tolerance) ||
            !(fabs(got.y - wanted.y) < tolerance) || !(fabs(got.yy - wanted.yy) < tolerance) ||
            !(fabs(got.xy - wanted.xy) < tolerance * unit->source.std))
            fail_msg("mean %g std %g N %g: cdf %.3g, y %.3g, yy %.3g, xy %.3g off",
                     unit->source.mean, unit->source.std, unit->last, polynomial - cdf,
                     got.y - wanted.y, got.yy - wanted.yy, got.xy - wanted.xy);
    }
}

static void test_agree_with_sums(void **state)
{
    (void)state;
    static const int levels[] = {0, 1, 2, 7, 127};
    for (size_t k = 0; k < 5; k++)
        for (double mean = -12; mean < 12; mean += 0.61) {
            struct theory_unit curve = unit_of(&source_gaussian, mean, 0.99, levels[k]);
            check(&curve, 1.5e-7);
            for (double std = 2; std < 100; std *= 1.7) {
                struct theory_unit exact = unit_of(&source_gaussian, mean, std, levels[k]);
                check(&exact, 2e-12);
            }
        }
}

/* Beyond a kink the two sides are smooth; the sums of three ranges are those of one. */
static void test_sides_of_a_kink(void **state)
{
    (void)state;
    for (double mean = -0.5; mean <= 0.5; mean += 0.17)
        for (double std = 1.5; std < 100; std *= 1.9) {
            struct theory_unit right = unit_of(&source_laplace, mean, std, 400);
            right.first = 1 + (mean == 0.5);
            check(&right, 2e-12);
            struct theory_unit left = unit_of(&source_laplace, mean, std, 400);
            left.last = -1 - (mean == -0.5);
            check(&left, 2e-12);
        }
}

static void test_ends_at_infinity(void **state)
{
    (void)state;
    struct theory_unit unit = unit_of(&source_gaussian, 0.3, 4, 400);
    const struct theory_range all = {-INFINITY, INFINITY, true};
    struct theory_cells got = {0};
    theory_smooth_add_cells(&unit, &all, &got);
    assert_true(fabs(got.mass - 1) < 1e-15 && got.y == 0 && fabs(got.yy * 12 - 1) < 1e-15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agree_with_sums),
        cmocka_unit_test(test_sides_of_a_kink),
        cmocka_unit_test(test_ends_at_infinity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
