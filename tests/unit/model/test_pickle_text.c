/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "pickle_fixture.h"

static void test_texts(void **state)
{
    (void)state;
    static const struct pickle_sample samples[] = {
        {BYTES("S''\n."), "b''"},
        {BYTES("S'a\"b'\n."), "b'a\"b'"},
        {BYTES("S\"it's\"\n."), "b'it's'"},
        {BYTES("S'\\x41\\102\\7\\n\\t\\\\\\'\\q'\n."), "b'AB\\u{7}\\n\\t\\\\'\\\\q'"},
        {BYTES("S'\\1234\\xe9'\n."), "b'S4\\xE9'"},
        {BYTES("U\x03"
               "a\0b."),
         "b'a\\u{0}b'"},
        {BYTES("T\x02\0\0\0hi."), "b'hi'"},
        {BYTES("C\x01\xff."), "b'\\xFF'"},
        {BYTES("B\x02\0\0\0xy."), "b'xy'"},
        {BYTES("\x8e\x01\0\0\0\0\0\0\0z."), "b'z'"},
        {BYTES("\x96\x01\0\0\0\0\0\0\0z."), "b'z'"},
        {BYTES("V\n."), "''"},
        {BYTES("Va\xe9\\u20ac\\U0001f600\\u005cn\\x41\n."), "'aé€😀\\n\\x41'"},
        {BYTES("V\\\\u0041\n."), "'\\\\u0041'"},
        {BYTES("X\x03\0\0\0\xe2\x82\xac."), "'€'"},
        {BYTES("\x8c\x01q."), "'q'"},
        {BYTES("\x8d\x02\0\0\0\0\0\0\0pq."), "'pq'"},
    };
    pickle_fixture_check_values(samples, PICKLE_COUNT(samples));
}

static void test_broken_texts_are_refused(void **state)
{
    (void)state;
    static const struct pickle_sample samples[] = {
        {BYTES("S'a\n."), "the line of STRING is not in quotes"},
        {BYTES("S'\n."), "the line of STRING is not in quotes"},
        {BYTES("S'\\'\n."), "the line of STRING has an escape that is broken"},
        {BYTES("S'\\x4'\n."), "the line of STRING has an escape that is broken"},
        {BYTES("V\\u123g\n."), "the line of UNICODE has an escape that is broken"},
        {BYTES("V\\U00110000\n."), "the line of UNICODE has an escape that is broken"},
        {BYTES("V\\\n."), "the line of UNICODE has an escape that is broken"},
        {BYTES("X\xff\xff\xff\x7f"
               "ab."),
         "BINUNICODE needs 2147483647 bytes, but the pickle is cut short after 3 (byte 1000)"},
        {BYTES("\x8e\0\0\0\0\0\0\0\x80."), "BINBYTES8 needs 9223372036854775808 bytes"},
    };
    pickle_fixture_check_refusals(samples, PICKLE_COUNT(samples));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts),
        cmocka_unit_test(test_broken_texts_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
