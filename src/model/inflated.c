/* SPDX-License-Identifier: MIT */
#include "model/inflated.h"

#include <inttypes.h>
#include <pthread.h>
#include <string.h>
#include <zlib.h>

#include "base/mem.h"
#include "model/pieces.h"

#define FED         (64u << 10) /* packed bytes that are fetched at once */
#define STATES_MOST 256
#define SPAN        4 /* pieces between two states, at first */

/* What zlib takes for a state: a window of 32 KiB and some 7 KiB of tables. */
#define STATE_MEMORY (44u << 10)
_Static_assert((STATES_MOST + 1) * STATE_MEMORY + FED + PIECE_BYTES <= INFLATED_MEMORY,
               "the header promises less than this takes");

#define UNKNOWN UINT64_MAX

/* A decoder between two pieces.  It is kept whole, as inflateCopy gives it, and not as a window and
 * the position of a bit: so it can be had anywhere, and not only between two blocks (a hostile
 * stream is one block), and it goes on checking the sum of the gzip member that it is in. */
struct state {
    z_stream stream;
    uint64_t fetched; /* bytes of the packed stream that it was fed, used by it or not */
    uint64_t next;    /* index of the piece that it makes next */
};

struct inflated {
    const struct content *packed;
    uint64_t offset, length; /* of the stream in packed */
    enum content_packing packing;
    const char *label;
    struct pieces *pieces; /* shared by the streams of one content, with a lock of their own */

    pthread_mutex_t mutex; /* over all that follows */
    struct state decoder;
    bool running;                      /* decoder can go on */
    unsigned char *input;              /* FED bytes that decoder reads from, while it runs */
    unsigned char *piece;              /* PIECE_BYTES that it writes to, likewise */
    size_t piece_length;               /* of the one that was made last */
    uint64_t size;                     /* inflated; UNKNOWN until the end has been reached */
    struct state *states[STATES_MOST]; /* in the order of the stream */
    size_t state_count;
    uint64_t span; /* pieces between two of them */
};

struct inflated *inflated_new(const struct content *packed, uint64_t offset, uint64_t length,
                              enum content_packing packing, const char *label,
                              struct pieces *pieces)
{
    struct inflated *inflated = mem_zero(1, sizeof *inflated);
    inflated->packed = packed;
    inflated->offset = offset;
    inflated->length = length;
    inflated->packing = packing;
    inflated->label = label;
    inflated->pieces = pieces;
    inflated->size = UNKNOWN;
    inflated->span = SPAN;
    pthread_mutex_init(&inflated->mutex, NULL);
    return inflated;
}

static void stop_decoder(struct inflated *inflated)
{
    if (inflated->running)
        inflateEnd(&inflated->decoder.stream);
    inflated->running = false;
    mem_free(inflated->input);
    mem_free(inflated->piece);
    inflated->input = inflated->piece = NULL;
}

static void free_state(struct state *state)
{
    inflateEnd(&state->stream);
    mem_free(state);
}

static void free_states(struct inflated *inflated)
{
    for (size_t i = 0; i < inflated->state_count; i++)
        free_state(inflated->states[i]);
    inflated->state_count = 0;
}

void inflated_free(struct inflated *inflated)
{
    if (!inflated)
        return;
    stop_decoder(inflated);
    free_states(inflated);
    pieces_drop(inflated->pieces, inflated);
    pthread_mutex_destroy(&inflated->mutex);
    mem_free(inflated);
}

/* Bytes of the packed stream that the decoder has used up. */
static uint64_t place(const struct inflated *inflated)
{
    return inflated->decoder.fetched - inflated->decoder.stream.avail_in;
}

static bool fail(const struct inflated *inflated, uint64_t at, const char *fault,
                 struct error *error)
{
    return error_set(error, ERROR_FILE, "%s: %s (byte %" PRIu64 ")", inflated->label, fault,
                     inflated->offset + at);
}

static bool fail_memory(const struct inflated *inflated, struct error *error)
{
    return error_set(error, ERROR_SYSTEM, "%s: no memory to unpack it", inflated->label);
}

/* False if there is no memory, with nothing to free in *to. */
static bool copy_state(struct state *to, struct state *from)
{
    if (inflateCopy(&to->stream, &from->stream) != Z_OK)
        return false;
    to->fetched = from->fetched - from->stream.avail_in;
    to->next = from->next;
    to->stream.next_in = NULL; /* these bytes are fetched again */
    to->stream.avail_in = 0;
    return true;
}

