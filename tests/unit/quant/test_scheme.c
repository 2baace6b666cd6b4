/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "quant/scheme.h"

static void test_defaults(void **state)
{
    (void)state;
    const struct scheme scheme = scheme_default();
    assert_int_equal(scheme.bits, 4);
    assert_int_equal(scheme.clip.rule, CLIP_MAX);
    assert_int_equal(scheme.levels.kind, LEVELS_UNIFORM);
    assert_true(granularity_equal(&scheme.granularity, &GRANULARITY_CHANNEL));
    assert_false(scheme.asymmetric || scheme.full_range || scheme.correct_mean ||
                 scheme.correct_norm);
    assert_true(scheme_check(&scheme, NULL));
}

static struct scheme scheme_of(const char *levels, int bits)
{
    struct scheme scheme = scheme_default();
    scheme.bits = bits;
    assert_true(levels_parse(levels, &scheme.levels, &scheme.bits, NULL));
    return scheme;
}

static void test_kinds_of_rules(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        bool endless, searches, has_parameter;
    } cases[] = {
        {"max", true, false, false},  {"sigma", false, false, true},
        {"aciq", false, true, false}, {"percentile", false, true, true},
        {"mse", false, true, false},  {"lp", false, true, true},
        {"step", true, false, true},  {"value", false, false, true},
    };
    assert_int_equal(sizeof cases / sizeof cases[0], CLIP_RULES);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct scheme scheme = {.bits = 2};
        assert_true(clip_parse(cases[i].text, &scheme.clip, NULL));
        assert_string_equal(clip_name(scheme.clip.rule), cases[i].text);
        assert_int_equal(scheme_endless(&scheme), cases[i].endless);
        assert_int_equal(scheme_searches(&scheme), cases[i].searches);
        assert_int_equal(clip_has_parameter(scheme.clip.rule), cases[i].has_parameter);
        scheme.bits = 1; /* two levels, whatever the rule */
        assert_false(scheme_searches(&scheme));
        assert_int_equal(scheme_endless(&scheme), scheme.clip.rule == CLIP_STEP);
    }
}

