/* SPDX-License-Identifier: MIT */
#include "model/zip.h"

#include <inttypes.h>
#include <minizip/unzip.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/label.h"
#include "model/zip_stream.h"

#define MEMBERS_MOST  (1u << 20)
#define NAME_ROOM     65536u /* bytes; a length of 16 bits, and a NUL */
#define LABEL_MOST    200u   /* bytes; a longer one would leave no room in a message */
#define DEFLATE_RATIO 1032u  /* at most: 258 bytes from a match of two bits */

/* Of the records of an archive (PKWARE's APPNOTE.TXT 4.3). */
#define SIGNATURE_ENTRY "PK\1\2"
#define SIGNATURE_END   "PK\5\6"
#define SIGNATURE_END64 "PK\6\6"
#define ENTRY_BYTES     46u /* without name, extra field and comment */
#define HEADER_BYTES    30u /* of a member, without name and extra field */
#define END_BYTES       22u /* without the comment */

#define FLAGS_ENCRYPTED 0x2041u /* encrypted, strongly encrypted, headers masked */
#define METHOD_STORED   0u
#define METHOD_DEFLATED 8u

/* An archive whose directory is being read. */
struct reader {
    struct zip *zip;
    struct arena *arena;
    struct zip_stream stream;
    unzFile file;
    uint64_t directory; /* where it begins: members end before */
    char *name;         /* NAME_ROOM bytes */
};

/* A fault of the archive, or what kept it from being read. */
static bool fail(const struct reader *reader, uint64_t at, const char *fault)
{
    const struct zip_stream *stream = &reader->stream;
    return !stream->failed && error_set(stream->error, ERROR_FILE, "%s: %s (byte %" PRIu64 ")",
                                        stream->content->label, fault, at);
}

static bool fail_member(const struct content *content, const struct zip_member *member, uint64_t at,
                        const char *fault, struct error *error)
{
    return error_set(error, ERROR_FILE, "%s: %s: %s (byte %" PRIu64 ")", content->label,
                     member->label, fault, at);
}

/* True if a record of this signature begins at offset. */
static bool has_record(struct zip_stream *stream, uint64_t offset, const char signature[4])
{
    unsigned char bytes[4];
    return zip_stream_peek(stream, offset, 4, bytes) && memcmp(bytes, signature, 4) == 0;
}

/* An archive without members is its end record alone, which some versions of minizip refuse: a
 * signature, zeros, and the length of the comment that follows. */
static bool is_empty(struct zip_stream *stream)
{
    static const unsigned char end[END_BYTES - 2] = SIGNATURE_END;
    unsigned char bytes[END_BYTES];
    return zip_stream_peek(stream, 0, END_BYTES, bytes) && memcmp(bytes, end, sizeof end) == 0 &&
           stream->content->size == END_BYTES + bytes[END_BYTES - 2] + 256u * bytes[END_BYTES - 1];
}

static bool fail_open(struct reader *reader)
{
    struct zip_stream *stream = &reader->stream;
    uint64_t record = stream->record;
    if (has_record(stream, record, SIGNATURE_END) || has_record(stream, record, SIGNATURE_END64))
        return fail(reader, record, "has a damaged zip directory: its end record does not fit");
    return fail(reader, stream->content->size,
                "is no whole zip archive: it has no directory at its end");
}

static const char *label_within(struct arena *arena, const char *name, size_t length)
{
    const char *label = label_of(arena, name, length);
    struct quote quote;
    if (strlen(label) <= LABEL_MOST)
        return label;
    label_quote(&quote, name, length);
    return arena_string(arena, quote.text, strlen(quote.text));
}

static const char *fault_of(struct arena *arena, const unz_file_info64 *info)
{
    if (info->flag & FLAGS_ENCRYPTED)
        return "is encrypted";
    if (info->compression_method == METHOD_STORED || info->compression_method == METHOD_DEFLATED)
        return NULL;
    struct text fault = {0};
    text_printf(&fault, "is packed by method %lu (only stored and deflated ones are read)",
                info->compression_method);
    const char *copy = arena_string(arena, fault.data, fault.length);
    text_done(&fault);
    return copy;
}

/* Why the sizes of a member cannot be true; NULL if they can. */
static const char *fault_of_sizes(const struct zip_member *member)
{
    if (!member->deflated && member->packed != member->size)
        return "is stored, but with two sizes";
    if (member->deflated && member->size / DEFLATE_RATIO > member->packed)
        return "claims to unpack to more than it can";
    return NULL;
}

/* Why a member's own header, or where it ends, tells of damage, though minizip found nothing; NULL if
 * they do not.  Its name is there again, and behind its bytes are another record, or its sums. */
