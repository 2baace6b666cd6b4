/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/action.h"
#include "ui/keys.h"
#include "ui/scheme_settings.h"

static int setup(void **state)
{
    static struct fixture fixture;
    fixture_open(&fixture);
    fixture_select(&fixture, FIXTURE_MATRIX);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    return 0;
}

/* Settings are looked at, not reports: keys need no settling. */
static void press(struct fixture *fixture, const char *keys)
{
    for (; *keys; keys++)
        session_key(fixture->session, (unsigned char)*keys);
}

static void command(struct fixture *fixture, const char *line)
{
    press(fixture, line);
    session_key(fixture->session, KEY_ENTER_CODE);
}

static const struct scheme *scheme_of(const struct fixture *fixture)
{
    return &fixture->session->settings.scheme;
}

static void assert_levels(const struct fixture *fixture, const char *name, int bits)
{
    struct text text = {0};
    levels_print(&text, &scheme_of(fixture)->levels, scheme_of(fixture)->bits);
    assert_string_equal(text.data, name);
    assert_int_equal(scheme_of(fixture)->bits, bits);
    text_done(&text);
}

static void assert_granularity(const struct fixture *fixture, const char *name)
{
    struct text text = {0};
    granularity_print(&text, &scheme_of(fixture)->granularity);
    assert_string_equal(text.data, name);
    text_done(&text);
}

static void assert_says(const struct fixture *fixture, const char *message)
{
    assert_string_equal(fixture->session->message, message);
}

static void assert_shows(struct fixture *fixture, const char *part)
{
    fixture_settle(fixture);
    if (!strstr(fixture_frame(fixture), part))
        fail_msg("no \"%s\" in\n%s", part, fixture_frame(fixture));
}

/* All that exist, each with a width that it has, and back to the first. */
static void test_the_levels_go_round(void **state)
{
    struct fixture *fixture = *state;
    for (size_t i = 1; i < levels_choice_count; i++) {
        press(fixture, "s");
        assert_true(levels_equal(&scheme_of(fixture)->levels, &levels_choices[i]));
        assert_true(scheme_check(scheme_of(fixture), NULL));
        assert_says(fixture, "");
    }
    press(fixture, "s");
    assert_levels(fixture, "uniform", 4);
    press(fixture, "u");
    assert_levels(fixture, "q8_0", 8);
}

/* At 2 bits there is no apot; a width of the levels' own is not kept. */
static void test_widths_that_do_not_exist_are_passed_over(void **state)
{
    struct fixture *fixture = *state;
    press(fixture, "--sss");
    assert_levels(fixture, "nf:2", 2);
    press(fixture, "+s");
    assert_levels(fixture, "fp4-e2m1", 4);
    command(fixture, ":scheme q8_0");
    press(fixture, "s");
    assert_levels(fixture, "uniform", 3);
}

static void test_bits_within_what_the_levels_have(void **state)
{
    struct fixture *fixture = *state;
    command(fixture, ":scheme nf4");
    assert_levels(fixture, "nf:4", 4);
    press(fixture, "+");
    assert_levels(fixture, "nf:5", 5);
    command(fixture, ":scheme nf:8");
    press(fixture, "+");
    assert_says(fixture, "NF8 takes 2 to 8 bits");
    command(fixture, ":scheme mxfp4");
    press(fixture, "-");
    assert_says(fixture, "MXFP4 has 4 bits: s chooses other levels");
    command(fixture, ":bits 5");
    assert_says(fixture, "MXFP4 has 4 bits, not 5");
    command(fixture, ":bits 16");
    assert_levels(fixture, "mxfp4", 4);
    command(fixture, ":scheme uniform");
    assert_levels(fixture, "uniform", 8);
    command(fixture, ":scheme apot");
    assert_says(fixture, "apot takes 3 to 6 bits, not 8");
    assert_levels(fixture, "uniform", 8);
}

static void test_bad_names_are_refused(void **state)
{
    struct fixture *fixture = *state;
    command(fixture, ":scheme nf9");
    assert_non_null(strstr(fixture->session->message, "no levels are called \"nf9\""));
    command(fixture, ":granularity row");
    assert_non_null(strstr(fixture->session->message, "no granularity is called \"row\""));
    command(fixture, ":asymmetric perhaps");
    assert_says(fixture, "on or off is wanted");
    command(fixture, ":full-range");
    assert_says(fixture, "on or off is wanted");
    command(fixture, ":correct all");
    assert_says(fixture, "none, mean, norm or both is wanted");
    assert_int_equal(fixture->session->undo_count, 0);
}

