/* SPDX-License-Identifier: MIT */
#include "model/pieces.h"

#include <pthread.h>
#include <string.h>

#include "base/mem.h"

struct piece {
    const void *stream; /* NULL: an empty place */
    uint64_t index;
    uint64_t used; /* a time of `clock` */
    size_t length;
    unsigned char *bytes; /* PIECE_BYTES, once the place was used */
};

struct pieces {
    pthread_mutex_t mutex;
    uint64_t clock;
    struct piece piece[PIECES_MOST];
};

struct pieces *pieces_new(void)
{
    struct pieces *pieces = mem_zero(1, sizeof *pieces);
    pthread_mutex_init(&pieces->mutex, NULL);
    return pieces;
}

void pieces_free(struct pieces *pieces)
{
    if (!pieces)
        return;
    for (size_t i = 0; i < PIECES_MOST; i++)
        mem_free(pieces->piece[i].bytes);
    pthread_mutex_destroy(&pieces->mutex);
    mem_free(pieces);
}

static struct piece *find(struct pieces *pieces, const void *stream, uint64_t index)
{
    for (size_t i = 0; i < PIECES_MOST; i++)
        if (pieces->piece[i].stream == stream && pieces->piece[i].index == index)
            return &pieces->piece[i];
    return NULL;
}

bool pieces_copy(struct pieces *pieces, const void *stream, uint64_t index, size_t skip, size_t n,
                 void *out)
{
    pthread_mutex_lock(&pieces->mutex);
    struct piece *piece = find(pieces, stream, index);
    bool found = piece && skip <= piece->length && n <= piece->length - skip;
    if (found) {
        piece->used = ++pieces->clock;
        memcpy(out, piece->bytes + skip, n);
    }
    pthread_mutex_unlock(&pieces->mutex);
    return found;
}

/* The place of this piece, or an empty one, or the one that was used longest ago. */
static struct piece *place_for(struct pieces *pieces, const void *stream, uint64_t index)
{
    struct piece *oldest = find(pieces, stream, index);
    if (oldest)
        return oldest;
    oldest = pieces->piece;
    for (size_t i = 1; i < PIECES_MOST; i++)
        if (pieces->piece[i].used < oldest->used)
            oldest = &pieces->piece[i];
    return oldest;
}

void pieces_keep(struct pieces *pieces, const void *stream, uint64_t index,
                 const unsigned char *bytes, size_t length)
{
    pthread_mutex_lock(&pieces->mutex);
    struct piece *piece = place_for(pieces, stream, index);
    if (!piece->bytes)
        piece->bytes = mem_alloc(PIECE_BYTES, 1);
    piece->stream = stream;
    piece->index = index;
    piece->length = length;
    piece->used = ++pieces->clock;
    memcpy(piece->bytes, bytes, length);
    pthread_mutex_unlock(&pieces->mutex);
}

void pieces_drop(struct pieces *pieces, const void *stream)
{
    pthread_mutex_lock(&pieces->mutex);
    for (size_t i = 0; i < PIECES_MOST; i++)
        if (pieces->piece[i].stream == stream) {
            pieces->piece[i].stream = NULL;
            pieces->piece[i].used = 0;
        }
    pthread_mutex_unlock(&pieces->mutex);
}
