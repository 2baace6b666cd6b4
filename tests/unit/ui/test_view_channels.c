/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/agreement.h"
#include "fixture.h"
#include "ui/view.h"

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

/* The frame of a view of what is selected. */
static const char *picture(const struct fixture *fixture, const struct view_options *options)
{
    cells_clear(fixture->cells);
    view_channels.draw(session_report(fixture->session), options, fixture->cells,
              (struct rect){ 0, 0, 80, 24 });
    return fixture_frame(fixture);
}

static void assert_has(const char *frame, const char *part)
{
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in\n%s", part, frame);
}

static void assert_lacks(const char *frame, const char *part)
{
    if (strstr(frame, part))
        fail_msg("\"%s\" in\n%s", part, frame);
}


static void test_fits_are_those_of_the_report(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    struct view_options options = { .channel = -1 };
    const struct agreement all = agreement_of(session_report(fixture->session), RECORD_ALL);
    char slope[TEXT_NUMBER];
    struct text expected = { 0 };
    text_printf(&expected, "all:    slope %s",
                text_number(slope, regression_slope(&all.fit[AGREEMENT_STD]), 4));
    const char *frame = picture(fixture, &options);
    assert_has(frame, expected.data);
    assert_has(frame, "n 6");
    assert_has(frame, "normal: ");
    assert_has(frame, "y = x");
    assert_has(frame, "R²");
    text_done(&expected);
    options.glyphs = GLYPHS_ASCII;
    assert_has(picture(fixture, &options), "R2");
}

static void test_normal_ones_alone(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_TAILS); /* one of its channels has an outlier */
    struct view_options options = { .channel = -1 };
    assert_has(picture(fixture, &options), "not normal");
    options.normal_only = true;
    const char *frame = picture(fixture, &options);
    assert_lacks(frame, "all: ");
    assert_lacks(frame, "not normal");
    assert_has(frame, "normal: ");
}

static void test_means(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    struct view_options options = { .channel = -1, .means = true };
    assert_has(picture(fixture, &options), "measured mean of e");
    /* At 8 bits theory's means are all but zero: there is no slope to speak of. */
    fixture_press(fixture, "+ + + +");
    assert_has(picture(fixture, &options), "slope -");
}

static void test_picked_channel(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    struct view_options options = { .channel = 3 };
    assert_has(picture(fixture, &options), "channel 3: theory 0.");
    options.channel = 6; /* there is none */
    assert_lacks(picture(fixture, &options), "channel 6");
}

static void test_without_dots(void **state)
{
    struct fixture *fixture = *state;
    struct view_options options = { .channel = -1 };
    fixture_select(fixture, FIXTURE_FLAT);
    assert_has(picture(fixture, &options), "no channel has a theory");
    fixture_select(fixture, FIXTURE_NORM);
    assert_has(picture(fixture, &options), "A vector is one channel");
    fixture_select(fixture, FIXTURE_MATRIX);
    struct report sampled = *session_report(fixture->session);
    sampled.normality = NULL;
    cells_clear(fixture->cells);
    view_channels.draw(&sampled, &options, fixture->cells, (struct rect){ 0, 0, 80, 24 });
    assert_has(fixture_frame(fixture), "normal: still being found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fits_are_those_of_the_report, setup, teardown),
        cmocka_unit_test_setup_teardown(test_normal_ones_alone, setup, teardown),
        cmocka_unit_test_setup_teardown(test_means, setup, teardown),
        cmocka_unit_test_setup_teardown(test_picked_channel, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_dots, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
