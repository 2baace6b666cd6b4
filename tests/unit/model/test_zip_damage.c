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

#define MUTATIONS 3000 /* so that the sanitizers take seconds and no more */
#define LINE      "one and one and one and one and one is five"

static void refused(struct archive archive, const char *text)
{
    assert_false(archive.good);
    assert_int_equal(archive.error.code, ERROR_FILE);
    assert_string_equal(archive.error.text, text);
    archive_close(&archive);
}

static void refused_at(struct archive archive, const char *fault, size_t byte)
{
    char text[300];
    snprintf(text, sizeof text, "Z: %s (byte %zu)", fault, byte);
    refused(archive, text);
}

/* Refused as a whole: what one entry says cannot be true. */
static void refused_entry(struct archive_member member, const char *fault)
{
    struct archive_maker maker = {0};
    archive_add(&maker, (struct archive_member){.name = "good", .bytes = "abc"});
    member.name = "bad";
    member.bytes = LINE;
    size_t first = maker.directory.length;
    archive_add(&maker, member);
    size_t entry = maker.members.length + first;
    refused_at(archive_open_made(&maker, "", ""), fault, entry);
}

static void test_entries_that_lie(void **state)
{
    (void)state;
    refused_entry((struct archive_member){.size = 5}, "bad: is stored, but with two sizes");
    refused_entry((struct archive_member){.size = 4000000000u, .deflated = true},
                  "bad: claims to unpack to more than it can");
    const char *beyond = "bad: its entry in the directory claims bytes beyond those of members";
    refused_entry((struct archive_member){.size = 5000, .packed = 5000}, beyond);
    refused_entry((struct archive_member){.packed = 5000, .deflated = true}, beyond);
    refused_entry((struct archive_member){.packed = sizeof LINE, .size = sizeof LINE}, beyond);
    const char *nowhere = "bad: its entry in the directory leads to no such member";
    refused_entry((struct archive_member){.moved = 1}, nowhere);
    refused_entry((struct archive_member){.moved = 1u << 31}, nowhere);
}

static struct text two_members(void)
{
    struct archive_maker maker = {0};
    archive_add(&maker, (struct archive_member){.name = "s", .bytes = "abc"});
    archive_add(&maker, (struct archive_member){.name = "d", .bytes = LINE, .deflated = true});
    return archive_make(&maker, "", "");
}

/* With a byte of the first member's own header changed. */
static struct archive open_with_header(size_t place, int change)
{
    struct text bytes = two_members();
    bytes.data[place] += (char)change;
    struct archive archive = archive_open(bytes.data, bytes.length);
    text_done(&bytes);
    return archive;
}

/* Which minizip does not notice: a longer extra field moves the bytes. */
static void test_headers_that_lie(void **state)
{
    (void)state;
    struct text bytes = two_members();
    const char *directory = memmem(bytes.data, bytes.length, "PK\1\2", 4);
    assert_non_null(directory);
    int second = (int)(directory - bytes.data) - 34; /* bytes of the second member */
    refused_at(open_with_header(30, 1),
               "s: has another name in its own header than in the directory", 0);
    refused_at(open_with_header(28, 1), "s: does not end where its entry says", 0);
    refused_at(open_with_header(28, second), "s: overlaps another member", 0);
    text_done(&bytes);
}

/* With a byte of the end record changed. */
static struct archive open_with_end(size_t place, int change)
{
    struct text bytes = two_members();
    bytes.data[bytes.length - 22 + place] += (char)change;
    struct archive archive = archive_open(bytes.data, bytes.length);
    text_done(&bytes);
    return archive;
}

static struct archive open_with_count(int change)
{
    struct text bytes = two_members();
    bytes.data[bytes.length - 22 + 8] += (char)change;
    bytes.data[bytes.length - 22 + 10] += (char)change;
    struct archive archive = archive_open(bytes.data, bytes.length);
    text_done(&bytes);
    return archive;
}

static void test_end_records_that_lie(void **state)
{
    (void)state;
    struct text bytes = two_members();
    size_t end = bytes.length - 22, directory = end - 2 * 47;
    text_done(&bytes);
    const char *damaged = "has a damaged zip directory: its end record does not fit";
    const char *none = "is no whole zip archive: it has no directory at its end";
    refused_at(open_with_count(1), "has fewer members than its end record says", end);
    refused_at(open_with_count(100), "has fewer members than its end record says", end);
    refused_at(open_with_count(-1), "has more members than its end record says", end - 47);
    refused_at(open_with_count(-2), "has more members than its end record says", directory);
    refused_at(open_with_end(10, 1), damaged, end);  /* one count of two */
    refused_at(open_with_end(4, 1), damaged, end);   /* another disk */
    refused_at(open_with_end(15, 1), damaged, end);  /* the directory's size */
    refused_at(open_with_end(18, 1), damaged, end);  /* its place */
    refused_at(open_with_end(0, 1), none, end + 22); /* the signature */
    refused_at(archive_open("", 0), none, 0);
    refused_at(archive_open("PK", 2), none, 2);
}

