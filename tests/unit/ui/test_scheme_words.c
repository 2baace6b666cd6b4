/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/scheme_words.h"

static void test_corrections(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool mean, norm;
    } corrections[] = {
        {"none", false, false},
        {"mean", true, false},
        {"norm", false, true},
        {"both", true, true},
    };
    for (size_t i = 0; i < sizeof corrections / sizeof *corrections; i++) {
        struct scheme scheme = scheme_default();
        scheme.correct_mean = scheme.correct_norm = i % 2 == 0; /* what was there goes */
        assert_true(scheme_words_parse_correction(corrections[i].name, &scheme, NULL));
        assert_int_equal(scheme.correct_mean, corrections[i].mean);
        assert_int_equal(scheme.correct_norm, corrections[i].norm);
        assert_string_equal(scheme_words_correction(&scheme), corrections[i].name);
    }
    struct scheme scheme = scheme_default();
    struct error error = {ERROR_NONE, ""};
    assert_false(scheme_words_parse_correction("all", &scheme, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_string_equal(error.text, "none, mean, norm or both is wanted");
    assert_string_equal(scheme_words_correction(&scheme), "none");
}

static void test_switches(void **state)
{
    (void)state;
    bool on = false;
    struct error error = {ERROR_NONE, ""};
    assert_true(scheme_words_parse_switch("on", &on, &error) && on);
    assert_true(scheme_words_parse_switch("off", &on, &error) && !on);
    assert_false(scheme_words_parse_switch("yes", &on, &error));
    assert_string_equal(error.text, "on or off is wanted");
}

static void test_symmetry(void **state)
{
    (void)state;
    struct scheme scheme = scheme_default();
    assert_string_equal(scheme_words_symmetry(&scheme, false), "symmetric");
    assert_string_equal(scheme_words_symmetry(&scheme, true), "sym");
    scheme.full_range = true;
    assert_string_equal(scheme_words_symmetry(&scheme, false), "full range");
    scheme.full_range = false;
    scheme.asymmetric = true;
    assert_string_equal(scheme_words_symmetry(&scheme, false), "asymmetric");
    assert_string_equal(scheme_words_symmetry(&scheme, true), "asym");
    scheme.levels = (struct levels){.kind = LEVELS_EMPIRICAL};
    assert_null(scheme_words_symmetry(&scheme, false));
}

/* Two levels at the mean |w|, and grids of a given step, are uniform ones only. */
static void test_grids_of_their_own_kind(void **state)
{
    (void)state;
    struct scheme scheme = scheme_default();
    assert_false(scheme_words_given_step(&scheme) || scheme_words_is_sign(&scheme));
    scheme.bits = 1;
    assert_true(scheme_words_is_sign(&scheme));
    scheme.clip = (struct clip){CLIP_STEP, 1};
    assert_true(scheme_words_given_step(&scheme));
    assert_false(scheme_words_is_sign(&scheme));
    scheme.levels = (struct levels){.kind = LEVELS_EMPIRICAL};
    assert_false(scheme_words_given_step(&scheme));
    scheme.clip = clip_default(CLIP_MAX);
    assert_false(scheme_words_is_sign(&scheme));
    scheme.levels.kind = LEVELS_UNIFORM;
    scheme.asymmetric = true;
    assert_false(scheme_words_is_sign(&scheme));
}

static void assert_granularity(const struct scheme *scheme, const char *words)
{
    struct text text = {0};
    scheme_words_granularity(&text, scheme);
    assert_string_equal(text.data, words);
    text_done(&text);
}

static void test_granularity(void **state)
{
    (void)state;
    struct scheme scheme = scheme_default();
    assert_granularity(&scheme, "per channel");
    scheme.granularity = GRANULARITY_TENSOR;
    assert_granularity(&scheme, "per tensor");
    scheme.granularity = (struct granularity){1, 64};
    assert_granularity(&scheme, "groups of 64");
    scheme.granularity = (struct granularity){128, 64};
    assert_granularity(&scheme, "blocks of 128x64");
    /* A format's own blocks hold, whatever was asked for. */
    scheme.levels = (struct levels){.kind = LEVELS_BLOCKS, .format = &block_format_nvfp4};
    assert_granularity(&scheme, "groups of 16");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_corrections),
        cmocka_unit_test(test_switches),
        cmocka_unit_test(test_symmetry),
        cmocka_unit_test(test_grids_of_their_own_kind),
        cmocka_unit_test(test_granularity),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
