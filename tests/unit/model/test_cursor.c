/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "model/cursor.h"

/* Content of n bytes, byte i being i modulo 251. */
static struct content *content_of(uint64_t n)
{
    struct error error = {0};
    unsigned char *memory;
    struct content *content = content_of_memory("C", n, &memory, &error);
    assert_non_null(content);
    for (uint64_t i = 0; i < n; i++)
        memory[i] = (unsigned char)(i % 251);
    return content;
}

static void test_numbers_in_either_order(void **state)
{
    (void)state;
    struct error error = {0};
    struct cursor cursor;
    struct content *content = content_of(16);
    uint64_t number;
    cursor_start(&cursor, content, "header", &error);
    assert_true(cursor_take_number(&cursor, 1, &number));
    assert_int_equal(number, 0);
    assert_true(cursor_take_number(&cursor, 4, &number));
    assert_int_equal(number, 0x04030201);
    cursor.big_endian = true;
    assert_true(cursor_take_number(&cursor, 8, &number));
    assert_true(number == 0x05060708090a0b0c);
    assert_true(cursor_take_number(&cursor, 2, &number));
    assert_int_equal(number, 0x0d0e);
    assert_int_equal(cursor_left(&cursor), 1);
    content_free(content);
}

static void test_the_end_is_not_passed(void **state)
{
    (void)state;
    struct error error = {0};
    struct cursor cursor;
    struct content *content = content_of(10);
    char bytes[10];
    uint64_t number;
    cursor_start(&cursor, content, "header", &error);
    assert_true(cursor_skip(&cursor, 7));
    assert_false(cursor_take_number(&cursor, 4, &number));
    assert_int_equal(error.code, ERROR_FILE);
    assert_string_equal(error.text, "C: header: is cut short or damaged: 4 bytes should follow, "
                                    "3 are there (byte 7)");
    cursor.part = "tensor";
    cursor.number = 5;
    assert_false(cursor_skip(&cursor, UINT64_MAX));
    assert_non_null(strstr(error.text, "C: tensor 5: is cut short"));
    assert_true(cursor_take(&cursor, bytes, 3));
    assert_memory_equal(bytes, "\7\10\11", 3);
    assert_true(cursor_take(&cursor, bytes, 0));
    assert_false(cursor_take(&cursor, bytes, 1));
    assert_true(cursor_skip(&cursor, 0));
    content_free(content);
}

static void test_counts_need_room(void **state)
{
    (void)state;
    struct error error = {0};
    struct cursor cursor;
    struct content *content = content_of(10); /* the first byte that is taken is 2 */
    uint64_t count;
    cursor_start(&cursor, content, "header", &error);
    assert_true(cursor_skip(&cursor, 2));
    assert_true(cursor_take_count(&cursor, 1, 3, "things", &count)); /* 7 bytes behind */
    assert_int_equal(count, 2);
    assert_false(cursor_take_count(&cursor, 1, 3, "things", &count));
    assert_string_equal(error.text, "C: header: claims 3 things, for which the 6 bytes behind are "
                                    "too few (byte 3)");
    content_free(content);
}

/* Takes all bytes in pieces of n, some of which are longer than the window. */
static void check_pieces(const struct content *content, size_t n)
{
    struct error error = {0};
    struct cursor cursor;
    unsigned char *bytes = mem_alloc(n, 1);
    cursor_start(&cursor, content, "header", &error);
    while (cursor_left(&cursor) >= n) {
        uint64_t at = cursor.at;
        assert_true(cursor_take(&cursor, bytes, n));
        for (size_t i = 0; i < n; i++)
            if (bytes[i] != (at + i) % 251)
                fail_msg("byte %zu of the piece at %d", i, (int)at);
        if (cursor_left(&cursor) >= 5)
            assert_true(cursor_skip(&cursor, 5));
    }
    mem_free(bytes);
}

static void test_pieces_across_windows(void **state)
{
    (void)state;
    struct content *content = content_of(5 * CURSOR_WINDOW + 7);
    const size_t sizes[] = {
        1, 8, 1000, CURSOR_WINDOW - 1, CURSOR_WINDOW, CURSOR_WINDOW + 1, 3 * CURSOR_WINDOW};
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        check_pieces(content, sizes[i]);
    content_free(content);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_in_either_order),
        cmocka_unit_test(test_the_end_is_not_passed),
        cmocka_unit_test(test_counts_need_room),
        cmocka_unit_test(test_pieces_across_windows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
