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

static struct archive accepted(struct archive_maker *maker, const char *before, const char *comment)
{
    struct archive archive = archive_open_made(maker, before, comment);
    if (!archive.good)
        fail_msg("%s", archive.error.text);
    return archive;
}

static void check_member(const struct archive *archive, const struct zip_member *member,
                         const char *bytes)
{
    struct error error = {0};
    if (!zip_verify(&archive->zip, member, &error))
        fail_msg("%s", error.text);
    unsigned char *copy = zip_extract(&archive->zip, member, strlen(bytes), &error);
    assert_int_equal(member->size, strlen(bytes));
    assert_memory_equal(copy, bytes, strlen(bytes));
    mem_free(copy);

    struct content *owned;
    uint64_t offset;
    const struct content *content = zip_open(&archive->zip, member, &offset, &owned, &error);
    assert_non_null(content);
    assert_ptr_equal(content, member->deflated ? owned : archive->content);
    assert_int_equal(offset, member->deflated ? 0 : member->offset);
    char out[100];
    assert_true(content_read(content, offset, strlen(bytes), out, &error));
    assert_memory_equal(out, bytes, strlen(bytes));
    content_free(owned);
}

static void refused_member(const struct archive *archive, const struct zip_member *member,
                           const char *text)
{
    struct error error = {0};
    assert_false(zip_verify(&archive->zip, member, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_string_equal(error.text, text);
    error = (struct error){0};
    assert_null(zip_extract(&archive->zip, member, 1000, &error));
    assert_string_equal(error.text, text);
}

#define LINE "one and one and one and one and one is five"

static void add_two(struct archive_maker *maker)
{
    archive_add(maker, (struct archive_member){.name = "stored", .bytes = "abc"});
    archive_add(maker,
                (struct archive_member){.name = "deflated", .bytes = LINE, .deflated = true});
}

static void test_members_are_found_and_read(void **state)
{
    (void)state;
    static const char *const around[][2] = {{"", ""}, {"", "a comment"}, {"#!/bin/sh\n", "both"}};
    struct archive_maker maker = {0};
    for (size_t i = 0; i < 3; i++) {
        add_two(&maker);
        struct archive archive = accepted(&maker, around[i][0], around[i][1]);
        const struct zip *zip = &archive.zip;
        assert_int_equal(zip->count, 2);
        assert_string_equal(zip->members[0].name, "stored");
        assert_int_equal(zip->members[0].offset, strlen(around[i][0]) + 30 + 6);
        assert_int_equal(zip->members[1].name_length, 8);
        assert_ptr_equal(zip_find(zip, "stored"), &zip->members[0]);
        assert_ptr_equal(zip_find(zip, "deflated"), &zip->members[1]);
        assert_null(zip_find(zip, "store"));
        assert_null(zip_find(zip, "stored2"));
        assert_null(zip_find(zip, ""));
        check_member(&archive, &zip->members[0], "abc");
        check_member(&archive, &zip->members[1], LINE);
        archive_close(&archive);
    }
}

static void test_special_members(void **state)
{
    (void)state;
    struct archive_maker maker = {0};
    archive_add(&maker, (struct archive_member){.name = "empty", .bytes = ""});
    archive_add(&maker, (struct archive_member){.name = "empty", .bytes = "", .deflated = true});
    archive_add(&maker, (struct archive_member){
                            .name = "described", .bytes = LINE, true, .descriptor = true});
    archive_add(&maker, (struct archive_member){.name = "twice", .bytes = "first"});
    archive_add(&maker, (struct archive_member){.name = "twice", .bytes = "second"});
    archive_add(&maker, (struct archive_member){.name = "../\x1b[2J", .bytes = "x"});
    struct archive archive = accepted(&maker, "", "");
    const struct zip_member *members = archive.zip.members;
    check_member(&archive, &members[0], "");
    check_member(&archive, &members[1], "");
    check_member(&archive, &members[2], LINE);
    check_member(&archive, zip_find(&archive.zip, "twice"), "second");
    assert_string_equal(members[5].label, "../\\u{1B}[2J");
    struct error error = {0};
    assert_null(zip_extract(&archive.zip, &members[2], strlen(LINE) - 1, &error));
    assert_non_null(strstr(error.text, "Z: described: is too large (byte "));
    archive_close(&archive);
}

static void test_a_long_name_leaves_room_in_a_message(void **state)
{
    (void)state;
    static char name[60001];
    memset(name, 'n', sizeof name - 1);
    struct archive_maker maker = {0};
    archive_add(&maker, (struct archive_member){.name = name, .bytes = LINE, .crc = 1});
    struct archive archive = accepted(&maker, "", "");
    struct error error = {0};
    assert_ptr_equal(zip_find(&archive.zip, name), archive.zip.members);
    assert_false(zip_verify(&archive.zip, archive.zip.members, &error));
    assert_non_null(strstr(error.text, "n\": its bytes do not match their checksum (byte 60030)"));
    archive_close(&archive);
}

static void test_empty_archives(void **state)
{
    (void)state;
    struct archive_maker maker = {0};
    for (int i = 0; i < 2; i++) {
        struct archive archive = accepted(&maker, "", i ? "with a comment" : "");
        assert_int_equal(archive.zip.count, 0);
        assert_null(zip_find(&archive.zip, "anything"));
        archive_close(&archive);
    }
}

static void test_members_that_cannot_be_read(void **state)
{
    (void)state;
    struct archive_maker maker = {0};
    archive_add(&maker, (struct archive_member){.name = "e", .bytes = "abc", .flags = 1});
    archive_add(&maker, (struct archive_member){.name = "m", .bytes = "abc", .method = 99});
    archive_add(&maker, (struct archive_member){.name = "s", .bytes = "abc", .crc = 7});
    archive_add(&maker, (struct archive_member){.name = "d", .bytes = LINE, true, .crc = 7});
    archive_add(&maker, (struct archive_member){
                            .name = "l", .bytes = LINE, true, .size = sizeof LINE + 100});
    archive_add(&maker, (struct archive_member){.name = "good", .bytes = "abc"});
    struct archive archive = accepted(&maker, "", "");
    const struct zip_member *members = archive.zip.members;
    char text[200];
    snprintf(text, sizeof text, "Z: e: is encrypted (byte %u)", (unsigned)members[0].offset);
    refused_member(&archive, &members[0], text);
    snprintf(text, sizeof text,
             "Z: m: is packed by method 99 (only stored and deflated ones are read) (byte %u)",
             (unsigned)members[1].offset);
    refused_member(&archive, &members[1], text);
    refused_member(&archive, &members[2], "Z: s: its bytes do not match their checksum (byte 99)");
    snprintf(text, sizeof text, "Z: d: its bytes do not match their checksum (byte %u)",
             (unsigned)members[3].offset);
    refused_member(&archive, &members[3], text);
    snprintf(text, sizeof text, "Z: l: unpacks to fewer bytes than it should (byte %u)",
             (unsigned)(members[4].offset + members[4].packed));
    refused_member(&archive, &members[4], text);
    check_member(&archive, &members[5], "abc");
    archive_close(&archive);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_are_found_and_read),
        cmocka_unit_test(test_special_members),
        cmocka_unit_test(test_a_long_name_leaves_room_in_a_message),
        cmocka_unit_test(test_empty_archives),
        cmocka_unit_test(test_members_that_cannot_be_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
