/* SPDX-License-Identifier: MIT */
#include "model/zip_stream.h"

#include <string.h>

static voidpf open_stream(voidpf opaque, const void *path, int mode)
{
    (void)path;
    (void)mode;
    return opaque;
}

/* Bytes that the buffer holds from the stream's offset on, after it was filled if there were none;
 * 0 at the end of the content or if it cannot be read. */
static size_t fill(struct zip_stream *stream)
{
    uint64_t offset = stream->offset;
    if (offset >= stream->buffer_offset && offset - stream->buffer_offset < stream->buffered)
        return stream->buffered - (size_t)(offset - stream->buffer_offset);
    uint64_t left = stream->content->size - offset;
    size_t n = left < sizeof stream->buffer ? (size_t)left : sizeof stream->buffer;
    stream->failed |= !content_read(stream->content, offset, n, stream->buffer, stream->error);
    stream->buffer_offset = offset;
    stream->buffered = stream->failed ? 0 : n;
    return stream->buffered;
}

static uLong read_stream(voidpf opaque, voidpf file, void *out, uLong size)
{
    (void)file;
    struct zip_stream *stream = opaque;
    uLong copied = 0;
    for (size_t n; copied < size && (n = fill(stream)) > 0; copied += n) {
        n = n < size - copied ? n : size - copied;
        memcpy((char *)out + copied,
               stream->buffer + (size_t)(stream->offset - stream->buffer_offset), n);
        stream->offset += n;
    }
    return copied;
}

static ZPOS64_T tell_stream(voidpf opaque, voidpf file)
{
    (void)file;
    const struct zip_stream *stream = opaque;
    return stream->offset;
}

static long seek_stream(voidpf opaque, voidpf file, ZPOS64_T offset, int origin)
{
    (void)file;
    struct zip_stream *stream = opaque;
    uint64_t base = origin == ZLIB_FILEFUNC_SEEK_CUR   ? stream->offset
                    : origin == ZLIB_FILEFUNC_SEEK_END ? stream->content->size
                                                       : 0;
    uint64_t to = base + offset; /* wraps where minizip goes back */
    if (origin == ZLIB_FILEFUNC_SEEK_SET)
        stream->record = to;
    if (to > stream->content->size)
        return -1;
    stream->offset = to;
    return 0;
}

static int close_stream(voidpf opaque, voidpf file)
{
    (void)opaque;
    (void)file;
    return 0;
}

static int stream_failed(voidpf opaque, voidpf file)
{
    (void)file;
    const struct zip_stream *stream = opaque;
    return stream->failed;
}

zlib_filefunc64_def zip_stream_functions(struct zip_stream *stream)
{
    return (zlib_filefunc64_def){.zopen64_file = open_stream,
                                 .zread_file = read_stream,
                                 .ztell64_file = tell_stream,
                                 .zseek64_file = seek_stream,
                                 .zclose_file = close_stream,
                                 .zerror_file = stream_failed,
                                 .opaque = stream};
}

bool zip_stream_peek(struct zip_stream *stream, uint64_t offset, size_t n, void *out)
{
    if (offset > stream->content->size)
        return false;
    stream->offset = offset;
    return read_stream(stream, NULL, out, (uLong)n) == n;
}
