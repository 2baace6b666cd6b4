/* SPDX-License-Identifier: MIT
 *
 * Random access to a deflated stream in bounded memory: states of the decoder are kept every so
 * many bytes, and the last pieces inflated (model/pieces.h).  However large the stream or its ratio,
 * memory stays below INFLATED_MEMORY.
 */
#ifndef MODEL_INFLATED_H
#define MODEL_INFLATED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "model/content.h"

#define INFLATED_MEMORY (16u << 20) /* bytes, besides the pieces, which streams share */

struct inflated;
struct pieces;

/* A stream in bytes offset .. offset + length - 1 of packed; that and label must outlive it. */
struct inflated *inflated_new(const struct content *packed, uint64_t offset, uint64_t length,
                              enum content_packing packing, const char *label,
                              struct pieces *pieces);
void inflated_free(struct inflated *inflated);

/* Inflates the whole stream once, keeping decoder states on the way: its size, and with gzip the
 * check of each member's CRC and length.  Members that follow each other count as one content;
 * zeros behind the last one are allowed, anything else is not.  False with ERROR_FILE, "LABEL:
 * what is wrong (byte N)", N being a place of the packed file. */
bool inflated_measure(struct inflated *inflated, uint64_t *size, struct error *error);

/* Copies n bytes that begin at offset of the inflated stream.  False with ERROR_FILE if the stream
 * is corrupt or ends before.  Any thread; threads take turns. */
bool inflated_read(struct inflated *inflated, uint64_t offset, size_t n, void *out,
                   struct error *error);

#endif
