/* SPDX-License-Identifier: MIT
 *
 * Element types and their decoding.  Every type that a file can name has a row; those that cannot
 * be decoded have no decode function and say why.
 */
#ifndef MODEL_DTYPE_H
#define MODEL_DTYPE_H

#include <stddef.h>

struct dtype {
    const char *name;       /* as the format's own documents write it: "BF16" */
    unsigned bits;          /* per element; may be 4 or 6 */
    /* Decodes n elements from bytes (any alignment, little-endian) to double, exactly (64-bit
     * integers round to nearest); NULL if this type is listed but not decoded. */
    void (*decode)(const unsigned char *bytes, size_t n, double *out);
    const char *reason;     /* why decode is NULL, for a person; NULL otherwise */
};

/* The type that a safetensors header calls by this name; NULL if there is none. */
const struct dtype *dtype_of_safetensors(const char *name, size_t length);

#endif
