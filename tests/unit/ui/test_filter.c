/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/filter.h"

static bool passes(const char *text, const char *label, double kurtosis)
{
    double value[COLUMN_COUNT];
    for (int i = 0; i < COLUMN_COUNT; i++)
        value[i] = NAN;
    value[COLUMN_SIZE] = 64;
    value[COLUMN_KURTOSIS] = kurtosis;
    struct error error;
    struct filter *filter = filter_parse(text, &error);
    if (!filter)
        fail_msg("%s: %s", text, error.text);
    assert_string_equal(filter_text(filter), text);
    bool result = filter_passes(filter, label, value);
    filter_free(filter);
    return result;
}

static void test_a_part_of_the_name(void **state)
{
    (void)state;
    assert_true(passes("mlp", "layers.0.MLP.up", 0));
    assert_false(passes("MLP", "layers.0.mlp.up", 0)); /* a capital is meant */
    assert_false(passes("attn", "layers.0.mlp.up", 0));
}

static void test_conditions(void **state)
{
    (void)state;
    assert_true(passes("kurt>5", "a", 5.1));
    assert_false(passes("kurt>5", "a", 5));
    assert_true(passes("kurt >= 5 && size==64", "a", 5));
    assert_false(passes("kurt<5 && size<64", "a", 1));
    assert_true(passes("name ~ \"*.mlp.*\" && kurt>1", "x.mlp.y", 2));
    assert_false(passes("name ~ \"*.mlp.*\" && kurt>1", "x.attn.y", 2));
}

static void test_the_unknown_meets_nothing(void **state)
{
    (void)state;
    assert_false(passes("kurt>5", "a", NAN));
    assert_false(passes("kurt<5", "a", NAN));
    assert_false(passes("sqnr<1000", "a", 0));
}

static void test_what_makes_no_sense(void **state)
{
    (void)state;
    static const char *const wrong[] = { "x>5", "kurt>", ">5", "kurt>5 &&", "n>1" };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct error error;
        assert_null(filter_parse(wrong[i], &error));
        assert_int_equal(error.code, ERROR_USAGE);
    }
    filter_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_part_of_the_name),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_the_unknown_meets_nothing),
        cmocka_unit_test(test_what_makes_no_sense),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
