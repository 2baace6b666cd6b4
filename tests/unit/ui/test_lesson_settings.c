/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/lesson_settings.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

static void test_defaults(void **state)
{
    (void)state;
    struct lesson_settings settings = lesson_settings_default();
    assert_ptr_equal(settings.source.type, &source_gaussian);
    assert_true(settings.source.mean == 0 && settings.source.std == 1);
    assert_int_equal(settings.n, 100000);
    assert_int_equal(settings.seed, 1);
    assert_true(settings.ratio == 1 && settings.phase == 0);
    assert_int_equal(settings.scheme.bits, 4);
    assert_int_equal(settings.scheme.clip.rule, CLIP_STEP);
    assert_true(settings.scheme.clip.parameter == 1);
    assert_int_equal(settings.belief, BELIEF_LAW);
    assert_string_equal(settings.view, "error");
    assert_false(settings.log);
}

static void test_all(void **state)
{
    (void)state;
    struct lesson_settings settings = lesson_settings_default();
    struct error error = { ERROR_NONE, "" };
    if (!lesson_settings_parse(&settings,
                               " source mixture:0.01:10;n 1000;  seed 7 ; ratio 2.5; phase -0.25; "
                               "bits 3; clip sigma:2.5; belief auto; view qq; log on", &error))
        fail_msg("%s", error.text);
    assert_ptr_equal(settings.source.type, &source_mixture);
    assert_true(settings.source.shape[0] == 0.01 && settings.source.shape[1] == 10);
    assert_true(settings.source.mean == 0 && settings.source.std == 1);
    assert_int_equal(settings.n, 1000);
    assert_int_equal(settings.seed, 7);
    assert_true(settings.ratio == 2.5 && settings.phase == -0.25);
    assert_int_equal(settings.scheme.bits, 3);
    assert_int_equal(settings.scheme.clip.rule, CLIP_SIGMA);
    assert_true(settings.scheme.clip.parameter == 2.5);
    assert_int_equal(settings.belief, BELIEF_FAMILY);
    assert_string_equal(settings.view, "qq");
    assert_true(settings.log);
}

/* The step is the ratio, whichever is set first. */
static void test_step(void **state)
{
    (void)state;
    struct lesson_settings settings = lesson_settings_default();
    assert_true(lesson_settings_parse(&settings, "clip max; ratio 3", NULL));
    assert_true(settings.scheme.clip.rule == CLIP_MAX && settings.scheme.clip.parameter == 0);
    assert_true(lesson_settings_parse(&settings, "clip step", NULL));
    assert_true(settings.scheme.clip.rule == CLIP_STEP && settings.scheme.clip.parameter == 3);
    assert_true(lesson_settings_parse(&settings, "ratio 4", NULL));
    assert_true(settings.scheme.clip.parameter == 4);
}

static void test_quantizers(void **state)
{
    (void)state;
    struct lesson_settings settings = lesson_settings_default();
    const struct scheme *scheme = &settings.scheme;
    assert_int_equal(scheme->levels.kind, LEVELS_UNIFORM);
    assert_true(granularity_equal(&scheme->granularity, &GRANULARITY_CHANNEL));
    assert_true(lesson_settings_parse(
        &settings, "clip max; scheme nf:3; granularity group:64; correct both", NULL));
    assert_ptr_equal(scheme->levels.codebook, &codebook_nf);
    assert_int_equal(scheme->bits, 3);
    assert_true(granularity_equal(&scheme->granularity, &(struct granularity){ 1, 64 }));
    assert_true(scheme->correct_mean && scheme->correct_norm);
    assert_true(lesson_settings_parse(
        &settings, "scheme uniform; granularity channel; correct none; asymmetric on", NULL));
    assert_true(scheme->asymmetric && !scheme->correct_mean && scheme->bits == 3);
    assert_true(lesson_settings_parse(&settings, "asymmetric off; full-range on", NULL));
    assert_true(scheme->full_range && !scheme->asymmetric);
    /* Levels that follow the sample have no step that could be given: the clip says nothing. */
    settings = lesson_settings_default();
    assert_true(lesson_settings_parse(&settings, "scheme lloyd-max:laplace", NULL));
    assert_int_equal(scheme->levels.family, LEVELS_FAMILY_LAPLACE);
}

