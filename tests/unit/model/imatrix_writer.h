/* SPDX-License-Identifier: MIT
 *
 * Importance matrices of the older format, for tests, put together piece by piece.
 */
#ifndef TESTS_IMATRIX_WRITER_H
#define TESTS_IMATRIX_WRITER_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"

static inline void imatrix_number(struct text *file, uint32_t number)
{
    for (unsigned i = 0; i < 4; i++)
        text_add(file, (const char[]){(char)(number >> 8 * i & 0xff)}, 1);
}

static inline void imatrix_string(struct text *file, const char *string)
{
    imatrix_number(file, (uint32_t)strlen(string));
    text_puts(file, string);
}

/* An entry of n values. */
static inline void imatrix_entry(struct text *file, const char *name, uint32_t calls,
                                 const float values[], uint32_t n)
{
    imatrix_string(file, name);
    imatrix_number(file, calls);
    imatrix_number(file, n);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        imatrix_number(file, bits);
    }
}

#endif