static void halve_states(struct inflated *inflated)
{
    size_t kept = 0;
    for (size_t i = 0; i < inflated->state_count; i++) {
        if (i % 2 == 0)
            free_state(inflated->states[i]);
        else
            inflated->states[kept++] = inflated->states[i];
    }
    inflated->state_count = kept;
    inflated->span *= 2;
}

/* Keeps the decoder's state if it has come to a multiple of the span for the first time.  Without
 * memory for it, reading will be slower and nothing else. */
static void keep_state(struct inflated *inflated)
{
    size_t count = inflated->state_count;
    uint64_t last = count ? inflated->states[count - 1]->next : 0;
    if (inflated->decoder.next < last + inflated->span)
        return;
    if (count == STATES_MOST) {
        halve_states(inflated);
        if (inflated->decoder.next < last + inflated->span)
            return;
    }
    struct state *state = mem_alloc(1, sizeof *state);
    if (copy_state(state, &inflated->decoder))
        inflated->states[inflated->state_count++] = state;
    else
        mem_free(state);
}

/* The last state from which piece `index` can be reached; NULL for the start of the stream. */
static struct state *state_before(const struct inflated *inflated, uint64_t index)
{
    size_t i = inflated->state_count;
    while (i > 0 && inflated->states[i - 1]->next > index)
        i--;
    return i > 0 ? inflated->states[i - 1] : NULL;
}

/* Puts the decoder before piece `index`, as near as can be.  It goes on from where it is unless
 * that is behind the piece, or a state that was kept is nearer. */
static bool start_decoder(struct inflated *inflated, uint64_t index, struct error *error)
{
    struct state *state = state_before(inflated, index);
    struct state *decoder = &inflated->decoder;
    if (inflated->running && decoder->next <= index && (!state || state->next <= decoder->next))
        return true;
    stop_decoder(inflated);
    *decoder = (struct state){0};
    int window = inflated->packing == CONTENT_GZIP ? 16 + MAX_WBITS : -MAX_WBITS;
    inflated->running =
        state ? copy_state(decoder, state) : inflateInit2(&decoder->stream, window) == Z_OK;
    if (!inflated->running)
        return fail_memory(inflated, error);
    inflated->input = mem_alloc(FED, 1);
    inflated->piece = mem_alloc(PIECE_BYTES, 1);
    return true;
}

/* Gives the decoder more to read if it has nothing; at the end of the packed bytes it stays so. */
static bool feed(struct inflated *inflated, struct error *error)
{
    struct state *decoder = &inflated->decoder;
    uint64_t left = inflated->length - decoder->fetched;
    if (decoder->stream.avail_in > 0 || left == 0)
        return true;
    size_t n = left < FED ? (size_t)left : FED;
    if (!content_read(inflated->packed, inflated->offset + decoder->fetched, n, inflated->input,
                      error))
        return false;
    decoder->stream.next_in = inflated->input;
    decoder->stream.avail_in = (uInt)n;
    decoder->fetched += n;
    return true;
}

/* Only zeros, as tapes are padded with, may stand between the last member and the end. */
static bool skip_zeros(struct inflated *inflated, struct error *error)
{
    z_stream *stream = &inflated->decoder.stream;
    while (feed(inflated, error)) {
        if (stream->avail_in == 0)
            return true;
        for (; stream->avail_in > 0; stream->avail_in--, stream->next_in++)
            if (*stream->next_in != 0)
                return fail(inflated, place(inflated), "has other bytes behind its packed ones",
                            error);
    }
    return false;
}

/* Behind the last byte of a deflated stream, or of a gzip member, with its sums: sets *end unless
 * another member follows. */
static bool end_member(struct inflated *inflated, bool *end, struct error *error)
{
    z_stream *stream = &inflated->decoder.stream;
    if (!feed(inflated, error))
        return false;
    *end = inflated->packing != CONTENT_GZIP || stream->avail_in == 0 || *stream->next_in == 0;
    if (*end)
        return skip_zeros(inflated, error);
    inflateReset(stream);
    return true;
}

