/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "quant/lineup.h"

static const struct contender *find(const char *title)
{
    for (size_t i = 0; i < contender_count; i++)
        if (strcmp(contenders[i].title, title) == 0)
            return &contenders[i];
    fail_msg("no contender \"%s\"", title);
    return NULL;
}

/* Every row is of use: its names are known, and each has a width that no other of the row has. */
static void test_rows_are_sound(void **state)
{
    (void)state;
    for (size_t i = 0; i < contender_count; i++) {
        const struct contender *contender = &contenders[i];
        unsigned widths = 0;
        assert_true(strlen(contender->title) <= LINEUP_TITLE);
        assert_ptr_equal(find(contender->title), contender); /* titles are different */
        for (size_t k = 0; k < LINEUP_NAMES && contender->levels[k]; k++) {
            struct levels levels;
            int bits = 4, least, most;
            assert_true(levels_parse(contender->levels[k], &levels, &bits, NULL));
            levels_bits(&levels, &least, &most);
            for (bits = least; bits <= most; bits++) {
                assert_false(widths & 1u << bits);
                widths |= 1u << bits;
            }
        }
        assert_true(widths);
    }
}

/* What is made is what the settings allow, of the width that was asked for. */
static void test_schemes_are_valid(void **state)
{
    (void)state;
    for (size_t i = 0; i < contender_count; i++) {
        int found = 0;
        for (int bits = SCHEME_BITS_LEAST; bits <= SCHEME_BITS_MOST; bits++) {
            struct scheme scheme;
            if (!contender_scheme(&contenders[i], bits, GRANULARITY_TENSOR, &scheme))
                continue;
            found++;
            assert_int_equal(scheme.bits, bits);
            assert_true(scheme_check(&scheme, NULL));
        }
        assert_true(found > 0);
    }
}

static void test_granularities(void **state)
{
    (void)state;
    const struct granularity group = {1, 128};
    struct scheme scheme;
    assert_true(contender_scheme(find("uniform, max"), 4, GRANULARITY_TENSOR, &scheme));
    assert_true(granularity_equal(&scheme.granularity, &GRANULARITY_TENSOR));
    assert_true(contender_scheme(find("uniform, group:128"), 4, GRANULARITY_TENSOR, &scheme));
    assert_true(granularity_equal(&scheme.granularity, &group));
}

static void test_widths(void **state)
{
    (void)state;
    struct scheme scheme;
    assert_true(contender_scheme(find("APoT, mse"), 3, GRANULARITY_CHANNEL, &scheme));
    assert_int_equal(scheme.clip.rule, CLIP_MSE);
    assert_false(contender_scheme(find("APoT, mse"), 2, GRANULARITY_CHANNEL, &scheme));
    assert_true(contender_scheme(find("MXFP4, MXFP6, MXFP8"), 6, GRANULARITY_CHANNEL, &scheme));
    assert_ptr_equal(scheme.levels.format, &block_format_mxfp6);
    assert_false(contender_scheme(find("MXFP4, MXFP6, MXFP8"), 5, GRANULARITY_CHANNEL, &scheme));
    assert_true(contender_scheme(find("Lloyd-Max, corrected"), 8, GRANULARITY_CHANNEL, &scheme));
    assert_true(scheme.correct_mean && scheme.correct_norm);
    assert_true(contender_scheme(find("asymmetric, group:64"), 2, GRANULARITY_CHANNEL, &scheme));
    assert_true(scheme.asymmetric);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_sound),
        cmocka_unit_test(test_schemes_are_valid),
        cmocka_unit_test(test_granularities),
        cmocka_unit_test(test_widths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