/* Levels that follow a density or a block's format take no clip: nothing is searched. */
static void test_kinds_of_levels(void **state)
{
    (void)state;
    static const struct {
        const char *levels;
        bool searches;
    } cases[] = {{"nf4", true},
                 {"apot", true},
                 {"fp8-e5m2", true},
                 {"lloyd-max", false},
                 {"lloyd-max:empirical", false},
                 {"mxfp4", false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scheme scheme = scheme_of(cases[i].levels, 4);
        assert_false(scheme_endless(&scheme) || scheme_searches(&scheme));
        scheme.clip = clip_default(CLIP_MSE);
        assert_int_equal(scheme_searches(&scheme), cases[i].searches);
    }
    struct scheme scheme = {.bits = 1, .asymmetric = true};
    assert_true(scheme_endless(&scheme));
    scheme.clip.rule = CLIP_ACIQ;
    assert_true(scheme_searches(&scheme));
}

static void test_what_goes_together(void **state)
{
    (void)state;
    static const struct {
        const char *levels, *clip;
        int bits;
        bool asymmetric, full_range;
        const char *said; /* NULL: all is well */
    } cases[] = {
        {"uniform", "max", 1, false, false, NULL},
        {"uniform", "mse", 16, true, false, NULL},
        {"uniform", "lp", 8, false, true, NULL},
        {"uniform", "step", 4, false, false, NULL},
        {"lloyd-max", "mse", 8, false, false, NULL},
        {"q4_0", "step", 4, false, false, NULL},
        {"uniform", "max", 0, false, false, "uniform takes 1 to 16 bits, not 0"},
        {"uniform", "max", 17, false, false, "not 17"},
        {"nf", "max", 9, false, false, "nf takes 2 to 8 bits, not 9"},
        {"lloyd-max:empirical", "max", 9, false, false, "takes 1 to 8 bits, not 9"},
        {"nf", "max", 4, true, false, "asymmetric"},
        {"lloyd-max", "max", 4, false, true, "full range"},
        {"uniform", "max", 4, true, true, "symmetric"},
        {"uniform", "step", 4, true, false, "no ends"},
        {"uniform", "step", 4, false, true, "no ends"},
        {"nf", "step", 4, false, false, "step"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scheme scheme = scheme_of(cases[i].levels, cases[i].bits);
        struct error error = {0};
        scheme.asymmetric = cases[i].asymmetric;
        scheme.full_range = cases[i].full_range;
        assert_true(clip_parse(cases[i].clip, &scheme.clip, NULL));
        assert_int_equal(scheme_check(&scheme, &error), cases[i].said == NULL);
        if (cases[i].said && (error.code != ERROR_USAGE || !strstr(error.text, cases[i].said)))
            fail_msg("\"%s\" for %s", error.text, cases[i].levels);
    }
    struct scheme scheme = scheme_of("mxfp8", 8);
    scheme.bits = 4;
    struct error error = {0};
    assert_false(scheme_check(&scheme, &error));
    assert_string_equal(error.text, "MXFP8 has 8 bits, not 4");
}

static void test_equality_sees_every_setting(void **state)
{
    (void)state;
    const struct scheme usual = scheme_default();
    struct scheme other[8];
    for (size_t i = 0; i < 8; i++)
        other[i] = usual;
    assert_true(scheme_equal(&usual, &other[0]));
    other[0].bits = 3;
    other[1].clip.rule = CLIP_MSE;
    other[2] = scheme_of("nf4", 4);
    other[3].granularity.columns = 64;
    other[4].asymmetric = true;
    other[5].full_range = true;
    other[6].correct_mean = true;
    other[7].correct_norm = true;
    for (size_t i = 0; i < 8; i++)
        assert_false(scheme_equal(&usual, &other[i]));
}

static void assert_close(double found, double wanted)
{
    if (!(fabs(found - wanted) <= 1e-12 * wanted))
        fail_msg("%.17g, not %.17g", found, wanted);
}

static void test_bits_per_weight(void **state)
{
    (void)state;
    struct scheme scheme = scheme_default();
    assert_close(scheme_bits_per_weight(&scheme, 64, 4096), 4 + 16.0 / 4096);
    scheme.granularity = (struct granularity){1, 128};
    assert_close(scheme_bits_per_weight(&scheme, 64, 4096), 4 + 16.0 / 128);
    scheme.asymmetric = true;
    assert_close(scheme_bits_per_weight(&scheme, 64, 4096), 4 + 20.0 / 128);
    /* A last shorter group has a scale of its own, too. */
    assert_close(scheme_bits_per_weight(&scheme, 3, 130), 4 + 2 * 20.0 / 130);
    scheme.correct_mean = scheme.correct_norm = true;
    assert_close(scheme_bits_per_weight(&scheme, 64, 4096), 4 + 20.0 / 128 + 32.0 / 4096);
    scheme = scheme_of("lloyd-max", 3);
    scheme.granularity = GRANULARITY_TENSOR;
    assert_close(scheme_bits_per_weight(&scheme, 10, 10), 3.32);
    scheme = scheme_of("lloyd-max:empirical", 3);
    assert_close(scheme_bits_per_weight(&scheme, 10, 1000), 3 + 8 * 16 / 1000.0);
    scheme = scheme_of("nf4", 4);
    scheme.granularity = (struct granularity){1, 64};
    assert_close(scheme_bits_per_weight(&scheme, 10, 64), 4.25);
    for (size_t i = 0; i < block_format_count; i++) {
        scheme = scheme_of(block_formats[i]->name, 4);
        assert_close(scheme_bits_per_weight(&scheme, 7, 64), block_formats[i]->bits_per_weight);
        assert_true(scheme_granularity(&scheme).rows == 1 &&
                    scheme_granularity(&scheme).columns == block_formats[i]->block);
    }
    assert_true(isnan(scheme_bits_per_weight(&scheme, 0, 5)));
}

static void test_print(void **state)
{
    (void)state;
    static const struct {
        const char *levels, *granularity, *clip;
        int bits, settings; /* 1 asymmetric, 2 full range, 4 mean, 8 norm */
        const char *wanted;
    } cases[] = {
        {"uniform", "group:64", "mse", 4, 1, "4-bit uniform, group:64, asymmetric, clip mse"},
        {"uniform", "channel", "max", 8, 2, "8-bit uniform, channel, full range, clip max"},
        {"uniform", "tensor", "step:0.5", 8, 0, "uniform, tensor, clip step:0.5"},
        {"nf", "group", "max", 4, 0, "NF4, group:128, clip max"},
        {"apot", "channel", "max", 5, 4, "5-bit APoT, channel, clip max, mean corrected"},
        {"lloyd-max:laplace", "channel", "max", 3, 12,
         "3-bit Lloyd-Max (Laplace), channel, mean and norm corrected"},
        {"lloyd-max:empirical", "block", "max", 2, 8,
         "2-bit Lloyd-Max (empirical), block:128x128, norm corrected"},
        {"mxfp4", "group", "max", 4, 0, "MXFP4"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct scheme scheme = scheme_of(cases[i].levels, cases[i].bits);
        struct text text = {0};
        assert_true(granularity_parse(cases[i].granularity, &scheme.granularity, NULL));
        assert_true(clip_parse(cases[i].clip, &scheme.clip, NULL));
        scheme.asymmetric = cases[i].settings & 1;
        scheme.full_range = cases[i].settings & 2;
        scheme.correct_mean = cases[i].settings & 4;
        scheme.correct_norm = cases[i].settings & 8;
        scheme_print(&text, &scheme);
        assert_string_equal(text.data, cases[i].wanted);
        text_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_defaults),
        cmocka_unit_test(test_kinds_of_rules),
        cmocka_unit_test(test_kinds_of_levels),
        cmocka_unit_test(test_what_goes_together),
        cmocka_unit_test(test_equality_sees_every_setting),
        cmocka_unit_test(test_bits_per_weight),
        cmocka_unit_test(test_print),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