static void test_granularity(void **state)
{
    struct fixture *fixture = *state;
    assert_granularity(fixture, "channel");
    press(fixture, "{");
    assert_says(fixture, "v chooses groups or blocks, which have a size");
    press(fixture, "v");
    assert_granularity(fixture, "group:128");
    assert_shows(fixture, "groups of 128");
    press(fixture, "}}}");
    assert_granularity(fixture, "group:1024");
    press(fixture, "}");
    assert_says(fixture, "by key groups go from 8 to 1024");
    press(fixture, "{{{{{{{");
    assert_granularity(fixture, "group:8");
    press(fixture, "{");
    assert_says(fixture, "by key groups go from 8 to 1024");
    command(fixture, ":granularity group 5");
    press(fixture, "}");
    assert_granularity(fixture, "group:10");
    press(fixture, "v");
    assert_granularity(fixture, "block:128x128");
    press(fixture, "}}}");
    assert_granularity(fixture, "block:512x512");
    assert_says(fixture, "by key sides of blocks go from 16 to 512");
    press(fixture, "v");
    assert_granularity(fixture, "tensor");
    assert_shows(fixture, "per tensor");
    press(fixture, "v");
    assert_granularity(fixture, "channel");
}

/* By key into the range from outside of it. */
static void test_sizes_out_of_range(void **state)
{
    struct fixture *fixture = *state;
    command(fixture, ":granularity group:100000");
    press(fixture, "}");
    assert_granularity(fixture, "group:100000");
    press(fixture, "{");
    assert_granularity(fixture, "group:1024");
    command(fixture, ":granularity group:1");
    press(fixture, "}");
    assert_granularity(fixture, "group:8");
    command(fixture, ":granularity block:20x64");
    press(fixture, "}");
    assert_granularity(fixture, "block:128x128");
}

static void test_formats_have_blocks_of_their_own(void **state)
{
    struct fixture *fixture = *state;
    command(fixture, ":granularity group:64");
    command(fixture, ":scheme q4_0");
    assert_shows(fixture, "groups of 32");
    press(fixture, "v");
    assert_says(fixture, "Q4_0 has blocks of its own");
    press(fixture, "}");
    assert_says(fixture, "Q4_0 has blocks of its own");
    press(fixture, "c");
    assert_says(fixture, "Q4_0 takes no clip rule: its blocks have scales of their own");
    press(fixture, "]");
    assert_says(fixture, "Q4_0 takes no clip rule: its blocks have scales of their own");
    press(fixture, "u");
    assert_granularity(fixture, "group:64");
}

static void test_symmetry_goes_round(void **state)
{
    struct fixture *fixture = *state;
    press(fixture, "a");
    assert_true(scheme_of(fixture)->asymmetric && !scheme_of(fixture)->full_range);
    assert_shows(fixture, "  asym  ");
    press(fixture, "a");
    assert_true(!scheme_of(fixture)->asymmetric && scheme_of(fixture)->full_range);
    assert_shows(fixture, "  full range  ");
    press(fixture, "a");
    assert_true(!scheme_of(fixture)->asymmetric && !scheme_of(fixture)->full_range);
    command(fixture, ":asymmetric on");
    command(fixture, ":full-range on");
    assert_true(!scheme_of(fixture)->asymmetric && scheme_of(fixture)->full_range);
    command(fixture, ":asymmetric on");
    assert_true(scheme_of(fixture)->asymmetric && !scheme_of(fixture)->full_range);
    command(fixture, ":asymmetric off");
    assert_true(!scheme_of(fixture)->asymmetric && !scheme_of(fixture)->full_range);
}

/* Other levels than uniform ones are as they are: an asymmetry is given up for them. */
static void test_only_uniform_levels_move(void **state)
{
    struct fixture *fixture = *state;
    press(fixture, "as");
    assert_levels(fixture, "lloyd-max", 4);
    assert_false(scheme_of(fixture)->asymmetric);
    press(fixture, "a");
    assert_says(fixture, "Lloyd-Max has levels that are as they are: only uniform ones are moved");
    command(fixture, ":asymmetric on");
    assert_says(fixture, "only uniform levels can be asymmetric");
    press(fixture, "c");
    assert_says(fixture, "Lloyd-Max takes no clip rule: its levels lie where the weights are");
    press(fixture, "u");
    assert_true(scheme_of(fixture)->asymmetric);
}

