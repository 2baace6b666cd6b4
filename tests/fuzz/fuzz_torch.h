/* SPDX-License-Identifier: MIT
 *
 * What the fuzz targets of PyTorch's formats share: a file in memory that is opened as a model.
 */
#ifndef TESTS_FUZZ_TORCH_H
#define TESTS_FUZZ_TORCH_H

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

#include "base/text.h"
#include "fuzz_model.h"

static inline void fuzz_torch_open(const void *data, size_t size)
{
    static int file = -1;
    static char path[32];
    if (file < 0) {
        file = memfd_create("input", MFD_CLOEXEC);
        snprintf(path, sizeof path, "/proc/self/fd/%d", file);
    }
    fuzz_replace(file, data, size);
    fuzz_model(path);
}

static inline void fuzz_torch_put(struct text *out, unsigned size, uint64_t value)
{
    for (; size > 0; size--, value >>= 8)
        text_add(out, (const char[]){(char)(value & 0xff)}, 1);
}

#endif
