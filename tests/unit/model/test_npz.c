/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "archive.h"
#include "model/npz.h"
#include "model/parts.h"
#include "npy_fixture.h"

#define BYTES(SHAPE)  NPY_HEADER("'|u1'", "False", SHAPE)
#define OBJECTS       NPY_HEADER("'|O'", "False", "(2, 3)")
#define STORED_OFFSET 30u /* of a member's name, from the start of its own header */

/* Adds a member that is an array with these bytes as its data; more says what else it is. */
static void add(struct archive_maker *maker, const char *name, const char *header, const char *data,
                struct archive_member more)
{
    struct text file = npy_make(1, header, data, strlen(data));
    more.name = name;
    more.bytes = file.data;
    more.length = file.length;
    archive_add(maker, more);
    text_done(&file);
}

/* A model that reads from an archive in memory, which is to live as long. */
struct opened {
    struct archive archive;
    struct model *model;
    struct error error;
    bool good;
};

static struct opened open_made(struct archive_maker *maker)
{
    struct opened opened = {.archive = archive_open_made(maker, "", "")};
    if (!opened.archive.good)
        fail_msg("%s", opened.archive.error.text);
    opened.model = parts_new_model("Z");
    opened.good = npz_read(opened.model, &opened.archive.zip, &opened.error);
    return opened;
}

static void close_opened(struct opened *opened)
{
    model_free(opened->model);
    archive_close(&opened->archive);
}

static struct opened accepted(struct archive_maker *maker, size_t count)
{
    struct opened opened = open_made(maker);
    if (!opened.good)
        fail_msg("%s", opened.error.text);
    assert_int_equal(opened.model->count, count);
    assert_string_equal(opened.model->format, "npz");
    return opened;
}

static void refused(struct archive_maker *maker, const char *text)
{
    struct opened opened = open_made(maker);
    assert_false(opened.good);
    assert_int_equal(opened.error.code, ERROR_FILE);
    assert_string_equal(opened.error.text, text);
    close_opened(&opened);
}

static void check_bytes(const struct tensor *tensor, const char *name, const char *expected)
{
    double out[8];
    struct error error = {0};
    assert_string_equal(tensor->label, name);
    assert_int_equal(tensor->name_length, strlen(name));
    assert_int_equal(tensor->elements, strlen(expected));
    if (!tensor_read(tensor, (struct tensor_view){0}, 0, (size_t)tensor->elements, out, &error))
        fail_msg("%s", error.text);
    for (size_t i = 0; i < tensor->elements; i++)
        assert_true(out[i] == (double)(unsigned char)expected[i]);
}

static void check_reason(const struct tensor *tensor, const char *text)
{
    const char *reason = NULL;
    assert_false(tensor_readable(tensor, &reason));
    assert_string_equal(reason, text);
}

static void test_members(void **state)
{
    (void)state;
    struct archive_maker maker = {0};
    add(&maker, "layer.0/w.npy", BYTES("(3,)"), "abc", (struct archive_member){0});
    add(&maker, "b.npy", BYTES("(2, 2)"), "defg", (struct archive_member){.deflated = true});
    add(&maker, "f.npy", NPY_HEADER("'|u1'", "True", "(2, 2)"), "abcd",
        (struct archive_member){.deflated = true, .descriptor = true});
    archive_add(&maker, (struct archive_member){.name = "notes.txt", .bytes = "not an array"});
    archive_add(&maker, (struct archive_member){.name = "npy", .bytes = "nor this"});
    struct opened opened = accepted(&maker, 3);
    const struct tensor *tensors = opened.model->tensors;
    check_bytes(&tensors[0], "layer.0/w", "abc");
    check_bytes(&tensors[1], "b", "defg");
    check_bytes(&tensors[2], "f", "acbd");
    assert_ptr_equal(tensors[0].content, opened.archive.content);
    assert_ptr_equal(tensors[1].content->outer, opened.archive.content);
    assert_int_equal(tensors[0].offset,
                     STORED_OFFSET + strlen("layer.0/w.npy") + 10 + strlen(BYTES("(3,)")));
    close_opened(&opened);
}

