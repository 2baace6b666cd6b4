/* SPDX-License-Identifier: MIT
 *
 * The bytes of a model file, wherever they come from: mapped, kept in memory, or inflated from
 * another content while they are read.  What readers of formats and tensors read from.
 */
#ifndef MODEL_CONTENT_H
#define MODEL_CONTENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct content {
    const char *path;  /* of the file on disk, as the user gave it; NULL for memory */
    const char *label; /* printable; begins every message about these bytes */
    uint64_t size;
    struct mapping *mapping;     /* the file, if these bytes are mapped from it at offset 0 */
    struct pieces *pieces;       /* of the streams that are inflated from these bytes */
    struct inflated *inflated;   /* else what inflates them; private to content.c, as the rest */
    const struct content *outer; /* that the inflated bytes come from, packed; NULL if mapped */
    char *own_label;
};

/* Maps a file; NULL with ERROR_FILE, as mapping_open. */
struct content *content_open(const char *path, struct error *error);

/* As mapping_of_memory. */
struct content *content_of_memory(const char *label, uint64_t size, unsigned char **memory,
                                  struct error *error);

enum content_packing { CONTENT_DEFLATE, CONTENT_GZIP };

/* Content that lies deflated in bytes offset .. offset + length - 1 of outer, which must outlive
 * it.  size is what the container claims; reading fails where the stream does not hold.  With
 * CONTENT_GZIP, size is not used: the whole stream is inflated once to learn it and to check its
 * sums.  member (printable; NULL for none) is named in messages: "FILE: MEMBER: what is wrong".
 * NULL with *error. */
struct content *content_inflate(const struct content *outer, enum content_packing packing,
                                uint64_t offset, uint64_t length, uint64_t size, const char *member,
                                struct error *error);

void content_free(struct content *content);

/* Copies n bytes from offset, which must lie within the content, into out; false with ERROR_FILE
 * if they cannot be had: the file was truncated meanwhile, or packed bytes are corrupt.  Any
 * thread. */
bool content_read(const struct content *content, uint64_t offset, size_t n, void *out,
                  struct error *error);

/* The bytes from offset on, to be read inside mapping_guard (model/mapping.h) only; NULL if they
 * are not mapped, so that content_read is the only way. */
const unsigned char *content_mapped(const struct content *content, uint64_t offset);

/* False, saying so, if the file has become shorter since it was opened (mapping_whole). */
bool content_whole(const struct content *content, struct error *error);

/* CRC-32 of a range, as zip and gzip have it; false with *error as content_read. */
bool content_crc(const struct content *content, uint64_t offset, uint64_t length, uint32_t *crc,
                 struct error *error);

#endif
