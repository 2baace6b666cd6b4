/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "quant/theory.h"
#include "stats/source.h"
#include "ui/view.h"

/* At the limits the exact deviation is what they are made for. */
static void test_limits(void **state)
{
    (void)state;
    const struct source unit = { .type = &source_gaussian, .std = 1 };
    assert_true(fabs(theory_pqn_deviation(&unit, view_limit(0.02)) - 0.02) < 1e-6);
    assert_true(fabs(theory_pqn_deviation(&unit, view_limit(0.25)) - 0.25) < 1e-3);
}

static void test_room(void **state)
{
    (void)state;
    assert_true(view_room(1, 26) == 1);
    assert_true(view_room(2, 2) > 0);
    assert_true(view_room(0, 0) > 0);
    assert_true(view_room(-3, -3) > 0);
}

static void test_slopes_that_say_nothing(void **state)
{
    (void)state;
    struct regression fit = { 0 };
    assert_true(isnan(view_slope(&fit)));
    regression_add(&fit, 1, 1);
    assert_true(isnan(view_slope(&fit)));
    regression_add(&fit, 2, 3);
    assert_true(fabs(view_slope(&fit) - 2) < 1e-12);
    struct regression flat = { 0 };
    regression_add(&flat, 1e-40, 1);
    regression_add(&flat, 2e-40, -1);
    assert_true(isnan(view_slope(&flat)));
}

static void test_words(void **state)
{
    (void)state;
    struct regression fit = { 0 };
    struct text text = { 0 };
    for (int i = 0; i < 3; i++)
        regression_add(&fit, i, i);
    view_describe_fit(&text, "all:", &fit, false);
    assert_string_equal(text.data, "all:    slope 1.000  R² 1.000  n 3");
    text_done(&text);
}

static void test_saying_takes_lines(void **state)
{
    (void)state;
    struct cells *cells = cells_new(12, 5);
    struct rect rect = { 1, 1, 8, 3 };
    view_say(cells, &rect, STYLE_DIM, "one two three");
    assert_int_equal(rect.y, 3);
    assert_int_equal(rect.height, 1);
    view_say(cells, &rect, STYLE_DIM, "four five six seven");
    assert_int_equal(rect.height, 0);
    struct text dump = { 0 };
    cells_dump(cells, &dump);
    assert_string_equal(dump.data, "\n one two\n three\n four\n\n");
    text_done(&dump);
    cells_free(cells);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_limits), cmocka_unit_test(test_room),
        cmocka_unit_test(test_slopes_that_say_nothing), cmocka_unit_test(test_words),
        cmocka_unit_test(test_saying_takes_lines),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