static void test_names_are_only_names(void **state)
{
    (void)state;
    struct archive_maker maker = {0};
    add(&maker, "../../evil.npy", BYTES("()"), "a", (struct archive_member){0});
    add(&maker, ".npy", BYTES("()"), "b", (struct archive_member){0});
    add(&maker, "\33[2J.npy", BYTES("()"), "c", (struct archive_member){0});
    add(&maker, "\x81.npy", BYTES("()"), "d", (struct archive_member){0});
    struct opened opened = accepted(&maker, 4);
    const struct tensor *tensors = opened.model->tensors;
    check_bytes(&tensors[0], "../../evil", "a");
    assert_string_equal(tensors[1].label, "\"\"");
    assert_int_equal(tensors[1].name_length, 0);
    assert_string_equal(tensors[2].label, "\\u{1B}[2J");
    assert_memory_equal(tensors[2].name, "\33[2J", 5);
    check_bytes(&tensors[3], "\\x81", "d");
    close_opened(&opened);
}

static void test_twins(void **state)
{
    (void)state;
    struct archive_maker maker = {0};
    add(&maker, "a.npy", BYTES("()"), "a", (struct archive_member){0});
    add(&maker, "b.npy", BYTES("()"), "a", (struct archive_member){0});
    add(&maker, "a.npy", BYTES("()"), "b", (struct archive_member){.deflated = true});
    refused(&maker, "Z: has two arrays of the name \"a\"");
}

static void test_what_cannot_be_read_is_listed(void **state)
{
    (void)state;
    struct archive_maker maker = {0};
    add(&maker, "o.npy", OBJECTS, "pickle", (struct archive_member){.deflated = true});
    add(&maker, "e.npy", BYTES("()"), "a", (struct archive_member){.flags = 1});
    add(&maker, "m.npy", BYTES("()"), "a", (struct archive_member){.method = 99});
    add(&maker, "u.npy", NPY_HEADER("'<U1'", "False", "(1,)"), "abcd", (struct archive_member){0});
    add(&maker, "s.npy", NPY_HEADER("[('x', '|u1')]", "False", "(1,)"), "a",
        (struct archive_member){0});
    add(&maker, "v.npy", NPY_HEADER("'|V2'", "False", "(1,)"), "ab", (struct archive_member){0});
    struct opened opened = accepted(&maker, 6);
    const struct tensor *tensors = opened.model->tensors;
    check_reason(&tensors[0], "holds Python objects, which are never run");
    assert_string_equal(tensors[0].dtype_name, "|O");
    assert_int_equal(tensors[0].elements, 6);
    check_reason(&tensors[1], "its member of the archive is encrypted");
    assert_int_equal(tensors[1].elements, 0);
    check_reason(&tensors[2], "its member of the archive is packed by method 99 (only stored and "
                              "deflated ones are read)");
    check_reason(&tensors[3], "holds text, not numbers");
    check_reason(&tensors[4], "holds structures, not numbers");
    assert_string_equal(tensors[4].dtype_name, "struct");
    check_reason(&tensors[5],
                 "untyped elements of 2 bytes; if they are bfloat16, say --void-as bf16");
    close_opened(&opened);
}

static void test_an_archive_without_numbers_is_refused(void **state)
{
    (void)state;
    struct archive_maker maker = {0};
    add(&maker, "o.npy", OBJECTS, "pickle", (struct archive_member){0});
    add(&maker, "e.npy", BYTES("()"), "a", (struct archive_member){.flags = 1});
    refused(&maker, "Z: o.npy: holds Python objects, which are never run; its type is \"|O\" "
                    "(byte 55)");
    add(&maker, "o.npy", OBJECTS, "pickle", (struct archive_member){.deflated = true});
    refused(&maker, "Z: o.npy: holds Python objects, which are never run; its type is \"|O\" "
                    "(byte 20)");
    add(&maker, "e.npy", BYTES("()"), "a", (struct archive_member){.flags = 1});
    struct opened opened = open_made(&maker);
    assert_false(opened.good);
    assert_non_null(strstr(opened.error.text, "Z: e.npy: is encrypted (byte "));
    close_opened(&opened);
    archive_add(&maker, (struct archive_member){.name = "notes.txt", .bytes = "not an array"});
    refused(&maker, "Z: has no member that is a NumPy array");
}