static const char *fault_of_place(struct reader *reader, const struct zip_member *member)
{
    struct zip_stream *stream = &reader->stream;
    unsigned char next[4];
    if (!zip_stream_peek(stream, member->header + HEADER_BYTES, member->name_length,
                         reader->name) ||
        memcmp(reader->name, member->name, member->name_length) != 0)
        return "has another name in its own header than in the directory";
    if (!zip_stream_peek(stream, member->offset + member->packed, sizeof next, next))
        return "is at the archive's very end";
    bool sums = (next[0] | next[1] << 8 | next[2] << 16 | (uint32_t)next[3] << 24) == member->crc;
    return sums || memcmp(next, "PK", 2) == 0 ? NULL : "does not end where its entry says";
}

/* Finds a member's bytes behind its own header, which repeats what the directory says of it. */
static bool locate(struct reader *reader, struct zip_member *member)
{
    struct zip_stream *stream = &reader->stream;
    uint64_t entry = member->offset;
    int method;
    if (unzOpenCurrentFile2(reader->file, &method, NULL, 1) != UNZ_OK)
        return !stream->failed &&
               fail_member(stream->content, member, entry,
                           "its entry in the directory leads to no such member", stream->error);
    member->header = stream->record;
    member->offset = unzGetCurrentFileZStreamPos64(reader->file);
    unzCloseCurrentFile(reader->file);
    if (member->offset > reader->directory || member->packed > reader->directory - member->offset)
        return fail_member(stream->content, member, entry,
                           "its entry in the directory claims bytes beyond those of members",
                           stream->error);
    const char *fault = fault_of_place(reader, member);
    return !fault || (!stream->failed &&
                      fail_member(stream->content, member, member->header, fault, stream->error));
}

/* Reads the entry at which minizip stands; sets *end to where it ends. */
static bool read_member(struct reader *reader, uint64_t *end)
{
    struct zip *zip = reader->zip;
    struct zip_stream *stream = &reader->stream;
    unz_file_info64 info;
    if (unzGetCurrentFileInfo64(reader->file, &info, reader->name, NAME_ROOM, NULL, 0, NULL, 0) !=
        UNZ_OK)
        return fail(reader, stream->record, "has a damaged entry in its zip directory");
    uint64_t entry = stream->record;
    if (zip->count == 0)
        reader->directory = entry;
    *end = entry + ENTRY_BYTES + info.size_filename + info.size_file_extra + info.size_file_comment;

    zip->members = mem_grow(zip->members, &zip->capacity, zip->count + 1, sizeof *zip->members);
    struct zip_member *member = &zip->members[zip->count++];
    const char *name = arena_string(reader->arena, reader->name, info.size_filename);
    *member = (struct zip_member){.name = name,
                                  .name_length = info.size_filename,
                                  .label = label_within(reader->arena, name, info.size_filename),
                                  .deflated = info.compression_method == METHOD_DEFLATED,
                                  .fault = fault_of(reader->arena, &info),
                                  .offset = entry,
                                  .packed = info.compressed_size,
                                  .size = info.uncompressed_size,
                                  .crc = (uint32_t)info.crc};
    if (member->fault)
        return true;
    const char *fault = fault_of_sizes(member);
    if (fault)
        return fail_member(stream->content, member, entry, fault, stream->error);
    return locate(reader, member);
}

static bool read_members(struct reader *reader)
{
    unz_global_info64 info;
    unzGetGlobalInfo64(reader->file, &info);
    struct zip_stream *stream = &reader->stream;
    uint64_t end = stream->record; /* unzOpen2_64 went to the first entry */
    if (info.number_entry > MEMBERS_MOST)
        return fail(reader, end, "has too many members");
    int status = UNZ_OK;
    for (uint64_t i = 0; i < info.number_entry; i++) {
        if (i > 0)
            status = unzGoToNextFile(reader->file);
        if (status != UNZ_OK)
            return fail(reader, end, "has fewer members than its end record says");
        if (!read_member(reader, &end))
            return false;
    }
    return !has_record(stream, end, SIGNATURE_ENTRY) ||
           fail(reader, end, "has more members than its end record says");
}

static int compare_offsets(const void *a, const void *b)
{
    const struct zip_member *left = *(const struct zip_member *const *)a;
    const struct zip_member *right = *(const struct zip_member *const *)b;
    return (left->offset > right->offset) - (left->offset < right->offset);
}

/* Refuses members that overlap.  No program writes such: something is damaged, or a small file
 * claims any amount of data by them. */
