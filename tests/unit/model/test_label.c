/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/utf8.h"
#include "model/label.h"

static void test_valid(void **state)
{
    (void)state;
    assert_true(label_valid("", 0));
    assert_true(label_valid("a\0\x1b\xc3\xa9", 5));
    assert_false(label_valid("a\xc3", 2));
    assert_false(label_valid("\xed\xa0\x80", 3));
}

static void test_printable_names_are_their_own_labels(void **state)
{
    (void)state;
    struct arena arena = {0};
    const char *name = arena_string(&arena, "h.\xc3\xa9.w", 6);
    assert_ptr_equal(label_of(&arena, name, 6), name);
    assert_string_equal(label_of(&arena, "", 0), "\"\"");
    assert_string_equal(label_of(&arena, "a\0b\n", 4), "a\\u{0}b\\n");
    arena_done(&arena);
}

static void test_quotes_are_short(void **state)
{
    (void)state;
    struct quote quote;
    assert_string_equal(label_quote(&quote, "", 0), "\"\"");
    assert_string_equal(label_quote(&quote, "a\tb", 3), "\"a\\tb\"");
    char name[4000];
    memset(name, 'x', sizeof name);
    label_quote(&quote, name, sizeof name);
    assert_int_equal(utf8_width(quote.text, strlen(quote.text)), 82);
    for (size_t i = 0; i + 1 < sizeof name; i += 2)
        memcpy(name + i, "\xcc\x81", 2); /* a combining acute: bytes, but no columns */
    label_quote(&quote, name, sizeof name);
    assert_true(strlen(quote.text) < sizeof quote.text);
    assert_true(label_valid(quote.text, strlen(quote.text)));
    assert_int_equal(quote.text[strlen(quote.text) - 1], '"');
}

static void last(const char *path, const char *expected)
{
    struct text text = {0};
    label_last(&text, path);
    assert_string_equal(text.data ? text.data : "", expected);
    text_done(&text);
}

static void test_last_component(void **state)
{
    (void)state;
    last("a/b.safetensors", "b.safetensors");
    last("a/b//", "b");
    last("b", "b");
    last("/", "/");
    last("", "");
    last("a/\x1b", "\\u{1B}");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_valid),
        cmocka_unit_test(test_printable_names_are_their_own_labels),
        cmocka_unit_test(test_quotes_are_short),
        cmocka_unit_test(test_last_component),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
