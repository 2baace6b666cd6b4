/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "quant/levels.h"

static void test_parse_print_and_title(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed, *title;
        int bits; /* 0: the text says nothing of them */
        bool clip, title_has_bits;
    } cases[] = {
        {"uniform", "uniform", "uniform", 0, true, false},
        {"lloyd-max", "lloyd-max", "Lloyd-Max", 0, false, false},
        {"lloyd-max:gaussian", "lloyd-max:gaussian", "Lloyd-Max (Gaussian)", 0, false, false},
        {"lloyd-max:laplace", "lloyd-max:laplace", "Lloyd-Max (Laplace)", 0, false, false},
        {"lloyd-max:unit", "lloyd-max:unit", "Lloyd-Max (each unit's family)", 0, false, false},
        {"lloyd-max:3", "lloyd-max", "Lloyd-Max", 3, false, false},
        {"lloyd-max:empirical", "lloyd-max:empirical", "Lloyd-Max (empirical)", 0, false, false},
        {"apot", "apot", "APoT", 0, true, false},
        {"apot:6", "apot", "APoT", 6, true, false},
        {"nf", "nf:5", "NF5", 0, true, true},
        {"nf4", "nf:4", "NF4", 4, true, true},
        {"nf:3", "nf:3", "NF3", 3, true, true},
        {"fp8-e4m3", "fp8-e4m3", "FP8 E4M3", 8, true, true},
        {"mxfp6", "mxfp6", "MXFP6", 6, false, true},
        {"q5_1", "q5_1", "Q5_1", 5, false, true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct levels levels = {.kind = LEVELS_BLOCKS}, again;
        struct text text = {0}, title = {0};
        int bits = 5, least, most;
        assert_true(levels_parse(cases[i].text, &levels, &bits, NULL));
        assert_int_equal(bits, cases[i].bits ? cases[i].bits : 5);
        levels_print(&text, &levels, bits);
        assert_string_equal(text.data, cases[i].printed);
        levels_title(&title, &levels, bits);
        assert_string_equal(title.data, cases[i].title);
        assert_true(levels_parse(text.data, &again, &bits, NULL));
        assert_true(levels_equal(&levels, &again));
        assert_int_equal(levels_take_clip(&levels), cases[i].clip);
        assert_int_equal(levels_title_has_bits(&levels), cases[i].title_has_bits);
        levels_bits(&levels, &least, &most);
        assert_true(least >= 1 && least <= bits && bits <= most);
        text_done(&text);
        text_done(&title);
    }
}

static void test_refusals(void **state)
{
    (void)state;
    static const struct {
        const char *text, *said;
    } cases[] = {
        {"", "uniform, lloyd-max, lloyd-max:empirical, apot, nf,"},
        {"Uniform", "q5_1 and q8_0"},
        {"uniform:4", "\"uniform:4\""},
        {"lloyd", "\"lloyd\""},
        {"mxfp4:4", "\"mxfp4:4\""},
        {"lloyd-max:", "lloyd-max takes 1 to 8 bits"},
        {"lloyd-max:normal", "unit, gaussian, laplace and empirical"},
        {"lloyd-max:9", "1 to 8"},
        {"nf:laplace", "the levels of nf follow no density"},
        {"fp8-e4m3:unit", "the levels of fp8-e4m3 follow no density"},
        {"apot:2", "3 to 6"},
        {"a\033[2Jb", "\\u{1B}"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct levels levels = {.kind = LEVELS_EMPIRICAL};
        struct error error = {0};
        int bits = 4;
        if (levels_parse(cases[i].text, &levels, &bits, &error))
            fail_msg("\"%s\" is taken", cases[i].text);
        assert_int_equal(error.code, ERROR_USAGE);
        if (!strstr(error.text, cases[i].said))
            fail_msg("\"%s\" for \"%s\"", error.text, cases[i].text);
        assert_true(levels.kind == LEVELS_EMPIRICAL && bits == 4);
    }
}

/* Every codebook and every format is among the choices, once, and goes by its name. */
static void test_choices(void **state)
{
    (void)state;
    assert_int_equal(levels_choice_count, 2 + codebook_type_count + block_format_count);
    for (size_t i = 0; i < levels_choice_count; i++) {
        struct levels again;
        struct text text = {0};
        int bits = 4;
        levels_print(&text, &levels_choices[i], bits);
        assert_true(levels_parse(text.data, &again, &bits, NULL));
        assert_true(levels_equal(&levels_choices[i], &again));
        for (size_t k = 0; k < i; k++)
            assert_false(levels_equal(&levels_choices[i], &levels_choices[k]));
        text_done(&text);
    }
}

static void test_equality(void **state)
{
    (void)state;
    const struct levels lloyd = {.kind = LEVELS_CODEBOOK, .codebook = &codebook_lloyd_max},
                        laplace = {.kind = LEVELS_CODEBOOK,
                                   .codebook = &codebook_lloyd_max,
                                   .family = LEVELS_FAMILY_LAPLACE},
                        nf = {.kind = LEVELS_CODEBOOK, .codebook = &codebook_nf},
                        nf_laplace = {.kind = LEVELS_CODEBOOK,
                                      .codebook = &codebook_nf,
                                      .family = LEVELS_FAMILY_LAPLACE},
                        q4_0 = {.kind = LEVELS_BLOCKS, .format = &block_format_q4_0},
                        q4_1 = {.kind = LEVELS_BLOCKS, .format = &block_format_q4_1};
    assert_false(levels_equal(&lloyd, &laplace));
    assert_false(levels_equal(&lloyd, &nf));
    assert_true(levels_equal(&nf, &nf_laplace)); /* which it does not look at */
    assert_false(levels_equal(&q4_0, &q4_1));
    assert_false(levels_equal(&q4_0, &nf));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_print_and_title),
        cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_choices),
        cmocka_unit_test(test_equality),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
