/* SPDX-License-Identifier: MIT
 *
 * The members of a zip archive: where their bytes lie.  minizip reads the directory.
 */
#ifndef MODEL_ZIP_H
#define MODEL_ZIP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/arena.h"
#include "model/content.h"

struct zip_member {
    const char *name; /* the archive's bytes, not checked, with a NUL behind them */
    size_t name_length;
    const char *label;     /* printable; cut and in quotes if it would leave no room in a message */
    bool deflated;         /* else stored */
    const char *fault;     /* why it cannot be read: "is encrypted", "is packed by method 99
                            * (only stored and deflated ones are read)"; NULL if it can */
    uint64_t offset;       /* of its bytes, from the start of the archive's content; checked to lie
                            * within it together with packed.  With a fault, of its entry in the
                            * directory, and the sizes are not checked */
    uint64_t header;       /* where its own header lies, before its bytes; not with a fault */
    uint64_t packed, size; /* bytes in the archive and unpacked; equal for stored ones */
    uint32_t crc;
};

struct zip {
    const struct content *content;
    struct zip_member *members; /* in the order of the directory */
    size_t count, capacity;
    const struct zip_member **by_name; /* for zip_find */
};

/* Reads the directory of an archive into *zip, which must be all zero; names come from the arena,
 * the arrays are zip_done's, after a failure too.  False with ERROR_FILE: "FILE: what is wrong
 * (byte N)", or "FILE: MEMBER: what is wrong (byte N)". */
bool zip_read(struct zip *zip, const struct content *content, struct arena *arena,
              struct error *error);
void zip_done(struct zip *zip);

/* The last member whose name is this, as other programs take it; NULL if there is none. */
const struct zip_member *zip_find(const struct zip *zip, const char *name);

/* A copy of a member's bytes, unpacked and checked against its CRC; mem_free it.  A member of more
 * than `most` bytes, or one that has a fault, is refused.  NULL with ERROR_FILE, "FILE: MEMBER:
 * what is wrong (byte N)". */
unsigned char *zip_extract(const struct zip *zip, const struct zip_member *member, uint64_t most,
                           struct error *error);

/* Compares a member's bytes with its CRC, in bounded memory. */
bool zip_verify(const struct zip *zip, const struct zip_member *member, struct error *error);

/* The member as content of its own if it is deflated (the caller frees it), at *offset 0; the
 * archive's content itself if it is stored, with *offset where it lies.  NULL with *error.  In the
 * first case *owned is what to free, else NULL. */
const struct content *zip_open(const struct zip *zip, const struct zip_member *member,
                               uint64_t *offset, struct content **owned, struct error *error);

#endif
