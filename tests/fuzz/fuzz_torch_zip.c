/* SPDX-License-Identifier: MIT
 *
 * The input is data.pkl of an archive with storages "0" and "1" of 64 bytes.  (Archives as such
 * are the matter of fuzz_npz.)
 */
#include <zlib.h>

#include "fuzz_torch.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct archive {
    struct text members, directory;
    unsigned count;
};

static void put_header(struct text *out, const char *name, const void *bytes, size_t size)
{
    text_add(out, "\24\0\0\0\0\0\0\0\0\0", 10); /* version, flags, method: stored, time */
    fuzz_torch_put(out, 4, crc32_z(0, bytes, size));
    fuzz_torch_put(out, 4, size);
    fuzz_torch_put(out, 4, size);
    fuzz_torch_put(out, 2, strlen(name));
    fuzz_torch_put(out, 2, 0); /* extra field */
}

static void add_member(struct archive *archive, const char *name, const void *bytes, size_t size)
{
    text_add(&archive->directory, "PK\1\2\24\0", 6);
    put_header(&archive->directory, name, bytes, size);
    fuzz_torch_put(&archive->directory, 8, 0);
    fuzz_torch_put(&archive->directory, 2, 0); /* comment, disk, attributes */
    fuzz_torch_put(&archive->directory, 4, archive->members.length);
    text_puts(&archive->directory, name);
    text_add(&archive->members, "PK\3\4", 4);
    put_header(&archive->members, name, bytes, size);
    text_puts(&archive->members, name);
    text_add(&archive->members, bytes, size);
    archive->count++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const uint8_t none[1], storage[64];
    struct archive archive = {.count = 0};
    add_member(&archive, "a/data.pkl", size > 0 ? data : none, size);
    add_member(&archive, "a/data/0", storage, sizeof storage);
    add_member(&archive, "a/data/1", storage, sizeof storage);
    size_t start = archive.members.length;
    text_add(&archive.members, archive.directory.data, archive.directory.length);
    text_add(&archive.members, "PK\5\6\0\0\0\0", 8);
    fuzz_torch_put(&archive.members, 2, archive.count);
    fuzz_torch_put(&archive.members, 2, archive.count);
    fuzz_torch_put(&archive.members, 4, archive.directory.length);
    fuzz_torch_put(&archive.members, 4, start);
    fuzz_torch_put(&archive.members, 2, 0);
    fuzz_torch_open(archive.members.data, archive.members.length);
    text_done(&archive.members);
    text_done(&archive.directory);
    return 0;
}