/* The clip rule waits for levels that take one. */
static void test_the_clip_rule_is_kept(void **state)
{
    struct fixture *fixture = *state;
    press(fixture, "c");
    assert_int_equal(scheme_of(fixture)->clip.rule, CLIP_SIGMA);
    press(fixture, "s");
    fixture_settle(fixture);
    assert_null(strstr(fixture_frame(fixture), "clip sigma"));
    command(fixture, ":scheme nf4");
    assert_shows(fixture, "clip sigma:3");
    press(fixture, "]");
    assert_true(scheme_of(fixture)->clip.parameter > 3);
}

static void test_correction(void **state)
{
    struct fixture *fixture = *state;
    press(fixture, "B");
    assert_true(scheme_of(fixture)->correct_mean && !scheme_of(fixture)->correct_norm);
    assert_shows(fixture, "correct mean");
    press(fixture, "B");
    assert_true(scheme_of(fixture)->correct_mean && scheme_of(fixture)->correct_norm);
    press(fixture, "B");
    assert_true(!scheme_of(fixture)->correct_mean && !scheme_of(fixture)->correct_norm);
    command(fixture, ":correct norm");
    assert_true(!scheme_of(fixture)->correct_mean && scheme_of(fixture)->correct_norm);
    press(fixture, "B");
    assert_true(scheme_of(fixture)->correct_mean && scheme_of(fixture)->correct_norm);
}

/* 64 weights a channel: 16 bits for a scale are 0.25 each, a zero point of 4 bits 0.0625, a group
 * of 8 has 2 bits. */
static void test_bits_per_weight_are_shown(void **state)
{
    struct fixture *fixture = *state;
    assert_shows(fixture, "  4.25 bpw  ");
    press(fixture, "a");
    assert_shows(fixture, "  4.312 bpw  ");
    press(fixture, "u");
    command(fixture, ":granularity group:8");
    assert_shows(fixture, "  6 bpw  ");
    command(fixture, ":scheme mxfp4");
    assert_shows(fixture, "  4.25 bits/weight  ");
}

/* A grid of a given step is the lab's alone, and a uniform one. */
static void test_the_lab(void **state)
{
    struct fixture *fixture = *state;
    press(fixture, "as");
    session_key(fixture->session, KEY_FUNCTION + 6);
    assert_levels(fixture, "uniform", 4);
    assert_true(scheme_check(scheme_of(fixture), NULL));
    press(fixture, "+");
    assert_says(fixture, "a grid without ends has no bits: c chooses a clip rule");
    press(fixture, "a");
    assert_says(fixture, "a grid of a given step has no ends to be asymmetric or full");
    command(fixture, ":scheme nf4");
    assert_int_equal(scheme_of(fixture)->clip.rule, CLIP_MAX);
    press(fixture, "cccc");
    assert_int_equal(scheme_of(fixture)->clip.rule, CLIP_SIGMA); /* never a step */
    command(fixture, ":scheme lloyd-max");
    press(fixture, "c");
    assert_says(fixture, "Lloyd-Max takes no clip rule: its levels lie where the weights are");
    press(fixture, "v");
    assert_granularity(fixture, "group:128");
    press(fixture, "v");
    assert_granularity(fixture, "channel");
    session_key(fixture->session, KEY_FUNCTION + 6);
    assert_levels(fixture, "lloyd-max", 4);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(test_the_levels_go_round),
        TEST(test_widths_that_do_not_exist_are_passed_over),
        TEST(test_bits_within_what_the_levels_have),
        TEST(test_bad_names_are_refused),
        TEST(test_granularity),
        TEST(test_sizes_out_of_range),
        TEST(test_formats_have_blocks_of_their_own),
        TEST(test_symmetry_goes_round),
        TEST(test_only_uniform_levels_move),
        TEST(test_the_clip_rule_is_kept),
        TEST(test_correction),
        TEST(test_bits_per_weight_are_shown),
        TEST(test_the_lab),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