static bool fail_status(const struct inflated *inflated, int status, struct error *error)
{
    const char *why = inflated->decoder.stream.msg;
    if (status == Z_MEM_ERROR)
        return fail_memory(inflated, error);
    if (status == Z_BUF_ERROR)
        return fail(inflated, inflated->length, "ends in the middle of its packed bytes", error);
    return error_set(error, ERROR_FILE, "%s: its packed bytes are corrupt: %s (byte %" PRIu64 ")",
                     inflated->label, why ? why : "no such stream",
                     inflated->offset + place(inflated));
}

/* Inflates until the piece is full or, with *end, the stream has ended. */
static bool fill(struct inflated *inflated, bool *end, struct error *error)
{
    z_stream *stream = &inflated->decoder.stream;
    stream->next_out = inflated->piece;
    stream->avail_out = PIECE_BYTES;
    while (stream->avail_out > 0 && !*end) {
        if (!feed(inflated, error))
            return false;
        /* Z_BUF_ERROR: it was fed all there is, and has nothing left to give. */
        int status = inflate(stream, Z_NO_FLUSH);
        if (status == Z_STREAM_END ? !end_member(inflated, end, error)
                                   : status != Z_OK && !fail_status(inflated, status, error))
            return false;
    }
    inflated->piece_length = PIECE_BYTES - stream->avail_out;
    return true;
}

/* At the end of the stream: who reads it again begins at the start, which needs no states, and a
 * model may have a thousand streams.  Those of a whole file are few, and jumped about in. */
static void rest(struct inflated *inflated)
{
    stop_decoder(inflated);
    if (inflated->packing != CONTENT_GZIP)
        free_states(inflated);
}

/* Makes the next piece and keeps it.  The decoder, which runs, stops at the end of the stream. */
static bool next_piece(struct inflated *inflated, uint64_t *index, struct error *error)
{
    bool end = false;
    *index = inflated->decoder.next;
    if (!fill(inflated, &end, error)) {
        stop_decoder(inflated);
        return false;
    }
    pieces_keep(inflated->pieces, inflated, *index, inflated->piece, inflated->piece_length);
    if (end) {
        inflated->size = *index * PIECE_BYTES + inflated->piece_length;
        rest(inflated);
    } else {
        inflated->decoder.next++;
        keep_state(inflated);
    }
    return true;
}

/* Runs the decoder up to piece `index`, or to the end of the stream if that comes before. */
static bool run_to(struct inflated *inflated, uint64_t index, struct error *error)
{
    uint64_t made;
    if (!start_decoder(inflated, index, error))
        return false;
    do
        if (!next_piece(inflated, &made, error))
            return false;
    while (made < index && inflated->running);
    return true;
}

/* Copies n bytes that lie within one piece.  A piece that was made is kept, but another thread's
 * may take its place before it is copied; then it is made again. */
static bool read_piece(struct inflated *inflated, uint64_t offset, size_t n, void *out,
                       struct error *error)
{
    uint64_t index = offset / PIECE_BYTES;
    size_t skip = (size_t)(offset % PIECE_BYTES);
    while (!pieces_copy(inflated->pieces, inflated, index, skip, n, out)) {
        if (inflated->size != UNKNOWN && offset + n > inflated->size)
            return fail(inflated, inflated->length, "unpacks to fewer bytes than it should", error);
        if (!run_to(inflated, index, error))
            return false;
    }
    return true;
}

bool inflated_read(struct inflated *inflated, uint64_t offset, size_t n, void *out,
                   struct error *error)
{
    unsigned char *to = out;
    bool good = true;
    while (good && n > 0) {
        size_t left = PIECE_BYTES - (size_t)(offset % PIECE_BYTES), part = left < n ? left : n;
        uint64_t index = offset / PIECE_BYTES;
        /* What is kept needs no turn at the decoder. */
        if (!pieces_copy(inflated->pieces, inflated, index, (size_t)(offset % PIECE_BYTES), part,
                         to)) {
            pthread_mutex_lock(&inflated->mutex);
            good = read_piece(inflated, offset, part, to, error);
            pthread_mutex_unlock(&inflated->mutex);
        }
        offset += part;
        to += part;
        n -= part;
    }
    return good;
}

bool inflated_measure(struct inflated *inflated, uint64_t *size, struct error *error)
{
    pthread_mutex_lock(&inflated->mutex);
    bool good = inflated->size != UNKNOWN || run_to(inflated, UNKNOWN - 1, error);
    *size = inflated->size;
    pthread_mutex_unlock(&inflated->mutex);
    return good;
}
