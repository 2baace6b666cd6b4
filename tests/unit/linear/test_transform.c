/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "linear/hadamard.h"
#include "linear/transform.h"

static void test_names(void **state)
{
    (void)state;
    for (int i = 0; i < TRANSFORM_COUNT; i++) {
        enum transform parsed = TRANSFORM_COUNT;
        assert_true(transform_parse(transform_name((enum transform)i), &parsed, NULL));
        assert_int_equal(parsed, i);
    }
    assert_string_equal(transform_name(TRANSFORM_NONE), "none");
    assert_string_equal(transform_name(TRANSFORM_HADAMARD), "hadamard");
}

static void test_refusals(void **state)
{
    (void)state;
    static const char *const bad[] = { "", "None", "hadamard ", "hadamard:64", "cat" };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        enum transform transform = TRANSFORM_HADAMARD;
        struct error error = { ERROR_NONE, "" };
        assert_false(transform_parse(bad[i], &transform, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        assert_non_null(strstr(error.text, "none or hadamard"));
        assert_non_null(strstr(error.text, bad[i]));
        assert_int_equal(transform, TRANSFORM_HADAMARD);
    }
}

static void test_blocks(void **state)
{
    (void)state;
    static const uint64_t widths[] = { 0, 1, 7, 64, 11008, 65536, 131072, UINT64_MAX };
    for (size_t i = 0; i < sizeof widths / sizeof *widths; i++) {
        assert_int_equal(transform_block(TRANSFORM_NONE, widths[i]), 1);
        assert_int_equal(transform_block(TRANSFORM_HADAMARD, widths[i]), hadamard_block(widths[i]));
    }
}

static void check_print(enum transform transform, uint64_t width, const char *expected)
{
    struct text text = { NULL, 0, 0 };
    transform_print(&text, transform, width);
    assert_string_equal(text.data, expected);
    text_done(&text);
}

static void test_print(void **state)
{
    (void)state;
    check_print(TRANSFORM_NONE, 4096, "none");
    check_print(TRANSFORM_HADAMARD, 4096, "hadamard:4096");
    check_print(TRANSFORM_HADAMARD, 344, "hadamard:8");
    check_print(TRANSFORM_HADAMARD, 5, "hadamard:1");
    check_print(TRANSFORM_HADAMARD, 1 << 20, "hadamard:65536");
}

static void test_apply(void **state)
{
    (void)state;
    const double whole[8] = { 1, 2, 3, 4, 5, 6, 7, 8 };
    double x[8];
    memcpy(x, whole, sizeof x);
    transform_apply(TRANSFORM_NONE, x, 8, 1);
    assert_memory_equal(x, whole, sizeof x);

    const double halves[8] = { 5, -1, -2, 0, 13, -1, -2, 0 };
    transform_apply(TRANSFORM_HADAMARD, x, 8, 4);
    assert_memory_equal(x, halves, sizeof x);
    transform_apply(TRANSFORM_HADAMARD, x, 8, 4);
    assert_memory_equal(x, whole, sizeof x);
    transform_apply(TRANSFORM_HADAMARD, x, 8, 1);
    assert_memory_equal(x, whole, sizeof x);
    transform_apply(TRANSFORM_HADAMARD, x, 0, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),  cmocka_unit_test(test_refusals),
        cmocka_unit_test(test_blocks), cmocka_unit_test(test_print),
        cmocka_unit_test(test_apply),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
