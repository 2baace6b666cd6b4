/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "engine/synthetic_layer.h"

static void test_round_trip(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"none", "none"},
        {"4x8", "4x8:256"},
        {"1024x1024:1024", "1024x1024:1024"},
        {"96x64:512+slope:2.5", "96x64:512+slope:2.5"},
        {"96x64+outliers:2:30+mix:16+slope:-3", "96x64:256+slope:-3+mix:16+outliers:2:30"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct synthetic_layer layer = {.rows = 7}, again;
        struct text text = {0};
        assert_true(synthetic_layer_parse(cases[i][0], &layer, NULL));
        synthetic_layer_print(&layer, &text);
        assert_string_equal(text.data, cases[i][1]);
        assert_true(synthetic_layer_parse(text.data, &again, NULL));
        assert_true(synthetic_layer_equal(&layer, &again));
        assert_true(synthetic_layer_is(&layer) == (i > 0));
        text_done(&text);
    }
}

static void test_bad(void **state)
{
    (void)state;
    static const char *const bad[][2] = {
        {"", "is no layer: none, or ROWSxCOLUMNS"},
        {"4", "is no layer"},
        {"4x", "is no layer"},
        {"4x8:", "is no layer"},
        {"4x8 ", "is no layer"},
        {"-4x8", "is no layer"},
        {"4x8+", "is no layer"},
        {"4x8+slope", "is no layer"},
        {"4x8+slope:nan", "is no layer"},
        {"4x8+slope:1.2.3", "is no layer"},
        {"4x8+slope:1+slope:2", "is no layer"},
        {"4x8+outliers:2", "is no layer"},
        {"4x8+mix:0", "is no layer"},
        {"4x8+tilt:1", "is no layer"},
        {"0x8", "1 to 1024 rows"},
        {"4x1025", "1 to 1024 columns"},
        {"4x99999999999999999999", "columns"},
        {"4x8:0", "tokens"},
        {"4x8+slope:33", "at most 32 octaves"},
        {"4x8+mix:3", "8 columns cannot be mixed 3 at a time"},
        {"4x8+mix:16", "cannot be mixed"},
        {"4x8+outliers:9:2", "there are 8 columns"},
        {"4x8+outliers:1:-2", "times as large"},
        {"4x8+outliers:1:10000000", "times as large"},
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct synthetic_layer layer = {.rows = 7};
        struct error error = {0};
        if (synthetic_layer_parse(bad[i][0], &layer, &error))
            fail_msg("taken for good: %s", bad[i][0]);
        assert_int_equal(error.code, ERROR_USAGE);
        assert_int_equal(layer.rows, 7);
        if (!strstr(error.text, bad[i][1]))
            fail_msg("%s: %s", bad[i][0], error.text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_round_trip),
        cmocka_unit_test(test_bad),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
