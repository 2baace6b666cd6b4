/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "ui/layout.h"

/* How many facts a screen asks for; user points to it. */
static int wanted(void *user, int width)
{
    assert_true(width > 0);
    return *(int *)user;
}

static bool inside(struct rect rect, int width, int height)
{
    return rect.x >= 0 && rect.y >= 0 && rect.width >= 0 && rect.height >= 0 &&
           rect.x + rect.width <= width && rect.y + rect.height <= height;
}

static bool has_row(struct rect rect, int row)
{
    return row >= rect.y && row < rect.y + rect.height;
}

static bool overlap(struct rect a, struct rect b)
{
    return a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height &&
           b.y < a.y + a.height;
}

static void check(const struct layout *layout, int width, int height)
{
    const struct rect panes[] = { layout->tree, layout->view, layout->facts };
    const int rows[] = { layout->header, layout->title, layout->settings, layout->help };
    for (int i = 0; i < 3; i++) {
        assert_true(inside(panes[i], width, height));
        for (int k = 0; k < 4; k++)
            assert_false(has_row(panes[i], rows[k]));
    }
    for (int i = 1; i < 4; i++)
        assert_in_range(rows[i], rows[i - 1] + 1, height - 1);
    assert_false(overlap(layout->view, layout->facts));
    assert_true(layout->tree.width > 0 && layout->tree.height > 0);
    assert_true(layout->view.width > 0 && layout->view.height > 0);
    assert_true(layout->view.height >= layout->facts.height);
    if (layout->facts_title >= 0)
        for (int i = 1; i < 3; i++)
            assert_false(has_row(panes[i], layout->facts_title));
    if (!layout->split)
        return;
    assert_false(overlap(layout->tree, layout->view));
    assert_false(overlap(layout->tree, layout->facts));
    assert_true(layout->tree.x + layout->tree.width <= layout->divider);
    assert_true(layout->view.x > layout->divider && layout->facts.x > layout->divider);
    /* The frame at the right, and the line between the panes and what stands at the bottom. */
    assert_true(layout->view.x + layout->view.width < width);
    assert_true(layout->tree.y + layout->tree.height < layout->settings);
}

static void test_every_size(void **state)
{
    (void)state;
    int facts[] = { 0, 1, 6, 11, 1000 };
    for (int width = LAYOUT_LEAST_WIDTH; width <= 260; width++)
        for (int height = LAYOUT_LEAST_HEIGHT; height <= 100; height++)
            for (int i = 0; i < 5; i++) {
                struct layout layout = layout_of(width, height, wanted, &facts[i]);
                check(&layout, width, height);
            }
}

/* Below the least size nothing is drawn, but nothing may break either. */
static void test_sizes_too_small_do_not_break(void **state)
{
    (void)state;
    int facts = 11;
    for (int width = 1; width < LAYOUT_LEAST_WIDTH; width++)
        for (int height = 1; height < LAYOUT_LEAST_HEIGHT; height++)
            layout_of(width, height, wanted, &facts);
}

static void test_usual_sizes_show_both_panes(void **state)
{
    (void)state;
    int facts = 11;
    const int sizes[][2] = { { 80, 24 }, { 120, 36 }, { 200, 50 }, { 250, 80 } };
    for (int i = 0; i < 4; i++) {
        struct layout layout = layout_of(sizes[i][0], sizes[i][1], wanted, &facts);
        assert_true(layout.split);
        assert_true(layout.view.width >= 48 && layout.view.height >= 10);
        assert_true(layout.facts.height >= 8);
    }
    assert_false(layout_of(40, 12, wanted, &facts).split);
    assert_false(layout_of(250, 12, wanted, &facts).split);
    assert_false(layout_of(60, 80, wanted, &facts).split);
}

static void test_facts_take_no_more_than_they_need(void **state)
{
    (void)state;
    int none = 0, two = 2;
    struct layout layout = layout_of(120, 36, wanted, &none);
    assert_int_equal(layout.facts.height, 0);
    assert_int_equal(layout.facts_title, -1);
    assert_int_equal(layout.view.height, layout.tree.height);
    layout = layout_of(120, 36, wanted, &two);
    assert_int_equal(layout.facts.height, 2);
    assert_int_equal(layout.view.height, layout.tree.height - 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_size),
        cmocka_unit_test(test_sizes_too_small_do_not_break),
        cmocka_unit_test(test_usual_sizes_show_both_panes),
        cmocka_unit_test(test_facts_take_no_more_than_they_need),
    };
    return cmocka_run_group_tests_name("ui/layout", tests, NULL, NULL);
}