/* Appends a zip64 end record and its locator to what stands before an archive's end record, which
 * is kept without its numbers. */
static struct archive open_zip64(uint64_t count, uint64_t size, uint64_t offset)
{
    struct text bytes = two_members();
    bytes.length -= 22;
    uint64_t place = bytes.length;
    text_add(&bytes, "PK\6\6", 4);
    archive_put(&bytes, 8, 44);
    archive_put(&bytes, 4, 0x2d002d);
    archive_put(&bytes, 8, 0); /* disks */
    archive_put(&bytes, 8, count);
    archive_put(&bytes, 8, count);
    archive_put(&bytes, 8, size);
    archive_put(&bytes, 8, offset);
    text_add(&bytes, "PK\6\7\0\0\0\0", 8);
    archive_put(&bytes, 8, place);
    archive_put(&bytes, 4, 1);
    text_add(&bytes, "PK\5\6\0\0\0\0\377\377\377\377\377\377\377\377\377\377\377\377\0\0", 22);
    struct archive archive = archive_open(bytes.data, bytes.length);
    text_done(&bytes);
    return archive;
}

static void test_zip64(void **state)
{
    (void)state;
    struct text bytes = two_members();
    uint64_t directory = bytes.length - 22 - 2 * 47, end = bytes.length - 22;
    text_done(&bytes);
    struct archive archive = open_zip64(2, 2 * 47, directory);
    assert_true(archive.good);
    assert_int_equal(archive.zip.count, 2);
    for (size_t i = 0; i < 2; i++)
        assert_true(zip_verify(&archive.zip, &archive.zip.members[i], &archive.error));
    archive_close(&archive);
    refused_at(open_zip64((1u << 20) + 1, 2 * 47, directory), "has too many members", directory);
    refused_at(open_zip64(UINT64_MAX, 2 * 47, directory), "has too many members", directory);
    refused_at(open_zip64(2, 2 * 47, UINT64_MAX - 200),
               "has a damaged zip directory: its end record does not fit", end);
    /* A size and a place of which the sum is beyond 64 bits. */
    archive = open_zip64(2, UINT64_MAX - 5, 100);
    assert_false(archive.good);
    archive_close(&archive);
}

/* Opening and finding take time that grows with the members, not with their square. */
static void test_many_members(void **state)
{
    (void)state;
    enum { MANY = 60000 };
    struct archive_maker maker = {0};
    char name[32];
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "data/%d", i * 7919 % MANY);
        archive_add(&maker, (struct archive_member){.name = name, .bytes = ""});
    }
    struct archive archive = archive_open_made(&maker, "", "");
    assert_true(archive.good);
    for (int i = 0; i < MANY; i++) {
        snprintf(name, sizeof name, "data/%d", i * 7919 % MANY);
        assert_ptr_equal(zip_find(&archive.zip, name), &archive.zip.members[i]);
    }
    archive_close(&archive);
}

/* What is wrong with the archive's own bytes is told in place of what minizip makes of it. */
static void test_content_that_fails(void **state)
{
    (void)state;
    unsigned char packed[200];
    size_t length = archive_deflate("an archive, is it?", 18, packed, sizeof packed);
    struct error error = {0};
    unsigned char *memory;
    struct content *outer = content_of_memory("Z", length, &memory, &error);
    memcpy(memory, packed, length);
    struct content *inner =
        content_inflate(outer, CONTENT_DEFLATE, 0, length, 100000, NULL, &error);
    struct archive archive = {.content = inner};
    assert_false(zip_read(&archive.zip, inner, &archive.arena, &archive.error));
    assert_non_null(strstr(archive.error.text, "Z: unpacks to fewer bytes than it should"));
    archive_close(&archive);
    content_free(outer);
}

