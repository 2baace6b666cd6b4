/* SPDX-License-Identifier: MIT */
#include <locale.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"

static void test_every_point_survives(void **state)
{
    (void)state;
    for (uint32_t point = 0; point <= 0x10FFFF; point++) {
        if (point == 0xD800)
            point = 0xE000;
        char bytes[4];
        size_t size = utf8_encode(point, bytes);
        uint32_t back = ~point;
        if (utf8_decode(bytes, size, &back) != size || back != point)
            fail_msg("U+%04X came back as U+%04X", (unsigned)point, (unsigned)back);
        if (size > 1 && utf8_decode(bytes, size - 1, &back) != 0)
            fail_msg("U+%04X was accepted though cut", (unsigned)point);
    }
}

static void test_bad_bytes_are_refused(void **state)
{
    (void)state;
    static const char *const bad[] = {
        "\x80",         "\xBF",         "\xC0\x80",         "\xC1\xBF",
        "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",     "\xF0\x8F\xBF\xBF",
        "\xF4\x90\x80\x80", "\xF8\x88\x80\x80\x80", "\xFE", "\xFF",
        "\xC3(",        "\xE2\x82(",    "\xE2(\xA1",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        uint32_t point;
        assert_int_equal(utf8_decode(bad[i], strlen(bad[i]), &point), 0);
        assert_false(utf8_printable(bad[i], strlen(bad[i])));
    }
}

static void test_columns(void **state)
{
    (void)state;
    static const struct {
        uint32_t point;
        int columns;
    } rows[] = {
        {'A', 1},      {'~', 1},      {0xE9, 1},     {0x2502, 1},   {0x2588, 1},   {0x28FF, 1},
        {0x3C3, 1},    {0x301, 0},    {0x4E00, 2},   {0xAC00, 2},   {0xFF21, 2},   {0x1F600, 2},
        {0, -1},       {'\n', -1},    {0x1B, -1},    {0x7F, -1},    {0x9B, -1},    {0x61C, -1},
        {0x200B, -1},  {0x200E, -1},  {0x200F, -1},  {0x2028, -1},  {0x2029, -1},  {0x202A, -1},
        {0x202E, -1},  {0x2066, -1},  {0x2069, -1},  {0xD800, -1},  {0xE000, -1},  {0xF8FF, -1},
        {0xFDD0, -1},  {0xFEFF, -1},  {0xFFFE, -1},  {0xFFFF, -1},  {0x1FFFE, -1}, {0x50000, -1},
        {0xE0041, -1}, {0xF0000, -1}, {0x10FFFF, -1}, {0x110000, -1},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (utf8_columns(rows[i].point) != rows[i].columns)
            fail_msg("U+%04X takes %d columns, not %d", (unsigned)rows[i].point,
                     utf8_columns(rows[i].point), rows[i].columns);
}

/* The same widths hold where the C library knows UTF-8, if this machine has such a locale. */
static void test_columns_in_utf8_locale(void **state)
{
    if (!setlocale(LC_CTYPE, "C.UTF-8"))
        skip();
    test_columns(state);
    assert_int_equal(utf8_columns(0x0378), -1); /* unassigned */
    setlocale(LC_CTYPE, "C");
}

static void test_width(void **state)
{
    (void)state;
    const char *name = "e\xCC\x81"
                       "q/σ 重み";
    assert_int_equal(utf8_width(name, strlen(name)), 1 + 4 + 4);
    assert_true(utf8_printable(name, strlen(name)));
    assert_int_equal(utf8_width("", 0), 0);
}

static void assert_escaped(const char *bytes, size_t length, const char *expected)
{
    struct text out = {0};
    utf8_escape(&out, bytes, length);
    assert_string_equal(out.data, expected);
    assert_true(utf8_printable(out.data, out.length));
    text_done(&out);
}

static void test_escape(void **state)
{
    (void)state;
    assert_escaped("", 0, "");
    assert_escaped("h.1\\weight σ", 13, "h.1\\weight σ");
    assert_escaped("a\\\nb\tc", 6, "a\\\\\\nb\\tc");
    assert_escaped("\x1B[2J", 4, "\\u{1B}[2J");
    assert_escaped("x\xE2\x80\xAEy", 5, "x\\u{202E}y");
    assert_escaped("\xFFz\xE2\x82", 4, "\\xFFz\\xE2\\x82");
    assert_escaped("a\0b", 3, "a\\u{0}b");
    assert_escaped("\xC2\x9B\xEF\xBB\xBF", 5, "\\u{9B}\\u{FEFF}");
}

static void assert_cut(const char *string, size_t columns, bool ascii, const char *expected)
{
    struct text out = {0};
    utf8_cut_middle(&out, string, strlen(string), columns, ascii);
    assert_string_equal(out.data ? out.data : "", expected);
    text_done(&out);
}

static void test_cut_middle(void **state)
{
    (void)state;
    assert_cut("down_proj", 9, false, "down_proj");
    assert_cut("down_proj", 8, false, "dow…proj");
    assert_cut("down_proj", 5, true, "do~oj");
    assert_cut("down_proj", 2, false, "…j");
    assert_cut("down_proj", 1, false, "…");
    assert_cut("down_proj", 0, false, "");
    assert_cut("", 0, false, "");
    /* A wide character that would be halved is left out. */
    assert_cut("重み重み", 6, false, "重…み");
    assert_cut("重み重み", 5, false, "重…み");
    /* A combining character stays with its letter or goes with it. */
    assert_cut("ae\xCC\x81zzzze\xCC\x81z", 5, false, "ae\xCC\x81…e\xCC\x81z");
    assert_cut("azzzzze\xCC\x81z", 4, false, "a…e\xCC\x81z");
    assert_cut("azzzzze\xCC\x81z", 3, false, "a…z");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_point_survives),
        cmocka_unit_test(test_bad_bytes_are_refused),
        cmocka_unit_test(test_columns),
        cmocka_unit_test(test_columns_in_utf8_locale),
        cmocka_unit_test(test_width),
        cmocka_unit_test(test_escape),
        cmocka_unit_test(test_cut_middle),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