static void test_damage(void **state)
{
    (void)state;
    struct archive_maker maker = {0};
    add(&maker, "a.npy", BYTES("()"), "a", (struct archive_member){0});
    add(&maker, "b.npy", BYTES("()"), "a", (struct archive_member){.crc = 1});
    struct opened opened = open_made(&maker);
    assert_false(opened.good);
    assert_non_null(strstr(opened.error.text, "Z: b.npy: its bytes do not match their checksum"));
    close_opened(&opened);
    archive_add(&maker, (struct archive_member){.name = "a.npy", .bytes = "text"});
    refused(&maker, "Z: a.npy: does not begin as a NumPy array does (byte 35)");
    add(&maker, "a.npy", "{'descr'", "", (struct archive_member){.deflated = true});
    refused(&maker, "Z: a.npy: header: expected ':' behind a key (byte 18)");
    /* An array of more bytes than its member has, though the archive has them. */
    add(&maker, "a.npy", BYTES("(5,)"), "abcd", (struct archive_member){0});
    opened = open_made(&maker);
    assert_false(opened.good);
    assert_non_null(strstr(opened.error.text, "Z: tensor \"a\": its elements take 5 bytes, and "
                                              "there are 4 (byte "));
    close_opened(&opened);
}

static void test_members_that_overlap(void **state)
{
    (void)state;
    struct archive_maker maker = {0};
    add(&maker, "a.npy", BYTES("()"), "a", (struct archive_member){0});
    uint32_t back = -(uint32_t)maker.members.length;
    add(&maker, "a.npy", BYTES("()"), "a", (struct archive_member){.moved = back});
    struct archive archive = archive_open_made(&maker, "", "");
    assert_false(archive.good);
    assert_string_equal(archive.error.text, "Z: a.npy: overlaps another member (byte 0)");
    archive_close(&archive);
}

/* Larger members than are checked on opening: a wrong sum goes unseen. */
static void test_large_members_are_not_checked(void **state)
{
    (void)state;
    static char data[(64 << 20) + 1];
    struct archive_maker maker = {0};
    memset(data, 'a', sizeof data - 1);
    add(&maker, "a.npy", BYTES("(8,)"), data, (struct archive_member){.crc = 1});
    struct opened opened = accepted(&maker, 1);
    check_bytes(opened.model->tensors, "a", "aaaaaaaa");
    close_opened(&opened);
}

static struct model *open_file(const char *path, struct error *error)
{
    struct model *model = parts_new_model(path);
    struct content *content = content_open(path, error);
    struct zip zip = {0};
    if (content)
        parts_add_content(model, content);
    bool good = content && zip_read(&zip, content, &model->parts->arena, error) &&
                npz_read(model, &zip, error);
    zip_done(&zip);
    if (good)
        return model;
    model_free(model);
    return NULL;
}

static void test_manifest(void **state)
{
    (void)state;
    npy_check_manifest("npz/", open_file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members),
        cmocka_unit_test(test_names_are_only_names),
        cmocka_unit_test(test_twins),
        cmocka_unit_test(test_what_cannot_be_read_is_listed),
        cmocka_unit_test(test_an_archive_without_numbers_is_refused),
        cmocka_unit_test(test_damage),
        cmocka_unit_test(test_members_that_overlap),
        cmocka_unit_test(test_large_members_are_not_checked),
        cmocka_unit_test(test_manifest),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
