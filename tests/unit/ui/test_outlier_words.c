/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "ui/outlier_words.h"

static void assert_text(struct text *text, const char *want)
{
    assert_string_equal(text->data ? text->data : "", want);
    text_clear(text);
}

static void test_counts(void **state)
{
    (void)state;
    struct text text = { 0 };
    struct outliers outliers = { .limits = { { 6, 6, 2.5 } }, .count = { 14, 0, 70000 } };
    outlier_words_counts(&text, &outliers.limits, outliers.count, false);
    assert_text(&text, ">6σ 14   >6 none   >2.5·p99.9 70 000");
    outlier_words_counts(&text, &outliers.limits, outliers.count, true);
    assert_text(&text, ">6 std 14   >6 none   >2.5 p99.9 70 000");
    text_done(&text);
}

static void test_gathering(void **state)
{
    (void)state;
    struct text text = { 0 };
    struct outliers outliers = { .count = { 20 }, .column = { 5, 200, 16 }, .row = { 17, 33, 4 } };
    outlier_words_gathering(&text, &outliers);
    assert_text(&text, "input 200 holds 16 of 20, channel 33 holds 4 of 20");
    outliers.row.count = 2; /* by chance */
    outlier_words_gathering(&text, &outliers);
    assert_text(&text, "input 200 holds 16 of 20");
    outliers.count[OUTLIER_SIGMA] = 1000;
    outlier_words_gathering(&text, &outliers);
    assert_text(&text, "");
    text_done(&text);
}

static void test_audit(void **state)
{
    (void)state;
    struct text text = { 0 };
    struct audit audit = { .least_normal = 1 };
    outlier_words_audit(&text, &audit, 4);
    assert_text(&text, "audit: clean");
    audit.elements[AUDIT_DENORMAL] =
        (struct audit_elements){ 3, 3, { { 1, 2 }, { 3, 4 }, { 5, 6 } } };
    outlier_words_audit(&text, &audit, 2);
    assert_text(&text, "audit: clean  3 denormal at (1, 2) (3, 4) ..");
    audit.elements[AUDIT_NAN] = (struct audit_elements){ 1, 1, { { 17, 44 } } };
    audit.zero = (struct audit_channels){ .count = 2, .listed = 2, .channel = { 5, 9 } };
    audit.duplicate = (struct audit_channels){ 1, 1, { 40 }, { 7 } };
    outlier_words_audit(&text, &audit, 4);
    assert_text(&text, "audit:  1 NaN at (17, 44)  2 all-zero channels: 5, 9  "
                       "1 duplicate channel: 40=7  3 denormal at (1, 2) (3, 4) (5, 6)");
    audit = (struct audit){ .constant = { .count = 1, .listed = 1 }, .dead = true,
                            .dead_value = 0.5 };
    outlier_words_audit(&text, &audit, 4);
    assert_text(&text, "audit: every element is 0.5");
    text_done(&text);
}

static void test_decibels(void **state)
{
    (void)state;
    char out[TEXT_NUMBER];
    assert_string_equal(outlier_words_decibels(out, 1.236), "+1.24");
    assert_string_equal(outlier_words_decibels(out, -0.001), "+0.00");
    assert_string_equal(outlier_words_decibels(out, -0.5), "-0.50");
    assert_string_equal(outlier_words_decibels(out, NAN), "-");
}

static struct outliers *make_list(void)
{
    struct outliers *outliers = calloc(1, sizeof *outliers);
    assert_non_null(outliers);
    outliers->listed = 20;
    for (size_t i = 0; i < 20; i++)
        outliers->worst[i] = (struct outlier){ i, 100 + i, 2000 + i, -0.5, 40.0 - (double)i,
                                               i == 1 ? NAN : 8 };
    return outliers;
}

static const char *list_of(const struct outliers *outliers, const struct outlier_costs *costs,
                           int width, int height, size_t selected)
{
    static struct text text;
    struct cells *cells = cells_new(width, height);
    outlier_words_list(cells, (struct rect){ 0, 0, width, height }, outliers, costs, selected,
                       false);
    text_clear(&text);
    cells_dump(cells, &text);
    cells_free(cells);
    return text.data;
}

static void test_list(void **state)
{
    (void)state;
    struct outliers *outliers = make_list();
    struct outlier_costs costs = { .listed = 20, .cost = { { 0.05, 0.14 }, { NAN, NAN } } };
    assert_string_equal(list_of(outliers, &costs, OUTLIER_LIST_WIDTH, 3, 0),
                        " channel   input     value     σ   own σ  cut dB apart dB\n"
                        "     100    2000   -0.5000  40.0     8.0   +0.05    +0.14\n"
                        "     101    2001   -0.5000  39.0       -       -        -\n");
    /* What matters least goes first: the channel's own deviations, then what a cut gains. */
    assert_null(strstr(list_of(outliers, &costs, 56, 2, 0), "own"));
    assert_null(strstr(list_of(outliers, &costs, 48, 2, 0), "cut"));
    assert_null(strstr(list_of(outliers, &costs, 40, 2, 0), "value"));
    assert_non_null(strstr(list_of(outliers, &costs, 31, 2, 0), "apart"));
    assert_null(strstr(list_of(outliers, &costs, 30, 2, 0), "apart"));
    free(outliers);
}

/* The selected element is always among those shown, and the list never has gaps. */
static void test_scrolling(void **state)
{
    (void)state;
    struct outliers *outliers = make_list();
    for (size_t selected = 0; selected < 20; selected++)
        for (int height = 2; height < 30; height++) {
            char wanted[40];
            const char *frame = list_of(outliers, NULL, 40, height, selected);
            int rows = 0;
            snprintf(wanted, sizeof wanted, " %zu    %zu", 100 + selected, 2000 + selected);
            assert_non_null(strstr(frame, wanted));
            for (const char *at = frame; (at = strstr(at, "    20")); at++)
                rows++;
            assert_int_equal(rows, height - 1 < 20 ? height - 1 : 20);
        }
    free(outliers);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts),   cmocka_unit_test(test_gathering),
        cmocka_unit_test(test_audit),    cmocka_unit_test(test_decibels),
        cmocka_unit_test(test_list),     cmocka_unit_test(test_scrolling),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
