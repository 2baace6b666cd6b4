/* SPDX-License-Identifier: MIT
 *
 * Inflated bytes that are kept for a while, of all the streams of one file together: a model may
 * have a thousand of them, and those that are read are few at a time.
 */
#ifndef MODEL_PIECES_H
#define MODEL_PIECES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PIECE_BYTES (256u << 10)
#define PIECES_MOST 64 /* that are kept: 16 MiB */

struct pieces;

struct pieces *pieces_new(void);
void pieces_free(struct pieces *pieces);

/* Copies bytes skip .. skip + n - 1 of piece `index` of a stream, which is named by its address, to
 * out; false if the piece is not kept or ends before.  Any thread. */
bool pieces_copy(struct pieces *pieces, const void *stream, uint64_t index, size_t skip, size_t n,
                 void *out);

/* Keeps a copy of a piece of length <= PIECE_BYTES in the place of the one that was used longest
 * ago. */
void pieces_keep(struct pieces *pieces, const void *stream, uint64_t index,
                 const unsigned char *bytes, size_t length);

/* Forgets all pieces of a stream that goes. */
void pieces_drop(struct pieces *pieces, const void *stream);

#endif
