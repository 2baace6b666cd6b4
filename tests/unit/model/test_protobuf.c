/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "model/protobuf.h"
#include "onnx_writer.h"

/* The fields that a message turned out to have. */
struct seen {
    struct cursor *cursor;
    struct protobuf_field fields[8];
    size_t count;
    bool stop;
};

static bool take(void *context, const struct protobuf_field *field)
{
    struct seen *seen = context;
    seen->fields[seen->count++] = *field;
    seen->cursor->at = 0; /* where it stands must not matter */
    return !seen->stop;
}

/* Reads bytes `from` and following of a file that has two more behind. */
static bool read(const char *bytes, size_t length, size_t from, struct seen *seen,
                 struct error *error)
{
    static struct cursor cursor;
    unsigned char *memory;
    struct content *content = content_of_memory("m", length + 2, &memory, error);
    memcpy(memory, bytes, length);
    cursor_start(&cursor, content, "it", error);
    struct protobuf_field message = {.offset = from, .length = length - from};
    *seen = (struct seen){.cursor = &cursor, .stop = seen->stop};
    bool good = protobuf_each(&cursor, &message, seen, take);
    content_free(content);
    return good;
}

static void refused(const char *bytes, size_t length, const char *text)
{
    struct seen seen = {.stop = false};
    struct error error = {0};
    assert_false(read(bytes, length, 0, &seen, &error));
    assert_string_equal(error.text, text);
}

static void test_fields(void **state)
{
    (void)state;
    struct seen seen = {.stop = false};
    struct error error = {0};
    assert_true(read(BYTES("?\x08\xac\x02\x12\x03"
                           "abc\x1d"
                           "1234\x21"
                           "12345678\xfa\xff\xff\xff"
                           "\x0f\0"),
                     1, &seen, &error));
    assert_int_equal(seen.count, 5);
    const struct protobuf_field *field = seen.fields;
    assert_int_equal(field->at, 1);
    assert_int_equal(field->tag, PROTOBUF_TAG(1, PROTOBUF_VARINT));
    assert_int_equal(field->value, 300);
    assert_int_equal(field->offset, 2);
    assert_int_equal(field->length, 2);
    field++;
    assert_int_equal(field->at, 4);
    assert_int_equal(field->tag, PROTOBUF_TAG(2, PROTOBUF_BYTES));
    assert_int_equal(field->value, 0);
    assert_int_equal(field->offset, 6);
    assert_int_equal(field->length, 3);
    field++;
    assert_int_equal(field->tag, PROTOBUF_TAG(3, PROTOBUF_FIXED32));
    assert_int_equal(field->offset, 10);
    assert_int_equal(field->length, 4);
    field++;
    assert_int_equal(field->tag, PROTOBUF_TAG(4, PROTOBUF_FIXED64));
    assert_int_equal(field->offset, 15);
    assert_int_equal(field->length, 8);
    field++;
    assert_int_equal(PROTOBUF_NUMBER(field->tag), 536870911); /* the largest */
    assert_int_equal(field->length, 0);
    assert_true(read("", 0, 0, &seen, &error));
    assert_int_equal(seen.count, 0);
}

static void test_who_takes_may_stop(void **state)
{
    (void)state;
    struct seen seen = {.stop = true};
    struct error error = {0};
    assert_false(read(BYTES("\x08\1\x08\2"), 0, &seen, &error));
    assert_int_equal(seen.count, 1);
}

static void test_damage(void **state)
{
    (void)state;
    refused(BYTES("\x08\1\x80"), "m: it: a number is cut short by the end of its message (byte 2)");
    refused(BYTES("\x08"), "m: it: a number is cut short by the end of its message (byte 1)");
    refused(BYTES("\x08\xff\xff\xff\xff\xff\xff\xff\xff\xff\2"),
            "m: it: a number is beyond 64 bits (byte 1)");
    refused(BYTES("\x08\x80\x80\x80\x80\x80\x80\x80\x80\x80\x80\1"),
            "m: it: a number is beyond 64 bits (byte 1)");
    refused(BYTES("\0\1"), "m: it: field number 0 cannot be (byte 0)");
    refused(BYTES("\x80\x80\x80\x80\x10\1"), "m: it: field number 536870912 cannot be (byte 0)");
    refused(BYTES("\x0b\x0c"), "m: it: field 1 has wire type 3, which is not read (byte 0)");
    refused(BYTES("\x0c"), "m: it: field 1 has wire type 4, which is not read (byte 0)");
    refused(BYTES("\x0f"), "m: it: field 1 has wire type 7, which is not read (byte 0)");
    refused(BYTES("\x12\3ab"), "m: it: field 2 has 3 bytes, but its message only 2 more; the file "
                               "is cut short or damaged (byte 0)");
    refused(BYTES("\x1d"
                  "123"),
            "m: it: field 3 has 4 bytes, but its message only 3 more; the "
            "file is cut short or damaged (byte 0)");
    refused(BYTES("\x12\xff\xff\xff\xff\xff\xff\xff\xff\xff\1"),
            "m: it: field 2 has 18446744073709551615 bytes, but its message only 0 more; the file "
            "is cut short or damaged (byte 0)");
}

static void test_decode(void **state)
{
    (void)state;
    uint64_t value;
    const unsigned char most[] = "\xff\xff\xff\xff\xff\xff\xff\xff\xff\1";
    assert_int_equal(protobuf_decode(most, 10, &value), 10);
    assert_true(value == UINT64_MAX);
    assert_int_equal(protobuf_decode(most, 9, &value), 0);
    assert_int_equal(protobuf_decode(most, 0, &value), 0);
    assert_int_equal(protobuf_decode((const unsigned char *)"\x7f\1", 2, &value), 1);
    assert_int_equal(value, 127);
    assert_int_equal(protobuf_decode((const unsigned char *)"\x81\0", 2, &value), 2);
    assert_int_equal(value, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields),
        cmocka_unit_test(test_who_takes_may_stop),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_decode),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
