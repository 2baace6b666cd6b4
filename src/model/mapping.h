/* SPDX-License-Identifier: MIT
 *
 * The only file that opens model files: read-only, memory-mapped, and safe when the file shrinks
 * under the map.
 */
#ifndef MODEL_MAPPING_H
#define MODEL_MAPPING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct mapping {
    char *path;                /* as the user gave it; NULL for memory */
    char *label;               /* the same, printable (utf8_escape) */
    const unsigned char *data; /* NULL when size is 0 */
    uint64_t size;
    uint64_t device, inode;    /* of the file that is mapped */
};

/* Memory in the place of a file: size > 0 bytes, zeroed and writable at *memory until somebody
 * else reads the mapping.  NULL with ERROR_SYSTEM. */
struct mapping *mapping_of_memory(const char *label, uint64_t size, unsigned char **memory,
                                  struct error *error);

/* Opens a regular file (never a FIFO, device or directory: opening must not block) and maps it.
 * NULL with *error (ERROR_FILE, "PATH: what is wrong") on failure. */
struct mapping *mapping_open(const char *path, struct error *error);
void mapping_free(struct mapping *mapping);

/* Runs body(argument), which reads mapped bytes.  If a page of a map has gone because its file
 * was truncated (SIGBUS), body is left where it is and the result is false; whatever body
 * allocated is lost and whatever it wrote is undefined, so body should only read the map, decode
 * into buffers, and parse into memory that somebody else will free.  Any thread; not nested. */
bool mapping_guard(void (*body)(void *argument), void *argument);

/* Copies n bytes from offset, which must lie within the file, into out under a guard; false as
 * mapping_truncated if they have gone. */
bool mapping_read(const struct mapping *mapping, uint64_t offset, size_t n, void *out,
                  struct error *error);

/* False, as mapping_truncated, if the file has become shorter since it was opened.  The rest of a
 * last page that was cut reads as zeros, without a fault: who has read for a while asks here
 * before using the result.  A file that was deleted or replaced is still mapped whole. */
bool mapping_whole(const struct mapping *mapping, struct error *error);

/* The failure of a guard around a read that began at offset: sets ERROR_FILE, "PATH: was truncated
 * while open, at byte N", and returns false. */
bool mapping_truncated(const struct mapping *mapping, uint64_t offset, struct error *error);

#endif
