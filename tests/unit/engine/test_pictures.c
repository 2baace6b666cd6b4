/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "engine/pictures.h"

/* Levels -2 .. 2 times the step, about a centre. */
static struct quantizer grid_of(double step)
{
    return (struct quantizer){
        .kind = LEVELS_UNIFORM,
        .grid = { .clip = 2 * step, .step = step, .lowest = -2,
                  .highest = 2 },
        .step = step,
        .reach = 2 * step,
    };
}

static void add(struct pictures *pictures, size_t part, double step, const double w[], size_t n)
{
    const struct quantizer quantizer = grid_of(step);
    double e[16];
    int32_t code[16];
    quantizer_round(&quantizer, w, n, e, code);
    pictures_add(pictures, part, &quantizer, w, e, code, n);
}

static uint64_t count_at(const struct histogram *histogram, double x)
{
    const double width = (histogram->high - histogram->low) / (double)histogram->bins;
    return histogram->count[(size_t)((x - histogram->low) / width)];
}

static void test_each_in_its_own_units(void **state)
{
    (void)state;
    struct pictures *pictures = pictures_new(false, true);
    const double w[] = { 0.3, -1.2, 2.4, NAN, 10 }, halves[] = { 0.15, -0.6 };
    add(pictures, 3, 1, w, 5);
    add(pictures, 4, 0.5, halves, 2);
    assert_int_equal(histogram_total(pictures->error), 6);
    assert_int_equal(count_at(pictures->error, -0.3), 2);
    assert_int_equal(count_at(pictures->error, 0.2), 2);
    assert_int_equal(count_at(pictures->error, -0.4), 1);
    assert_int_equal(pictures->error->under, 1);
    assert_int_equal(count_at(pictures->weight, 0.15), 2);
    assert_int_equal(count_at(pictures->weight, -0.6), 2);
    assert_int_equal(pictures->weight->over, 1);
    assert_true(pictures->furthest == 5);
    assert_int_equal(pictures->levels, 5);
    const uint64_t mass[] = { 0, 2, 2, 0, 2 };
    const double position[] = { -1, -0.5, 0, 0.5, 1 };
    for (size_t i = 0; i < 5; i++) {
        assert_int_equal(pictures->mass[i], mass[i]);
        assert_true(pictures->position[i] == position[i]);
    }
    pictures_free(pictures);
}

/* Whoever counts, the positions are those of the first part that has some. */
static void test_merging(void **state)
{
    (void)state;
    struct pictures *a = pictures_new(true, true), *b = pictures_new(true, true);
    const double w[] = { 0.3, -0.7 };
    add(a, 9, 1, w, 2);
    add(b, 7, 0, w, 2); /* a unit without a step is in no picture */
    pictures_merge(a, b);
    assert_int_equal(a->origin, 9);
    add(b, 8, 2, w, 2);
    pictures_merge(a, b);
    assert_int_equal(a->origin, 8);
    assert_int_equal(histogram_total(a->error), 4);
    assert_int_equal(a->levels, 5);
    assert_int_equal(a->mass[2], 3);
    assert_int_equal(a->mass[1], 1);
    pictures_free(a);
    pictures_free(b);
}

static void test_levels_that_are_not_counted(void **state)
{
    (void)state;
    struct pictures *pictures = pictures_new(true, false);
    const double w[] = { 0.3, -0.7 };
    add(pictures, 0, 1, w, 2);
    assert_int_equal(pictures->levels, 0);
    assert_int_equal(histogram_total(pictures->error), 2);
    pictures_free(pictures);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_in_its_own_units),
        cmocka_unit_test(test_merging),
        cmocka_unit_test(test_levels_that_are_not_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
