/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <cmocka.h>

#include "fixture.h"
#include "model/content.h"

static const char words[] = "to be inflated, to be inflated, to be inflated again";

/* Packs n bytes: raw (windowBits -15) or as gzip (31); returns the length. */
static size_t pack(const void *bytes, size_t n, int window, unsigned char *out, size_t room)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes,
                       .avail_in = (uInt)n,
                       .next_out = out,
                       .avail_out = (uInt)room};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return room - stream.avail_out;
}

static void check_words(const struct content *content)
{
    struct error error = {0};
    char out[sizeof words];
    assert_int_equal(content->size, sizeof words);
    assert_true(content_read(content, 0, sizeof out, out, &error));
    assert_memory_equal(out, words, sizeof words);
    assert_true(content_read(content, 6, 8, out, &error));
    assert_memory_equal(out, "inflated", 8);
    assert_true(content_read(content, sizeof words, 0, NULL, &error));
    uint32_t crc = 0;
    assert_true(content_crc(content, 0, sizeof words, &crc, &error));
    assert_int_equal(crc, crc32(0, (const Bytef *)words, sizeof words));
}

static void test_a_file_is_mapped(void **state)
{
    (void)state;
    struct error error = {0};
    const char *path = fixture_write("plain", words, sizeof words);
    struct content *content = content_open(path, &error);
    assert_non_null(content);
    assert_string_equal(content->path, path);
    assert_string_equal(content->label, path);
    check_words(content);
    assert_memory_equal(content_mapped(content, 6), "inflated", 8);
    assert_true(content_whole(content, &error));
    content_free(content);
    content_free(NULL);
}

static void test_an_empty_file_is_content(void **state)
{
    (void)state;
    struct error error = {0};
    struct content *content = content_open(fixture_write("empty", "", 0), &error);
    assert_non_null(content);
    assert_int_equal(content->size, 0);
    assert_null(content_mapped(content, 0));
    uint32_t crc = 1;
    assert_true(content_read(content, 0, 0, NULL, &error));
    assert_true(content_crc(content, 0, 0, &crc, &error));
    assert_int_equal(crc, 0);
    content_free(content);
}

static void test_what_cannot_be_opened(void **state)
{
    (void)state;
    struct error error = {0};
    assert_null(content_open("/nowhere/at/all", &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_string_equal(error.text, "/nowhere/at/all: No such file or directory");
}

static void test_memory_is_content(void **state)
{
    (void)state;
    struct error error = {0};
    unsigned char *memory;
    struct content *content = content_of_memory("made up", sizeof words, &memory, &error);
    assert_non_null(content);
    memcpy(memory, words, sizeof words);
    assert_null(content->path);
    assert_string_equal(content->label, "made up");
    check_words(content);
    assert_true(content_whole(content, &error));
    content_free(content);
}

/* Reads more than one chunk, from within. */
static void test_the_sum_of_a_long_range(void **state)
{
    (void)state;
    struct error error = {0};
    unsigned char *memory;
    struct content *content = content_of_memory("long", 300000, &memory, &error);
    for (size_t i = 0; i < 300000; i++)
        memory[i] = (unsigned char)(i * i >> 7);
    uint32_t crc = 0;
    assert_true(content_crc(content, 12345, 250000, &crc, &error));
    assert_int_equal(crc, crc32(0, memory + 12345, 250000));
    content_free(content);
}

/* Deflated within a file with something before and behind, as in an archive. */
static void test_deflated_content(void **state)
{
    (void)state;
    struct error error = {0};
    unsigned char bytes[512] = "before";
    size_t length = pack(words, sizeof words, -MAX_WBITS, bytes + 6, sizeof bytes - 6);
    memcpy(bytes + 6 + length, "behind", 6);
    const char *path = fixture_write("deflated", bytes, length + 12);
    struct content *outer = content_open(path, &error);
    struct content *inner =
        content_inflate(outer, CONTENT_DEFLATE, 6, length, sizeof words, "member", &error);
    assert_non_null(inner);
    char label[1024];
    snprintf(label, sizeof label, "%s: member", path);
    assert_string_equal(inner->label, label);
    assert_string_equal(inner->path, path);
    assert_null(content_mapped(inner, 0));
    check_words(inner);
    content_free(inner);
    content_free(outer);
}

static void test_a_size_that_lies(void **state)
{
    (void)state;
    struct error error = {0};
    unsigned char bytes[512];
    size_t length = pack(words, sizeof words, -MAX_WBITS, bytes, sizeof bytes);
    const char *path = fixture_write("lying", bytes, length);
    struct content *outer = content_open(path, &error);
    struct content *inner =
        content_inflate(outer, CONTENT_DEFLATE, 0, length, UINT64_MAX, "member", &error);
    char byte, text[1024];
    assert_true(content_read(inner, sizeof words - 1, 1, &byte, &error));
    assert_false(content_read(inner, sizeof words, 1, &byte, &error));
    assert_int_equal(error.code, ERROR_FILE);
    snprintf(text, sizeof text, "%s: member: unpacks to fewer bytes than it should (byte %zu)",
             path, length);
    assert_string_equal(error.text, text);
    assert_false(content_read(inner, UINT64_MAX - 1, 1, &byte, &error));
    content_free(inner);
    content_free(outer);
}

static void test_gzip_within_gzip(void **state)
{
    (void)state;
    struct error error = {0};
    unsigned char once[512], twice[512];
    size_t length = pack(words, sizeof words, MAX_WBITS + 16, once, sizeof once);
    length = pack(once, length, MAX_WBITS + 16, twice, sizeof twice);
    const char *path = fixture_write("model.gz.gz", twice, length);
    struct content *file = content_open(path, &error);
    struct content *outer = content_inflate(file, CONTENT_GZIP, 0, file->size, 0, NULL, &error);
    assert_non_null(outer);
    struct content *inner = content_inflate(outer, CONTENT_GZIP, 0, outer->size, 0, NULL, &error);
    assert_non_null(inner);
    assert_string_equal(inner->label, path);
    assert_string_equal(inner->path, path);
    check_words(inner);
    assert_true(content_whole(inner, &error));
    assert_int_equal(truncate(path, 10), 0);
    assert_false(content_whole(inner, &error));
    assert_non_null(strstr(error.text, "was truncated while open, at byte 10"));
    content_free(inner);
    content_free(outer);
    content_free(file);
}

static void test_corrupt_gzip_is_refused(void **state)
{
    (void)state;
    struct error error = {0};
    const char *path = fixture_write("no.gz", "this is not gzip", 16);
    struct content *file = content_open(path, &error);
    assert_null(content_inflate(file, CONTENT_GZIP, 0, file->size, 0, NULL, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_non_null(strstr(error.text, "no.gz: its packed bytes are corrupt: incorrect header"));
    content_free(file);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_file_is_mapped),
        cmocka_unit_test(test_an_empty_file_is_content),
        cmocka_unit_test(test_what_cannot_be_opened),
        cmocka_unit_test(test_memory_is_content),
        cmocka_unit_test(test_the_sum_of_a_long_range),
        cmocka_unit_test(test_deflated_content),
        cmocka_unit_test(test_a_size_that_lies),
        cmocka_unit_test(test_gzip_within_gzip),
        cmocka_unit_test(test_corrupt_gzip_is_refused),
    };
    return cmocka_run_group_tests(tests, fixture_setup, fixture_teardown);
}
