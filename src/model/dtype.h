/* SPDX-License-Identifier: MIT
 *
 * Element types and their decoding.  Every type that a file can name has a row in the table of its
 * format; those that cannot be decoded have no decode function and say why.
 */
#ifndef MODEL_DTYPE_H
#define MODEL_DTYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Elements are stored in blocks: of one element for plain numbers, of 2 or 4 for types of 4 or 6
 * bits, of up to 256 for types that share scales. */
struct dtype {
    const char *name;     /* as the format's own documents write it: "BF16", "Q4_K" */
    unsigned block;       /* elements of a block, at most DTYPE_BLOCK_MOST */
    unsigned block_bytes; /* at most DTYPE_BYTES_MOST */
    /* Decodes whole blocks from bytes (any alignment, little-endian) to double, exactly (64-bit
     * integers round to nearest; types with scales as their reference does, in single precision);
     * NULL if this type is listed but not decoded. */
    void (*decode)(const unsigned char *bytes, size_t blocks, double *out);
    /* Turns the bytes of big-endian blocks into those of little-endian ones, in place; NULL if
     * they are the same. */
    void (*reverse)(unsigned char *bytes, size_t blocks);
    const char *reason; /* why decode is NULL, for a person; NULL otherwise */
};

#define DTYPE_BLOCK_MOST 256
#define DTYPE_BYTES_MOST 512

/* Plain numbers, which all formats share. */
extern const struct dtype dtype_f64, dtype_f32, dtype_f16, dtype_bf16;
extern const struct dtype dtype_i64, dtype_i32, dtype_i16, dtype_i8;
extern const struct dtype dtype_u64, dtype_u32, dtype_u16, dtype_u8, dtype_bool;
extern const struct dtype dtype_e4m3, dtype_e5m2, dtype_e4m3fnuz, dtype_e5m2fnuz, dtype_e8m0;
extern const struct dtype dtype_e2m1, dtype_e2m3, dtype_e3m2;
extern const struct dtype dtype_c64, dtype_c128;

/* The type that a safetensors header calls by this name; NULL if there is none. */
const struct dtype *dtype_of_safetensors(const char *name, size_t length);

/* Bytes of so many elements of a type, which must be whole blocks; in 64 bits, false if beyond or
 * if the last block is not whole. */
bool dtype_bytes(const struct dtype *dtype, uint64_t elements, uint64_t *bytes);

#endif
