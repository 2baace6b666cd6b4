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

static void assert_printed(const struct clip *clip, const char *wanted)
{
    struct text text = {0};
    clip_print(&text, clip);
    assert_string_equal(text.data, wanted);
    text_done(&text);
}

static void test_parse_and_print(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed;
        enum clip_rule rule;
        double parameter;
    } cases[] = {
        {"max", "max", CLIP_MAX, 0},
        {"sigma", "sigma:3", CLIP_SIGMA, 3},
        {"sigma:2.5", "sigma:2.5", CLIP_SIGMA, 2.5},
        {"sigma 2.50", "sigma:2.5", CLIP_SIGMA, 2.5},
        {"percentile", "percentile:99.9", CLIP_PERCENTILE, 99.9},
        {"percentile:100", "percentile:100", CLIP_PERCENTILE, 100},
        {"percentile:99.99", "percentile:99.99", CLIP_PERCENTILE, 99.99},
        {"aciq", "aciq", CLIP_ACIQ, 0},
        {"mse", "mse", CLIP_MSE, 0},
        {"lp", "lp:2.4", CLIP_LP, 2.4},
        {"lp 8", "lp:8", CLIP_LP, 8},
        {"value", "value:0.1", CLIP_VALUE, 0.1},
        {"value:0.0851563", "value:0.0851563", CLIP_VALUE, 0.0851563},
        {"value:1e-20", "value:1e-20", CLIP_VALUE, 1e-20},
        {"value:0.3333333333333333", "value:0.3333333333333333", CLIP_VALUE, 1.0 / 3},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct clip clip;
        struct error error = {0};
        assert_true(clip_parse(cases[i].text, &clip, &error));
        assert_int_equal(clip.rule, cases[i].rule);
        assert_true(clip.parameter == cases[i].parameter);
        assert_printed(&clip, cases[i].printed);
        struct clip again;
        assert_true(clip_parse(cases[i].printed, &again, NULL));
        assert_true(clip_equal(&clip, &again));
    }
}

static void test_refusals_say_what_is_allowed(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "max, sigma:3, percentile:99.9, aciq, mse, lp:2.4, value:0.1 or step:1"},
        {"maximum", "max, sigma:3"},
        {"Sigma:3", "\"Sigma\""},
        {"a\033[2Jb", "\\u{1B}"},
        {"max:3", "max takes no number"},
        {"sigma:", "from 0.01 to 1000"},
        {"sigma:0", "from 0.01 to 1000"},
        {"sigma:-1", "from 0.01 to 1000"},
        {"sigma:3x", "as in sigma:3"},
        {"sigma:nan", "sigma"},
        {"sigma:inf", "sigma"},
        {"sigma:0x3", "sigma"},
        {"sigma:3 4", "sigma"},
        {"percentile:100.1", "to 100"},
        {"percentile:0", "percentile"},
        {"aciq:4", "takes no number"},
        {"mse:2", "takes no number"},
        {"lp:0.9", "from 1 to 8"},
        {"lp:8.1", "from 1 to 8"},
        {"value:0", "value"},
        {"value:1e999", "to 1e+60"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct clip clip = {CLIP_VALUE, 7};
        struct error error = {0};
        assert_false(clip_parse(cases[i].text, &clip, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        if (!strstr(error.text, cases[i].said))
            fail_msg("\"%s\" for \"%s\"", error.text, cases[i].text);
        assert_true(clip.rule == CLIP_VALUE && clip.parameter == 7);
        assert_false(clip_parse(cases[i].text, &clip, NULL));
    }
}

static void step_and_print(const char *start, int direction, const char *wanted)
{
    struct clip clip;
    assert_true(clip_parse(start, &clip, NULL));
    clip_step(&clip, direction);
    assert_printed(&clip, wanted);
}

static void test_steps(void **state)
{
    (void)state;
    step_and_print("max", 1, "max");
    step_and_print("sigma:2.9", 1, "sigma:3");
    step_and_print("sigma:3", -1, "sigma:2.9");
    step_and_print("sigma:0.1", -1, "sigma:0.01");
    step_and_print("sigma:1000", 1, "sigma:1000");
    step_and_print("percentile:99.9", 1, "percentile:99.95");
    step_and_print("percentile:99.9", -1, "percentile:99.8");
    step_and_print("percentile:99.999", 1, "percentile:100");
    step_and_print("percentile:100", 1, "percentile:100");
    step_and_print("percentile:100", -1, "percentile:99.999");
    step_and_print("percentile:20", -1, "percentile:0.1");
    step_and_print("lp", 1, "lp:2.6");
    step_and_print("lp", -1, "lp:2.2");
    step_and_print("lp:7.9", 1, "lp:8");
    step_and_print("lp:1", -1, "lp:1");
    step_and_print("aciq", 1, "aciq");
    step_and_print("mse", -1, "mse");
    step_and_print("value:0.1", 1, "value:0.105");
    step_and_print("value:0.105", -1, "value:0.1");
    step_and_print("value:1e60", 1, "value:1e+60");
}

static void test_equal(void **state)
{
    (void)state;
    struct clip a = clip_default(CLIP_SIGMA), b = a;
    assert_true(clip_equal(&a, &b));
    b.parameter = 3.1;
    assert_false(clip_equal(&a, &b));
    b = (struct clip){CLIP_VALUE, 3};
    assert_false(clip_equal(&a, &b));
    a = b = clip_default(CLIP_MAX);
    b.parameter = 1;
    assert_true(clip_equal(&a, &b));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_and_print),
        cmocka_unit_test(test_refusals_say_what_is_allowed),
        cmocka_unit_test(test_steps),
        cmocka_unit_test(test_equal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
