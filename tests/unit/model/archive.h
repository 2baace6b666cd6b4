/* SPDX-License-Identifier: MIT
 *
 * Zip archives for the tests of model/: made member by member, well or with lies in them, and
 * opened from memory under the name "Z".
 */
#ifndef TESTS_ARCHIVE_H
#define TESTS_ARCHIVE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "base/text.h"
#include "model/zip.h"

/* A member as both of its headers tell it; what is 0 is as it should be. */
struct archive_member {
    const char *name, *bytes;
    bool deflated;
    bool descriptor; /* its own header leaves sums and sizes to what follows it */
    unsigned flags, method;
    uint32_t crc, packed, size;
    uint32_t moved; /* added to where the directory says that it is */
    size_t length;  /* of bytes, if they are no string */
};

/* An archive in the making. */
struct archive_maker {
    struct text members, directory;
    unsigned count;
};

static inline void archive_put(struct text *out, unsigned size, uint64_t value)
{
    for (; size > 0; size--, value >>= 8)
        text_add(out, (const char[]){(char)(value & 0xff)}, 1);
}

static inline void archive_put_header(struct text *out, const struct archive_member *member,
                                      const uint32_t sums[3])
{
    archive_put(out, 2, member->flags | (member->descriptor ? 8 : 0));
    archive_put(out, 2, member->method ? member->method : member->deflated ? 8 : 0);
    archive_put(out, 4, 0); /* time */
    for (int i = 0; i < 3; i++)
        archive_put(out, 4, sums[i]);
    archive_put(out, 2, strlen(member->name));
    archive_put(out, 2, 0); /* length of the extra field */
}

static inline size_t archive_deflate(const char *bytes, size_t length, unsigned char *out,
                                     size_t room)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)bytes,
                       .avail_in = (uInt)length,
                       .next_out = out,
                       .avail_out = (uInt)room};
    assert_int_equal(deflateInit2(&stream, 9, Z_DEFLATED, -15, 8, Z_DEFAULT_STRATEGY), Z_OK);
    assert_int_equal(deflate(&stream, Z_FINISH), Z_STREAM_END);
    deflateEnd(&stream);
    return room - stream.avail_out;
}

static inline void archive_add(struct archive_maker *maker, struct archive_member member)
{
    unsigned char packed[4096];
    size_t size = member.length ? member.length : strlen(member.bytes);
    size_t length =
        member.deflated ? archive_deflate(member.bytes, size, packed, sizeof packed) : size;
    const uint32_t nothing[3] = {0, 0, 0};
    const uint32_t sums[3] = {
        member.crc ? member.crc : (uint32_t)crc32(0, (const Bytef *)member.bytes, (uInt)size),
        member.packed ? member.packed : (uint32_t)length,
        member.size ? member.size : (uint32_t)size};
    struct text *members = &maker->members, *directory = &maker->directory;

    text_add(directory, "PK\1\2\24\0\24\0", 8);
    archive_put_header(directory, &member, sums);
    archive_put(directory, 10, 0); /* length of the comment, disk, attributes */
    archive_put(directory, 4, members->length + member.moved);
    text_puts(directory, member.name);

    text_add(members, "PK\3\4\24\0", 6);
    archive_put_header(members, &member, member.descriptor ? nothing : sums);
    text_puts(members, member.name);
    text_add(members, member.deflated ? (const char *)packed : member.bytes, length);
    if (member.descriptor)
        text_add(members, "PK\7\10descriptor!!", 16);
    maker->count++;
}

/* The archive with what stands before, and a comment; the maker is empty then. */
static inline struct text archive_make(struct archive_maker *maker, const char *before,
                                       const char *comment)
{
    struct text archive = {0};
    text_puts(&archive, before);
    text_add(&archive, maker->members.data ? maker->members.data : "", maker->members.length);
    text_add(&archive, maker->directory.data ? maker->directory.data : "", maker->directory.length);
    text_add(&archive, "PK\5\6\0\0\0\0", 8);
    archive_put(&archive, 2, maker->count);
    archive_put(&archive, 2, maker->count);
    archive_put(&archive, 4, maker->directory.length);
    archive_put(&archive, 4, maker->members.length);
    archive_put(&archive, 2, strlen(comment));
    text_puts(&archive, comment);
    text_done(&maker->members);
    text_done(&maker->directory);
    *maker = (struct archive_maker){0};
    return archive;
}

/* An archive being read. */
struct archive {
    struct content *content;
    struct arena arena;
    struct zip zip;
    struct error error;
    bool good;
};

/* Reads it, well or not. */
static inline struct archive archive_open(const char *bytes, size_t length)
{
    struct archive archive = {0};
    unsigned char *memory;
    archive.content = content_of_memory("Z", length + !length, &memory, &archive.error);
    assert_non_null(archive.content);
    memcpy(memory, bytes, length);
    archive.content->size = length;
    archive.good = zip_read(&archive.zip, archive.content, &archive.arena, &archive.error);
    return archive;
}

static inline void archive_close(struct archive *archive)
{
    zip_done(&archive->zip);
    arena_done(&archive->arena);
    content_free(archive->content);
}

static inline struct archive archive_open_made(struct archive_maker *maker, const char *before,
                                               const char *comment)
{
    struct text bytes = archive_make(maker, before, comment);
    struct archive archive = archive_open(bytes.data, bytes.length);
    text_done(&bytes);
    return archive;
}

#endif