static bool check_overlap(const struct zip *zip, struct error *error)
{
    const struct zip_member **ordered = mem_alloc(zip->count, sizeof *ordered);
    size_t count = 0;
    for (size_t i = 0; i < zip->count; i++)
        if (!zip->members[i].fault)
            ordered[count++] = &zip->members[i];
    qsort(ordered, count, sizeof *ordered, compare_offsets);
    bool good = true;
    for (size_t i = 1; good && i < count; i++)
        good = ordered[i]->header >= ordered[i - 1]->offset + ordered[i - 1]->packed ||
               fail_member(zip->content, ordered[i], ordered[i]->header,
                           "overlaps another member", error);
    mem_free(ordered);
    return good;
}

static int compare_names(const struct zip_member *member, const char *name, size_t length)
{
    size_t common = member->name_length < length ? member->name_length : length;
    int order = memcmp(member->name, name, common);
    return order ? order : (member->name_length > length) - (member->name_length < length);
}

/* Members of one name stay in the order of the directory. */
static int compare_members(const void *a, const void *b)
{
    const struct zip_member *left = *(const struct zip_member *const *)a;
    const struct zip_member *right = *(const struct zip_member *const *)b;
    int order = compare_names(left, right->name, right->name_length);
    return order ? order : (left > right) - (left < right);
}

static void order_names(struct zip *zip)
{
    zip->by_name = mem_alloc(zip->count, sizeof *zip->by_name);
    for (size_t i = 0; i < zip->count; i++)
        zip->by_name[i] = &zip->members[i];
    qsort(zip->by_name, zip->count, sizeof *zip->by_name, compare_members);
}

bool zip_read(struct zip *zip, const struct content *content, struct arena *arena,
              struct error *error)
{
    struct reader reader = {
        .zip = zip, .arena = arena, .stream = {.content = content, .error = error}};
    zlib_filefunc64_def functions = zip_stream_functions(&reader.stream);
    zip->content = content;
    if (is_empty(&reader.stream))
        return true;
    reader.file = unzOpen2_64(content->label, &functions);
    if (!reader.file)
        return fail_open(&reader);
    reader.name = mem_alloc(NAME_ROOM, 1);
    bool good = read_members(&reader) && !reader.stream.failed;
    mem_free(reader.name);
    unzClose(reader.file);
    good = good && check_overlap(zip, error);
    if (good)
        order_names(zip);
    return good;
}

void zip_done(struct zip *zip)
{
    mem_free(zip->members);
    mem_free(zip->by_name);
    *zip = (struct zip){0};
}

const struct zip_member *zip_find(const struct zip *zip, const char *name)
{
    size_t length = strlen(name), low = 0, high = zip->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_names(zip->by_name[middle], name, length) <= 0)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low > 0 && compare_names(zip->by_name[low - 1], name, length) == 0;
    return found ? zip->by_name[low - 1] : NULL;
}

const struct content *zip_open(const struct zip *zip, const struct zip_member *member,
                               uint64_t *offset, struct content **owned, struct error *error)
{
    *owned = NULL;
    *offset = 0;
    if (member->fault) {
        fail_member(zip->content, member, member->offset, member->fault, error);
        return NULL;
    }
    if (member->deflated) {
        *owned = content_inflate(zip->content, CONTENT_DEFLATE, member->offset, member->packed,
                                 member->size, member->label, error);
        return *owned;
    }
    *offset = member->offset;
    return zip->content;
}

static bool fail_sum(const struct zip *zip, const struct zip_member *member, struct error *error)
{
    return fail_member(zip->content, member, member->offset,
                       "its bytes do not match their checksum", error);
}

unsigned char *zip_extract(const struct zip *zip, const struct zip_member *member, uint64_t most,
                           struct error *error)
{
    if (!member->fault && member->size > most) {
        fail_member(zip->content, member, member->offset, "is too large", error);
        return NULL;
    }
    struct content *owned;
    uint64_t offset;
    const struct content *content = zip_open(zip, member, &offset, &owned, error);
    if (!content)
        return NULL;
    unsigned char *bytes = member->size > SIZE_MAX ? NULL : mem_try((size_t)member->size, 1);
    bool good = bytes ? content_read(content, offset, (size_t)member->size, bytes, error)
                      : error_set(error, ERROR_SYSTEM, "no memory for %" PRIu64 " bytes of %s: %s",
                                  member->size, zip->content->label, member->label);
    if (good && (uint32_t)crc32_z(0, bytes, (size_t)member->size) != member->crc)
        good = fail_sum(zip, member, error);
    content_free(owned);
    if (good)
        return bytes;
    mem_free(bytes);
    return NULL;
}

bool zip_verify(const struct zip *zip, const struct zip_member *member, struct error *error)
{
    struct content *owned;
    uint64_t offset;
    const struct content *content = zip_open(zip, member, &offset, &owned, error);
    uint32_t crc = 0;
    bool good = content && content_crc(content, offset, member->size, &crc, error);
    content_free(owned);
    return good && (crc == member->crc || fail_sum(zip, member, error));
}
