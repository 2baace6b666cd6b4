/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

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
    view_ratio.draw(session_report(fixture->session), options, fixture->cells,
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


static void test_share_beyond_two(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    struct view_options options = { .channel = -1 };
    const char *frame = picture(fixture, &options);
    assert_has(frame, "q/σ > 2: 0 of 6 channels, 0.00 %");
    assert_has(frame, "largest 0.");
    assert_lacks(frame, "broken");
    fixture_press(fixture, "- -"); /* 2 bits: q is the largest weight itself */
    frame = picture(fixture, &options);
    assert_has(frame, "6 of 6 channels, 100.00 %");
    assert_has(frame, "strained");
    options.glyphs = GLYPHS_ASCII;
    assert_has(picture(fixture, &options), "q/std > 2");
}

static void test_limits_are_out_of_sight_at_many_bits(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_MATRIX);
    struct view_options options = { .channel = -1 };
    fixture_press(fixture, "-");
    assert_has(picture(fixture, &options), "strained");
    fixture_press(fixture, "+ + + + +");
    assert_lacks(picture(fixture, &options), "strained");
}

static void test_choices(void **state)
{
    struct fixture *fixture = *state;
    fixture_select(fixture, FIXTURE_TAILS);
    struct view_options options = { .channel = -1, .normal_only = true };
    assert_has(picture(fixture, &options), "normal channels, ");
    assert_lacks(picture(fixture, &options), " 6 normal");
    options.channel = 2;
    assert_has(picture(fixture, &options), "channel 2: 0.");
}

static void test_without_bars(void **state)
{
    struct fixture *fixture = *state;
    struct view_options options = { .channel = -1 };
    fixture_select(fixture, FIXTURE_ZERO);
    assert_has(picture(fixture, &options), "no channel has a step and a spread");
    fixture_select(fixture, FIXTURE_MATRIX);
    struct report sampled = *session_report(fixture->session);
    sampled.normality = NULL;
    options.normal_only = true;
    cells_clear(fixture->cells);
    view_ratio.draw(&sampled, &options, fixture->cells, (struct rect){ 0, 0, 80, 24 });
    assert_has(fixture_frame(fixture), "still being found");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_share_beyond_two, setup, teardown),
        cmocka_unit_test_setup_teardown(test_limits_are_out_of_sight_at_many_bits, setup, teardown),
        cmocka_unit_test_setup_teardown(test_choices, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_bars, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
