/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/reason_words.h"

static void assert_words(struct reason reason, bool vector, const char *words)
{
    struct text out = {0};
    reason_words(&out, &reason, vector);
    assert_string_equal(out.data, words);
    text_done(&out);
}

static void test_words(void **state)
{
    (void)state;
    assert_words((struct reason){.code = REASON_NOT_FINITE, .count = 1, .of = 1, .channel = 3},
                 false, "1 element is not finite: NaN at row 3, column 0");
    assert_words((struct reason){.code = REASON_NOT_FINITE, .count = 9, .of = 3, .column = 4}, true,
                 "9 elements are not finite: the first, -inf, is at element 4");
    assert_words((struct reason){.code = REASON_NOT_FINITE, .count = 2}, false,
                 "2 elements are not finite");
    assert_words((struct reason){.code = REASON_DEAD, .value = 1}, true,
                 "all its elements are 1.00000");
    assert_words((struct reason){.code = REASON_LONE_OUTLIER,
                                 .count = 1,
                                 .channel = 17,
                                 .column = 42,
                                 .value = -12.5,
                                 .sigmas = 40},
                 false,
                 "one element stands alone: -12.5 at row 17, column 42, 40.0σ from the mean");
    assert_words(
        (struct reason){
            .code = REASON_OUTLIER_COLUMN, .count = 14, .of = 20, .column = 5, .sigmas = 9.25},
        false, "one column holds 14 of the 20 largest weights: column 5, up to 9.2σ");
    assert_words(
        (struct reason){.code = REASON_LAPLACE, .value = 6.1, .reference = 3.8}, false,
        "heavy tails, nearer to Laplace than to Gauss: a channel reaches 6.1σ (the median), "
        "where a Gaussian one would reach 3.8σ");
    assert_words((struct reason){.code = REASON_ZERO_CHANNELS, .count = 1, .channel = 7}, false,
                 "one channel is all zero: row 7");
    assert_words((struct reason){.code = REASON_CONSTANT_CHANNELS, .count = 3, .channel = 7}, false,
                 "3 channels are constant: row 7 is the first");
    assert_words(
        (struct reason){.code = REASON_DUPLICATE_CHANNELS, .count = 1, .channel = 7, .same_as = 2},
        false, "row 7 is the same as row 2");
}

/* Every reason has words, and they differ. */
static void test_all(void **state)
{
    (void)state;
    struct text text[REASON_DUPLICATE_CHANNELS + 1] = {{0}};
    for (int code = 0; code <= REASON_DUPLICATE_CHANNELS; code++) {
        const struct reason reason = {.code = (enum reason_code)code, .count = 2, .of = 2};
        reason_words(&text[code], &reason, false);
        assert_true(text[code].length > 10);
        for (int i = 0; i < code; i++)
            assert_string_not_equal(text[i].data, text[code].data);
    }
    for (int code = 0; code <= REASON_DUPLICATE_CHANNELS; code++)
        text_done(&text[code]);
}

static void test_commands(void **state)
{
    (void)state;
    struct text out = {0};
    const struct reason shifted = {.code = REASON_SHIFTED}, dead = {.code = REASON_DEAD};
    assert_false(reason_command(&out, &dead, "m", "t"));
    assert_int_equal(out.length, 0);
    assert_true(reason_command(&out, &shifted, "m.safetensors", "'a b'"));
    assert_string_equal(out.data, "roundoff plot m.safetensors 'a b' --view weights --asymmetric");
    text_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_all),
        cmocka_unit_test(test_commands),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
