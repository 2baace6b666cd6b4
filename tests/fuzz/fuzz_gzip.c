/* SPDX-License-Identifier: MIT
 *
 * The input is a file packed with gzip; behind a first byte of 0xff, it is packed here first, so
 * that what the packed bytes hold is reached as well.
 */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <zlib.h>

#include "fuzz_model.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static size_t pack(const uint8_t *data, size_t size, unsigned char *out, size_t room)
{
    z_stream stream = {.next_in = (Bytef *)(uintptr_t)data,
                       .avail_in = (uInt)size,
                       .next_out = out,
                       .avail_out = (uInt)room};
    fuzz_require(deflateInit2(&stream, 1, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) == Z_OK &&
                     deflate(&stream, Z_FINISH) == Z_STREAM_END,
                 "bytes can be packed");
    deflateEnd(&stream);
    return room - stream.avail_out;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static int file = -1;
    static char path[32];
    static unsigned char packed[1 << 20];
    if (file < 0) {
        file = memfd_create("input", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    if (size > 0 && size < sizeof packed / 2 && data[0] == 0xff) {
        size = pack(data + 1, size - 1, packed, sizeof packed);
        data = packed;
    }
    fuzz_replace(file, data, size);
    fuzz_model(path);
    return 0;
}
