/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "../engine/comparisons.h"
#include "app/schemes_table.h"

static struct text table(unsigned widths, double scale)
{
    struct fake fake = {.scale = scale};
    struct text out = {0};
    const struct comparison *comparison = fake_compare(&fake, widths, false, false, NULL, NULL);
    assert_non_null(comparison);
    schemes_table_print(&out, comparison, widths);
    part_unref(&comparison->part);
    return out;
}

static size_t count_lines(const char *text, const char *begin)
{
    size_t n = 0;
    for (const char *line = text; *line; line = strchr(line, '\n') + 1)
        n += strncmp(line, begin, strlen(begin)) == 0;
    return n;
}

/* Whatever the widths and however small the errors, 80 columns and no blanks at the ends. */
static void test_lines_fit(void **state)
{
    (void)state;
    static const double scales[] = {1, 1e-9, 1e9, 0};
    for (size_t s = 0; s < sizeof scales / sizeof *scales; s++)
        for (unsigned widths = 2; widths < 1u << 17; widths = widths * 3 + 2) {
            struct text out = table(widths & 0x1FFFE, scales[s]);
            for (const char *line = out.data; *line;) {
                const char *end = strchr(line, '\n');
                assert_non_null(end);
                assert_true(end - line <= 80);
                assert_true(end == line || end[-1] != ' ');
                line = end + 1;
            }
            text_done(&out);
        }
}

/* One width: all quantities side by side.  Seven: each by itself. */
static void test_quantities_stay_together(void **state)
{
    (void)state;
    struct text one = table(COMPARISON_WIDTH(4), 1);
    assert_int_equal(count_lines(one.data, "uniform, max "), 1);
    assert_int_equal(count_lines(one.data, "Shannon bound"), 1);
    text_done(&one);
    struct text seven = table(COMPARISON_USUAL_WIDTHS, 1);
    assert_int_equal(count_lines(seven.data, "uniform, max "), 4);
    assert_int_equal(count_lines(seven.data, "Shannon bound"), 2);
    assert_int_equal(count_lines(seven.data, "scheme"), 4);
    text_done(&seven);
}

static void test_cells(void **state)
{
    (void)state;
    struct text out = table(COMPARISON_WIDTH(2) | COMPARISON_WIDTH(8), 1);
    assert_int_equal(count_lines(out.data, "APoT"), 0); /* it has neither width */
    /* 10 log10(4.25 / (1/16 + 1e-4)), starred; MSE 1/16 + 1e-4. */
    assert_non_null(strstr(out.data, "uniform, max            18.32*"));
    assert_non_null(strstr(out.data, "6.26e-2"));
    assert_null(strstr(out.data, "nan"));
    text_done(&out);
    out = table(COMPARISON_WIDTH(4), 1e-6);
    assert_non_null(strstr(out.data, " 4.0e-15")); /* (4^-4 + 1e-4) 1e-12 */
    text_done(&out);
    out = table(COMPARISON_WIDTH(4), 0); /* no error has no SQNR */
    assert_non_null(strstr(out.data, "uniform, max                - "));
    text_done(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines_fit),
        cmocka_unit_test(test_quantities_stay_together),
        cmocka_unit_test(test_cells),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
