/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "quant/granularity.h"

static void test_parse_and_print(void **state)
{
    (void)state;
    static const struct {
        const char *text, *printed;
        struct granularity wanted;
    } cases[] = {
        {"tensor", "tensor", {0, 0}},
        {"channel", "channel", {1, 0}},
        {"group", "group:128", {1, 128}},
        {"group:64", "group:64", {1, 64}},
        {"group 1", "group:1", {1, 1}},
        {"block", "block:128x128", {128, 128}},
        {"block:16x1", "block:16x1", {16, 1}},
        {"block 3x1000000000", "block:3x1000000000", {3, 1000000000}},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct granularity granularity = {7, 7}, again;
        struct text text = {0};
        assert_true(granularity_parse(cases[i].text, &granularity, NULL));
        assert_true(granularity_equal(&granularity, &cases[i].wanted));
        granularity_print(&text, &granularity);
        assert_string_equal(text.data, cases[i].printed);
        assert_true(granularity_parse(text.data, &again, NULL));
        assert_true(granularity_equal(&granularity, &again));
        text_done(&text);
    }
}

static void test_refusals_say_what_there_is(void **state)
{
    (void)state;
    static const char *const texts[] = {"",
                                        "row",
                                        "Tensor",
                                        "tensor:1",
                                        "channel:",
                                        "group:",
                                        "group:0",
                                        "group:-1",
                                        "group:64x",
                                        "group:1000000001",
                                        "group:1e3",
                                        "block:128",
                                        "block:0x4",
                                        "block:4x",
                                        "block:4x4x4",
                                        "block:4X4",
                                        "group:64 ",
                                        "group:12345678901",
                                        "groups:64",
                                        "a\033[2Jb"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct granularity granularity = {7, 9};
        struct error error = {0};
        if (granularity_parse(texts[i], &granularity, &error))
            fail_msg("\"%s\" is taken", texts[i]);
        assert_int_equal(error.code, ERROR_USAGE);
        assert_non_null(strstr(error.text, "tensor, channel, group:128 and block:128x128"));
        assert_null(strchr(error.text, '\033'));
        assert_true(granularity.rows == 7 && granularity.columns == 9);
    }
}

static void test_units(void **state)
{
    (void)state;
    static const struct {
        struct granularity granularity;
        uint64_t rows, columns, units, elements;
    } cases[] = {
        {{0, 0}, 5, 7, 1, 35},     {{1, 0}, 5, 7, 5, 7},
        {{1, 3}, 5, 7, 15, 3},     {{1, 7}, 5, 7, 5, 7},
        {{1, 64}, 5, 7, 5, 7},     {{2, 4}, 5, 7, 6, 8},
        {{128, 128}, 5, 7, 1, 35}, {{1, 32}, 4096, 11008, 1409024, 32},
        {{0, 0}, 0, 7, 0, 0},      {{1, 64}, 5, 0, 0, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(granularity_units(&cases[i].granularity, cases[i].rows, cases[i].columns) ==
                    cases[i].units);
        assert_true(granularity_elements(&cases[i].granularity, cases[i].rows, cases[i].columns) ==
                    cases[i].elements);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_parse_and_print),
        cmocka_unit_test(test_refusals_say_what_there_is),
        cmocka_unit_test(test_units),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
