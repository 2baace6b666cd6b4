/* SPDX-License-Identifier: MIT */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <zlib.h>

#include <cmocka.h>

#include "model/content.h"
#include "model/inflated.h"

enum { RAW = -MAX_WBITS, GZIP = MAX_WBITS + 16 };
#define MIB ((size_t)1 << 20)

/* Bytes that pack to about half of them, and nowhere repeat. */
static unsigned char *make_plain(size_t n)
{
    unsigned char *bytes = malloc(n + 1);
    uint64_t state = 88172645463325252u; /* xorshift64 */
    for (size_t i = 0; i < n; i++) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        bytes[i] = (unsigned char)(state & 0x1111);
    }
    return bytes;
}

/* Appends the packed form of n bytes at out (of enough room); returns its length. */
static size_t pack(const unsigned char *bytes, size_t n, int window, int flush, unsigned char *out)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes,
                       .avail_in = (uInt)n,
                       .next_out = out,
                       .avail_out = (uInt)(n + n / 8 + 1024)};
    uInt room = stream.avail_out;
    assert_int_equal(deflateInit2(&stream, 1, Z_DEFLATED, window, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_true(deflate(&stream, flush) >= Z_OK);
    assert_int_equal(stream.avail_in, 0);
    deflateEnd(&stream);
    return room - stream.avail_out;
}

/* A stream in writable memory, three bytes from its start. */
struct packed {
    struct content *content;
    unsigned char *bytes;
    size_t length;
    struct inflated *inflated;
};

static struct packed packed_bytes(const void *bytes, size_t length, enum content_packing packing)
{
    struct packed packed = {.length = length};
    struct error error;
    unsigned char *memory;
    packed.content = content_of_memory("F", length + 6, &memory, &error);
    assert_non_null(packed.content);
    packed.bytes = memory + 3;
    if (length > 0)
        memcpy(packed.bytes, bytes, length);
    packed.inflated = inflated_new(packed.content, 3, length, packing, "F",
                                   packed.content->pieces);
    return packed;
}

static struct packed packed_plain(const unsigned char *plain, size_t n, int window)
{
    unsigned char *bytes = malloc(n + n / 8 + 1024);
    size_t length = pack(plain, n, window, Z_FINISH, bytes);
    enum content_packing packing = window == GZIP ? CONTENT_GZIP : CONTENT_DEFLATE;
    struct packed packed = packed_bytes(bytes, length, packing);
    free(bytes);
    return packed;
}

static void done(struct packed *packed)
{
    inflated_free(packed->inflated);
    content_free(packed->content);
}

static void check_range(const struct packed *packed, const unsigned char *plain, size_t offset,
                        size_t n)
{
    struct error error = {0};
    unsigned char *out = malloc(n + 1);
    if (!inflated_read(packed->inflated, offset, n, out, &error))
        fail_msg("%zu bytes at %zu: %s", n, offset, error.text);
    assert_memory_equal(out, plain + offset, n);
    free(out);
}

static void refused_range(const struct packed *packed, uint64_t offset, const char *text)
{
    struct error error = {0};
    unsigned char byte;
    assert_false(inflated_read(packed->inflated, offset, 1, &byte, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_string_equal(error.text, text);
}

static void check_size(const struct packed *packed, uint64_t expected)
{
    struct error error = {0};
    uint64_t size = 0;
    if (!inflated_measure(packed->inflated, &size, &error))
        fail_msg("%s", error.text);
    assert_int_equal(size, expected);
}

static void refused_size(struct packed packed, const char *text)
{
    struct error error = {0};
    uint64_t size = 0;
    for (int again = 0; again < 2; again++) { /* a failure leaves nothing that looks good */
        assert_false(inflated_measure(packed.inflated, &size, &error));
        assert_int_equal(error.code, ERROR_FILE);
        assert_string_equal(error.text, text);
    }
    done(&packed);
}

/* Around the sizes of pieces and of spans, which are powers of two. */
static void test_every_size(void **state)
{
    (void)state;
    static const size_t sizes[] = {0,           1,       65535, MIB / 4 - 1, MIB / 4,
                                   MIB / 4 + 1, MIB - 1, MIB,   MIB + 1,     5 * MIB / 2};
    unsigned char *plain = make_plain(3 * MIB);
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++)
        for (int gzip = 0; gzip < 2; gzip++) {
            struct packed packed = packed_plain(plain, sizes[i], gzip ? GZIP : RAW);
            if (gzip)
                check_size(&packed, sizes[i]);
            check_range(&packed, plain, 0, sizes[i]);
            check_range(&packed, plain, sizes[i] / 2, sizes[i] / 3);
            check_size(&packed, sizes[i]);
            char text[100];
            snprintf(text, sizeof text, "F: unpacks to fewer bytes than it should (byte %zu)",
                     3 + packed.length);
            refused_range(&packed, sizes[i], text);
            refused_range(&packed, UINT64_MAX - 1, text);
            done(&packed);
        }
    free(plain);
}

/* More than the pieces that are kept, in an order that is as bad as can be. */
static void test_reads_in_any_order(void **state)
{
    (void)state;
    size_t n = 20 * MIB + 12345;
    unsigned char *plain = make_plain(n);
    struct packed packed = packed_plain(plain, n, GZIP);
    uint32_t random = 1;
    for (int i = 0; i < 60; i++) {
        random = random * 1664525u + 1013904223u;
        size_t offset = random % n, length = 1000u + random % 100000u;
        check_range(&packed, plain, offset, length < n - offset ? length : n - offset);
    }
    check_range(&packed, plain, 0, n);
    for (size_t end = n; end > 2 * MIB; end -= 2 * MIB)
        check_range(&packed, plain, end - 100000, 100000);
    done(&packed);
    free(plain);
}

/* What was read is overwritten, so that to read it again would fail. */
static void test_reading_on_does_not_begin_again(void **state)
{
    (void)state;
    size_t n = 6 * MIB;
    unsigned char *plain = make_plain(n);
    struct packed packed = packed_plain(plain, n, RAW);
    check_range(&packed, plain, 0, 100);
    memset(packed.bytes, 0xff, 1000);
    check_range(&packed, plain, 100, 3 * MIB); /* goes on */
    check_range(&packed, plain, 1000, MIB);    /* from pieces that were kept */
    memset(packed.bytes, 0xff, MIB / 2);
    check_range(&packed, plain, 3 * MIB, 3 * MIB); /* to the end, where pieces are given back */
    check_range(&packed, plain, MIB + 10, MIB);    /* from a state that was kept */
    done(&packed);
    free(plain);
}

static void test_members_follow_each_other(void **state)
{
    (void)state;
    enum { MEMBERS = 300, EACH = 9000 };
    unsigned char *plain = make_plain(MEMBERS * EACH), *bytes = malloc(2 * MEMBERS * EACH);
    size_t length = 0;
    for (size_t i = 0; i < MEMBERS; i++)
        length += pack(plain + i * EACH, EACH, GZIP, Z_FINISH, bytes + length);
    memset(bytes + length, 0, 1000);
    struct packed packed = packed_bytes(bytes, length + 1000, CONTENT_GZIP);
    check_size(&packed, MEMBERS * EACH);
    check_range(&packed, plain, 0, MEMBERS * EACH);
    for (size_t i = MEMBERS; i-- > 0;)
        check_range(&packed, plain, i * EACH + 5, 10);
    done(&packed);
    free(bytes);
    free(plain);
}

/* A header with everything that it may have. */
static void test_long_headers(void **state)
{
    (void)state;
    unsigned char bytes[1024], extra[100] = "extra";
    gz_header header = {.extra = extra,
                        .extra_len = sizeof extra,
                        .name = (Bytef[]){"name"},
                        .comment = (Bytef[]){"comment"},
                        .hcrc = 1};
    z_stream stream = {
        .next_in = (Bytef[]){"plain"}, .avail_in = 5, .next_out = bytes, .avail_out = sizeof bytes};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, GZIP, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflateSetHeader(&stream, &header), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    struct packed packed = packed_bytes(bytes, sizeof bytes - stream.avail_out, CONTENT_GZIP);
    check_size(&packed, 5);
    check_range(&packed, (const unsigned char *)"plain", 0, 5);
    done(&packed);
}

static void test_damaged_gzip_is_refused(void **state)
{
    (void)state;
    unsigned char bytes[1024];
    size_t n = pack((const unsigned char *)"plain plain", 11, GZIP, Z_FINISH, bytes);
    char text[100];
    refused_size(packed_bytes("", 0, CONTENT_GZIP),
                 "F: ends in the middle of its packed bytes (byte 3)");
    for (size_t cut = 1; cut < n; cut++) {
        snprintf(text, sizeof text, "F: ends in the middle of its packed bytes (byte %zu)",
                 3 + cut);
        refused_size(packed_bytes(bytes, cut, CONTENT_GZIP), text);
    }
    bytes[n - 1] ^= 1; /* the length */
    snprintf(text, sizeof text,
             "F: its packed bytes are corrupt: incorrect length check (byte %zu)", 3 + n);
    refused_size(packed_bytes(bytes, n, CONTENT_GZIP), text);
    bytes[n - 1] ^= 1;
    bytes[n - 5] ^= 1; /* the sum */
    snprintf(text, sizeof text, "F: its packed bytes are corrupt: incorrect data check (byte %zu)",
             3 + n - 4);
    refused_size(packed_bytes(bytes, n, CONTENT_GZIP), text);
    bytes[n - 5] ^= 1;
    memcpy(bytes + n, "\0\0\0x", 4);
    snprintf(text, sizeof text, "F: has other bytes behind its packed ones (byte %zu)", 3 + n + 3);
    refused_size(packed_bytes(bytes, n + 4, CONTENT_GZIP), text);
    memcpy(bytes + n, "xyz", 3);
    snprintf(text, sizeof text,
             "F: its packed bytes are corrupt: incorrect header check (byte %zu)", 3 + n + 2);
    refused_size(packed_bytes(bytes, n + 3, CONTENT_GZIP), text);
}

/* What lies before the damage can be read, again and again, and what lies behind cannot. */
static void test_damage_in_the_middle(void **state)
{
    (void)state;
    size_t half = 2 * MIB + 5;
    unsigned char *plain = make_plain(2 * half), *bytes = malloc(3 * half);
    size_t damage = pack(plain, half, RAW, Z_FULL_FLUSH, bytes);
    bytes[damage] = 0x06; /* a block of the type that there is not */
    size_t length = damage + 1 + pack(plain, half, RAW, Z_FINISH, bytes + damage + 1);
    struct packed packed = packed_bytes(bytes, length, CONTENT_DEFLATE);
    char text[100];
    snprintf(text, sizeof text, "F: its packed bytes are corrupt: invalid block type (byte %zu)",
             3 + damage + 1);
    for (int i = 0; i < 3; i++) {
        check_range(&packed, plain, 0, 2 * MIB);
        refused_range(&packed, 2 * half - 1, text);
    }
    done(&packed);
    free(bytes);
    free(plain);
}

/* Any bytes at all: an error or not, but an end. */
static void test_noise(void **state)
{
    (void)state;
    unsigned char bytes[1024], out[256];
    unsigned char *plain = make_plain(700);
    size_t n = pack(plain, 700, GZIP, Z_FINISH, bytes);
    uint32_t random = 7;
    for (int i = 0; i < 3000; i++) {
        random = random * 1664525u + 1013904223u;
        unsigned char *wrong = &bytes[random % n], was = *wrong;
        *wrong = (unsigned char)(random >> 24);
        struct packed packed = packed_bytes(bytes, n, CONTENT_GZIP);
        struct error error = {0};
        uint64_t size = 0;
        bool good = inflated_measure(packed.inflated, &size, &error);
        assert_true(good ? size == 700 : error.code == ERROR_FILE);
        inflated_read(packed.inflated, random % 700, sizeof out, out, &error);
        done(&packed);
        *wrong = was;
    }
    free(plain);
}

/* 600 MiB from less than one: more than there may be states, so that they are thinned twice. */
static void test_a_bomb_is_harmless(void **state)
{
    (void)state;
    enum { BLOCKS = 600 };
    size_t n = MIB - 777; /* that no piece begins as another does */
    unsigned char *plain = calloc(2, n), *bytes = malloc(8 * MIB);
    for (size_t i = 0; i < 2 * n; i++)
        plain[i] = (unsigned char)(i % n >> 12);
    size_t each = pack(plain, n, RAW, Z_FULL_FLUSH, bytes), length = each;
    assert_true(BLOCKS * each < 8 * MIB);
    for (size_t i = 1; i < BLOCKS; i++, length += each)
        memcpy(bytes + length, bytes, each);
    length += pack(plain, 0, RAW, Z_FINISH, bytes + length);
    struct packed packed = packed_bytes(bytes, length, CONTENT_DEFLATE);
    struct rusage before, after; /* ru_maxrss is in KiB */
    getrusage(RUSAGE_SELF, &before);
    check_size(&packed, BLOCKS * n);
    unsigned char out[5000];
    struct error error = {0};
    for (size_t i = 1; i < BLOCKS; i += 97) {
        assert_true(inflated_read(packed.inflated, i * n + 999, sizeof out, out, &error));
        assert_memory_equal(out, plain + 999, sizeof out);
    }
    /* Twice the promise: allocators that look for errors hold back what was freed. */
    getrusage(RUSAGE_SELF, &after);
    assert_true(after.ru_maxrss - before.ru_maxrss < 2 * (long)(INFLATED_MEMORY >> 10));
    done(&packed);
    free(bytes);
    free(plain);
}

struct reading {
    const struct packed *packed;
    const unsigned char *plain;
    size_t first, step, size;
    int wrong;
};

static void *read_shares(void *argument)
{
    struct reading *reading = argument;
    unsigned char *out = malloc(reading->step);
    struct error error;
    for (size_t at = reading->first; at + reading->step <= reading->size; at += 4 * reading->step)
        if (!inflated_read(reading->packed->inflated, at, reading->step, out, &error) ||
            memcmp(out, reading->plain + at, reading->step) != 0)
            reading->wrong++;
    free(out);
    return NULL;
}

static void test_threads_take_turns(void **state)
{
    (void)state;
    size_t n = 8 * MIB;
    unsigned char *plain = make_plain(n);
    struct packed packed = packed_plain(plain, n, GZIP);
    struct reading reading[4];
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        reading[i] = (struct reading){&packed, plain, i * 50000, 50000, n, 0};
        assert_int_equal(pthread_create(&threads[i], NULL, read_shares, &reading[i]), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        pthread_join(threads[i], NULL);
        assert_int_equal(reading[i].wrong, 0);
    }
    done(&packed);
    free(plain);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_size),
        cmocka_unit_test(test_reads_in_any_order),
        cmocka_unit_test(test_reading_on_does_not_begin_again),
        cmocka_unit_test(test_members_follow_each_other),
        cmocka_unit_test(test_long_headers),
        cmocka_unit_test(test_damaged_gzip_is_refused),
        cmocka_unit_test(test_damage_in_the_middle),
        cmocka_unit_test(test_noise),
        cmocka_unit_test(test_a_bomb_is_harmless),
        cmocka_unit_test(test_threads_take_turns),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
