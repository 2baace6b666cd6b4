/* SPDX-License-Identifier: MIT
 *
 * The view of outliers and its keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"

static int setup(void **state)
{
    static struct fixture fixture;
    fixture_open(&fixture);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    return 0;
}

static void assert_has(const char *frame, const char *part)
{
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in\n%s", part, frame);
}

static const char *picture(const struct fixture *fixture)
{
    struct view_options options = fixture->session->options;
    cells_clear(fixture->cells);
    view_outliers.draw(session_report(fixture->session), &options, fixture->cells,
                       (struct rect){ 0, 0, 80, 24 });
    return fixture_frame(fixture);
}

static void test_picture(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_TAILS);
    fixture_press(fixture, "8");
    const char *frame = picture(fixture);
    assert_has(frame, ">6σ");
    assert_has(frame, "1 NaN at (");
    assert_has(frame, "· 1.5 ░ 3 ▒ 6 ▓ 12 █ 24 σ");
    assert_has(frame, "apart dB");
    assert_has(frame, "!"); /* the NaN's place */
    fixture_select(fixture, FIXTURE_FLAT);
    frame = picture(fixture);
    assert_has(frame, "4 constant channels: 0, 1, 2, 3");
    assert_null(strstr(frame, "apart dB"));
    fixture_select(fixture, FIXTURE_ZERO);
    assert_has(picture(fixture), "2 all-zero channels: 0, 1");
    fixture_select(fixture, FIXTURE_SCALAR);
    assert_has(picture(fixture), "audit: clean");
}

static void test_before_they_are_known(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "1");
    assert_null(session_report(fixture->session)->outliers);
    assert_has(picture(fixture), "still being searched");
    fixture_press(fixture, "8");
    struct report early = *session_report(fixture->session);
    early.outlier_map = NULL;
    early.audit = NULL;
    early.outlier_costs = NULL;
    cells_clear(fixture->cells);
    view_outliers.draw(&early, &fixture->session->options, fixture->cells,
                       (struct rect){ 0, 0, 80, 24 });
    assert_has(fixture_frame(fixture), "the map is still being drawn");
}

/* o leads there from anywhere, with the keys of the list. */
static void test_keys(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "1 o");
    assert_ptr_equal(session->view, &view_outliers);
    assert_int_equal(session->focus, FOCUS_VIEW);
    assert_int_equal(session->options.outlier, 0);
    size_t row = session->cursor;
    fixture_press(fixture, "k j j k");
    assert_int_equal(session->options.outlier, 1);
    fixture_press(fixture, "G");
    assert_int_equal(session->options.outlier, 63);
    fixture_press(fixture, "j g");
    assert_int_equal(session->options.outlier, 0);
    assert_int_equal(session->cursor, row); /* the tree stays where it is */
    fixture_press(fixture, "Esc j");
    assert_true(session->cursor != row);
    assert_int_equal(session->focus, FOCUS_TREE);
}

static void test_zoom(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "o Z");
    assert_has(session->message, "all of it");
    assert_int_equal(session->region.rows, 0);
    fixture_press(fixture, "z");
    const struct report *report = session_report(session);
    const struct outlier *worst = &report->outliers->worst[0];
    const struct outlier_region *region = &report->outlier_map->region;
    assert_int_equal(region->rows, 6); /* rows are few already */
    assert_int_equal(region->columns, 32);
    assert_int_equal(report->outlier_map->columns, 32);
    assert_true(worst->column >= region->column && worst->column < region->column + 32);
    fixture_press(fixture, "Enter");
    assert_has(session->message, "single elements");
    /* The map goes along with the list. */
    for (int i = 0; i < 20; i++) {
        fixture_press(fixture, "j");
        report = session_report(session);
        worst = &report->outliers->worst[session->options.outlier];
        region = &report->outlier_map->region;
        assert_true(worst->column >= region->column && worst->column < region->column + 32);
    }
    fixture_press(fixture, "BS");
    assert_int_equal(session->region.rows, 0);
    assert_int_equal(session_report(session)->outlier_map->region.columns, 64);
}

/* Another tensor, channel or axis has other places. */
static void test_places_are_forgotten(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    static const char *const ways[] = { "Esc j", ".", "T" };
    for (size_t i = 0; i < sizeof ways / sizeof *ways; i++) {
        fixture_select(fixture, FIXTURE_MATRIX);
        fixture_press(fixture, "0 o j j z");
        assert_true(session->region.rows > 0 && session->options.outlier == 2);
        fixture_press(fixture, ways[i]);
        assert_true(session->region.rows == 0 && session->options.outlier == 0);
        const struct report *report = session_report(session);
        assert_true(!report || report->outlier_map); /* the next row may be a module */
    }
    fixture_press(fixture, "T 0");
}

static void test_limits(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_MATRIX);
    fixture_press(fixture, "1 : o u t l i e r s Space s i g m a Space 2 Enter");
    assert_ptr_equal(session->view, &view_outliers);
    assert_true(session->limits.limit[OUTLIER_SIGMA] == 2);
    assert_has(picture(fixture), ">2σ");
    assert_has(picture(fixture), "▒ 2 ▓ 4");
    fixture_press(fixture, ": o u t l i e r s Space s i g m a Space 0 Enter");
    assert_true(session->limits.limit[OUTLIER_SIGMA] == 2);
    fixture_press(fixture, "Esc : o u t l i e r s Space s i g m a Space 6 Enter");
}

/* Fewer bits make outliers dearer; what is known of their places stays. */
static void test_costs_follow_the_bits(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    fixture_select(fixture, FIXTURE_TAILS);
    fixture_press(fixture, "o");
    const struct outliers *outliers = session_report(session)->outliers;
    double before = session_report(session)->outlier_costs->cost[0].apart_db;
    part_ref(&outliers->part);
    fixture_press(fixture, "-");
    assert_ptr_equal(session_report(session)->outliers, outliers);
    assert_true(session_report(session)->outlier_costs->cost[0].apart_db != before);
    part_unref(&outliers->part);
    fixture_press(fixture, "u");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_picture),
        cmocka_unit_test(test_before_they_are_known),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_zoom),
        cmocka_unit_test(test_places_are_forgotten),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_costs_follow_the_bits),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