static void test_layers(void **state)
{
    (void)state;
    struct lesson_settings settings = lesson_settings_default();
    assert_false(synthetic_layer_is(&settings.layer));
    assert_int_equal(settings.inputs.bits, 0);
    assert_int_equal(settings.transform.count, 0);
    assert_true(lesson_settings_parse(&settings,
                                      "layer 96x64:512+slope:3; transform align:1^-2; "
                                      "activation-bits 4; clip max; view sqnr",
                                      NULL));
    assert_int_equal(settings.layer.columns, 64);
    assert_true(settings.transform.part[0].strength == -2);
    assert_int_equal(settings.inputs.bits, 4);
    assert_true(
        lesson_settings_parse(&settings, "layer none; transform none; activation-bits none", NULL));
    assert_false(synthetic_layer_is(&settings.layer));
    assert_true(settings.inputs.bits == 0 && settings.transform.count == 0);
}

static void test_bad(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        { "", "KEY VALUE" },
        { "ratio", "KEY VALUE" },
        { "ratio 1 2", "KEY VALUE" },
        { "ratio 1;", "KEY VALUE" },
        { "step 1", "no setting \"step\"" },
        { "ratio 0", "ratio: a number from 0.001 to 1000" },
        { "ratio 1001", "ratio: " },
        { "ratio nan", "ratio: " },
        { "ratio 0x1", "ratio: " },
        { "ratio 1e999", "ratio: " },
        { "phase 11", "phase: " },
        { "phase -10.5", "phase: " },
        { "n 99", "n: a whole number from 100 to 10000000" },
        { "n 1000.5", "n: " },
        { "n 10000001", "n: " },
        { "seed 0", "seed: " },
        { "seed 4294967296", "seed: " },
        { "bits 0", "bits: " },
        { "bits 17", "bits: " },
        { "scheme nf9", "scheme: no levels are called" },
        { "scheme nf4", "only uniform levels have a step" },
        { "clip max; scheme nf4; asymmetric on", "only uniform levels can be asymmetric" },
        { "clip max; scheme apot; bits 8", "apot takes 3 to 6 bits, not 8" },
        { "asymmetric on", "a grid of a given step" },
        { "granularity row", "granularity: " },
        { "asymmetric yes", "asymmetric: on or off" },
        { "full-range 1", "full-range: on or off" },
        { "correct all", "correct: " },
        { "clip step:2", "clip: " },
        { "clip wide", "clip: " },
        { "clip sigma:x", "clip: " },
        { "source cauchy", "source: " },
        { "source t:2", "source: " },
        { "source empirical", "source: " },
        { "belief none", "belief: " },
        { "view tree", "view: " },
        { "log yes", "log: " },
        { "layer 4", "layer: \"4\" is no layer" },
        { "layer 4x6+mix:4", "layer: 6 columns cannot be mixed" },
        { "transform rotate", "transform: " },
        { "activation-bits 1", "activation-bits: a whole number from 2 to 16" },
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct lesson_settings settings = lesson_settings_default();
        struct error error = { ERROR_NONE, "" };
        if (lesson_settings_parse(&settings, bad[i][0], &error))
            fail_msg("taken for good: %s", bad[i][0]);
        assert_int_equal(error.code, ERROR_FILE);
        if (!strstr(error.text, bad[i][1]))
            fail_msg("\"%s\" is not \"%s\"", error.text, bad[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_step),
        cmocka_unit_test(test_quantizers),
        cmocka_unit_test(test_layers),
        cmocka_unit_test(test_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
