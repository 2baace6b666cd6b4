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
    struct source source = {.type = &source_gaussian, .mean = mean, .std = std};
    struct theory_grid grid = theory_grid_symmetric(step, levels_each_side);
    return theory_unit_make(&source, &grid);
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
    unit = unit_of(0, 1, 2, 0); /* one bit: the levels are numbered -1 and 0, half a step off */
    assert_true(theory_unit_low_edge(&unit) == -1.5 && theory_unit_high_edge(&unit) == 0.5);
    assert_true(unit.first == -1 && unit.last == 0 && unit.source.mean == -0.5);
}

static void assert_range(const struct theory_range *range, double first, double last, bool smooth)
{
    assert_true(range->first == first && range->last == last && range->smooth == smooth);
}

static void test_ranges(void **state)
{
    (void)state;
    struct theory_range range[THEORY_RANGES];
    struct theory_unit unit = unit_of(0, 3, 1, 7);
    assert_int_equal(theory_unit_ranges(&unit, false, range), 1);
    assert_range(&range[0], -7, 7, true);
    unit = unit_of(0, 0.1, 1, 7); /* 9.5 standard deviations */
    assert_int_equal(theory_unit_ranges(&unit, false, range), 1);
    assert_range(&range[0], -1, 1, false);
    unit = unit_of(50, 1, 1, 7);
    assert_int_equal(theory_unit_ranges(&unit, false, range), 0);

    unit.source = (struct source){.type = &source_laplace, .mean = 2.25, .std = 9};
    assert_int_equal(theory_unit_ranges(&unit, false, range), 3);
    assert_range(&range[0], -7, 1, true);
    assert_range(&range[1], 2, 2, false);
    assert_range(&range[2], 3, 7, true);
    unit.source.mean = 2.5; /* a kink between two cells */
    assert_int_equal(theory_unit_ranges(&unit, false, range), 3);
    assert_range(&range[1], 2, 3, false);
    unit.source.mean = 8; /* outside */
    assert_int_equal(theory_unit_ranges(&unit, false, range), 1);
    assert_range(&range[0], -7, 7, true);

    unit.source = (struct source){.type = &source_uniform, .std = 3 / sqrt(3)}; /* -3 .. 3 */
    assert_int_equal(theory_unit_ranges(&unit, false, range), 5);
    assert_range(&range[0], -7, -4, true);
    assert_range(&range[1], -3, -3, false);
    assert_range(&range[2], -2, 2, true);
    assert_range(&range[3], 3, 3, false);
    assert_range(&range[4], 4, 7, true);
    unit.source.std /= 100; /* both jumps in one cell */
    assert_int_equal(theory_unit_ranges(&unit, false, range), 3);
    assert_range(&range[1], 0, 0, false);
    unit.first = -INFINITY;
    unit.last = INFINITY;
    assert_int_equal(theory_unit_ranges(&unit, false, range), 3);
    assert_range(&range[0], -INFINITY, -1, true);
    assert_range(&range[2], 1, INFINITY, true);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_units),
        cmocka_unit_test(test_ranges),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
