/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/histogram.h"

static void test_bins_are_half_open_but_the_last(void **state)
{
    (void)state;
    struct histogram *histogram = histogram_new(-0.5, 0.5, 4);
    const double x[] = {-0.5,  -0.26, -0.25, 0,         0.24,     0.25, 0.5,
                        -0.51, 0.51,  7,     -INFINITY, INFINITY, NAN};
    histogram_add(histogram, x, sizeof x / sizeof *x);
    assert_int_equal(histogram->count[0], 2);
    assert_int_equal(histogram->count[1], 1);
    assert_int_equal(histogram->count[2], 2);
    assert_int_equal(histogram->count[3], 2);
    assert_int_equal(histogram->under, 2);
    assert_int_equal(histogram->over, 3);
    assert_int_equal(histogram_total(histogram), 12);
    histogram_free(histogram);
    histogram_free(NULL);
}

static void test_merged_parts_are_the_whole(void **state)
{
    (void)state;
    double x[1000];
    for (size_t i = 0; i < 1000; i++)
        x[i] = sin((double)i) * 1.2;
    struct histogram *whole = histogram_new(-1, 1, 37), *part = histogram_new(-1, 1, 37),
                     *other = histogram_new(-1, 1, 37);
    histogram_add(whole, x, 1000);
    histogram_add(part, x, 333);
    histogram_add(other, x + 333, 667);
    histogram_merge(part, other);
    assert_memory_equal(part->count, whole->count, 37 * sizeof *whole->count);
    assert_true(part->under == whole->under && part->over == whole->over && whole->over > 0);
    assert_int_equal(histogram_total(part), 1000);
    histogram_free(whole);
    histogram_free(part);
    histogram_free(other);
}

static void test_mass_cuts_bins_in_proportion(void **state)
{
    (void)state;
    struct histogram *histogram = histogram_new(0, 4, 4);
    const double x[] = {0.5, 0.6, 1.5, 3.1, 3.2, 3.3, 3.4, -1, 9};
    histogram_add(histogram, x, sizeof x / sizeof *x);
    assert_true(histogram_mass(histogram, 0, 4) == 7);
    assert_true(histogram_mass(histogram, -10, 10) == 7);
    assert_true(histogram_mass(histogram, 0.5, 1.25) == 1.25);
    assert_true(histogram_mass(histogram, 3.25, 3.75) == 2);
    assert_true(histogram_mass(histogram, 0.25, 3.25) == 1.5 + 1 + 1);
    assert_true(histogram_mass(histogram, 2, 3) == 0);
    assert_true(histogram_mass(histogram, 1, 1) == 0);
    assert_true(histogram_mass(histogram, 5, 9) == 0);
    histogram_free(histogram);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_bins_are_half_open_but_the_last),
        cmocka_unit_test(test_merged_parts_are_the_whole),
        cmocka_unit_test(test_mass_cuts_bins_in_proportion),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