/* Reads everything that can be; every failure must say where. */
static void read_all(const char *bytes, size_t length)
{
    struct archive archive = archive_open(bytes, length);
    const char *told = archive.good ? "(byte " : archive.error.text;
    for (size_t i = 0; archive.good && i < archive.zip.count; i++) {
        const struct zip_member *member = &archive.zip.members[i];
        struct error error = {0};
        bool verified = zip_verify(&archive.zip, member, &error);
        assert_true(verified || strstr(error.text, "(byte "));
        unsigned char *copy = zip_extract(&archive.zip, member, 1u << 20, &error);
        assert_true(verified ? copy != NULL || member->size > 1u << 20 : copy == NULL);
        mem_free(copy);
    }
    assert_non_null(strstr(told, "(byte "));
    archive_close(&archive);
}

/* Two kilobytes of all kinds. */
static struct text various_members(void)
{
    struct archive_maker maker = {0};
    char name[32], long_line[1001] = "";
    memset(long_line, 'a', sizeof long_line - 1);
    for (int i = 0; i < 12; i++) {
        snprintf(name, sizeof name, "archive/data/%d", i);
        archive_add(&maker, (struct archive_member){.name = name,
                                                    .bytes = i % 4 == 1 ? long_line : LINE,
                                                    .deflated = i % 2,
                                                    .descriptor = i % 3 == 0,
                                                    .flags = i == 7});
    }
    return archive_make(&maker, "before", "behind");
}

static void test_every_truncation(void **state)
{
    (void)state;
    struct text bytes = various_members();
    assert_in_range(bytes.length, 1500, 2500);
    for (size_t length = 0; length <= bytes.length; length++)
        read_all(bytes.data, length);
    text_done(&bytes);
}

static void test_mutations(void **state)
{
    (void)state;
    struct text bytes = various_members();
    uint32_t random = 1;
    for (int i = 0; i < MUTATIONS; i++) {
        random = random * 1664525u + 1013904223u;
        char *wrong = &bytes.data[(random >> 8) % bytes.length], was = *wrong;
        random = random * 1664525u + 1013904223u;
        *wrong = (char)(random >> 24);
        read_all(bytes.data, bytes.length);
        *wrong = was;
    }
    text_done(&bytes);
}

/* Archives that were made by other programs, and then damaged, with what is expected of them. */
static void test_samples(void **state)
{
    (void)state;
    static const struct {
        const char *name;
        bool opens, verifies;
    } samples[] = {
        {"npz/good.npz", true, true},
        {"npz/comment.npz", true, true},
        {"npz/data_descriptor.npz", true, true},
        {"npz/dup_name.npz", true, true},
        {"npz/empty.npz", true, true},
        {"npz/prefix.npz", true, true},
        {"npz/ratio1000.npz", true, true},
        {"npz/traversal_name.npz", true, true},
        {"npz/zip64.npz", true, true},
        {"npz/cd_csize_huge.npz", false, false},
        {"npz/cd_usize_huge.npz", false, false},
        {"npz/cd_off_past.npz", false, false},
        {"npz/eocd_cdoff.npz", false, false},
        {"npz/eocd_count.npz", false, false},
        {"npz/trunc_eocd.npz", false, false},
        {"npz/trunc_half.npz", false, false},
        {"npz/cd_encrypted.npz", true, false},
        {"npz/cd_method99.npz", true, false},
        {"npz/crc.npz", true, false},
        {"npz/deflate_bad.npz", true, false},
        {"torch/good.pt", true, true},
        {"torch/deflated.pt", true, true},
        {"torch/legacy_good.pt", false, false},
    };
    const char *models = getenv("ROUNDOFF_MODELS");
    if (!models)
        skip();
    for (size_t i = 0; i < sizeof samples / sizeof *samples; i++) {
        char path[4096];
        struct archive archive = {0};
        snprintf(path, sizeof path, "%s/malformed/%s", models, samples[i].name);
        archive.content = content_open(path, &archive.error);
        if (!archive.content)
            fail_msg("%s", archive.error.text);
        bool opens = zip_read(&archive.zip, archive.content, &archive.arena, &archive.error);
        bool verifies = opens;
        for (size_t k = 0; opens && k < archive.zip.count; k++)
            verifies &= zip_verify(&archive.zip, &archive.zip.members[k], &archive.error);
        if (opens != samples[i].opens || verifies != samples[i].verifies)
            fail_msg("%s: %s", samples[i].name, archive.error.text);
        archive_close(&archive);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_entries_that_lie),
        cmocka_unit_test(test_headers_that_lie),
        cmocka_unit_test(test_end_records_that_lie),
        cmocka_unit_test(test_zip64),
        cmocka_unit_test(test_many_members),
        cmocka_unit_test(test_content_that_fails),
        cmocka_unit_test(test_every_truncation),
        cmocka_unit_test(test_mutations),
        cmocka_unit_test(test_samples),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
