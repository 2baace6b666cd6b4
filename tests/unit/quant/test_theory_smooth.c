/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "quant/theory_smooth.h"
#include "sources.h"

static struct theory_unit unit_of(const struct source_type *type, double mean, double std, int n)
{
    struct source source = {type, mean, std};
    struct theory_grid grid = {1, n};
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
    struct theory_cells got = theory_smooth_cells(unit);
    double c[THEORY_SMOOTH_TERMS];
    theory_smooth_cdf(unit, c);
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
            struct theory_unit curve =
                unit_of(&source_gaussian, mean, THEORY_SMOOTH_CURVE, levels[k]);
            check(&curve, 1.5e-7);
            for (double std = THEORY_SMOOTH_EXACT; std < 100; std *= 1.7) {
                struct theory_unit exact = unit_of(&source_gaussian, mean, std, levels[k]);
                check(&exact, 2e-12);
            }
        }
}

static void test_applies(void **state)
{
    (void)state;
    struct theory_unit unit = unit_of(&source_gaussian, 0, 2, 7);
    assert_true(theory_smooth_applies(&unit, 2));
    assert_false(theory_smooth_applies(&unit, 2.1));
    unit = unit_of(&source_gaussian, 0, 2, THEORY_INFINITE);
    assert_false(theory_smooth_applies(&unit, 1));
    unit = unit_of(&laplace, 0, 2, 7);
    assert_false(theory_smooth_applies(&unit, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agree_with_sums),
        cmocka_unit_test(test_applies),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
