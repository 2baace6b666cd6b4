/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "quant/theory_unit.h"

static struct theory_unit unit_of(double mean, double std, double step, int levels_each_side)
{
    struct source source = {&source_gaussian, mean, std};
    struct theory_grid grid = {step, levels_each_side};
    return theory_unit_make(&source, &grid);
}

static void assert_levels(const struct theory_unit *unit, double reach, double low, double high)
{
    double got_low, got_high;
    theory_unit_levels(unit, reach, &got_low, &got_high);
    assert_true(got_low == low && got_high == high);
}

static void test_units(void **state)
{
    (void)state;
    struct theory_unit unit = unit_of(0.75, 0.5, 0.25, 7);
    assert_true(unit.source.mean == 3 && unit.source.std == 2);
    assert_true(theory_unit_low_edge(&unit) == -7.5 && theory_unit_high_edge(&unit) == 7.5);
    assert_false(theory_unit_endless(&unit));
    assert_false(theory_unit_periodic(&unit));
    unit = unit_of(1e6 + 0.0625, 0.5, 0.25, THEORY_INFINITE);
    assert_true(unit.source.mean == 0.25 && theory_unit_endless(&unit));
    assert_true(theory_unit_periodic(&unit));
    unit = unit_of(0, 0.05, 0.25, THEORY_INFINITE);
    assert_false(theory_unit_periodic(&unit));
    unit = unit_of(0, 1, 2, 0);
    assert_true(theory_unit_low_edge(&unit) == -1 && theory_unit_high_edge(&unit) == 1);
    assert_true(unit.first == -0.5 && unit.last == 0.5);
}

static void test_levels_in_reach(void **state)
{
    (void)state;
    struct theory_unit unit = unit_of(0, 1, 1, 7);
    assert_levels(&unit, 3, -3, 3);
    assert_levels(&unit, 3.75, -4, 4);
    assert_levels(&unit, 30, -7, 7);
    unit = unit_of(7, 1, 1, 7);
    assert_levels(&unit, 2, 5, 7);
    unit = unit_of(20.25, 1, 1, THEORY_INFINITE); /* brought to 0.25 */
    assert_levels(&unit, 1, -1, 1);
    unit = unit_of(0, 1, 1, 0);
    assert_levels(&unit, 0.25, -0.5, 0.5);
    unit = unit_of(0.75, 0.25, 1, 0);
    assert_levels(&unit, 1, 0.5, 0.5);
    unit = unit_of(50, 1, 1, 7);
    double low, high;
    theory_unit_levels(&unit, 3, &low, &high);
    assert_true(low > high);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_levels_in_reach),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
