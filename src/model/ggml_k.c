/* SPDX-License-Identifier: MIT
 *
 * ggml's K types: blocks of 256 elements in groups of 16 or 32, whose scales (and minima) are
 * integers of 4 to 8 bits in units of the block's own scale.
 */
#include <stdint.h>

#include "model/ggml_blocks.h"
#include "model/loads.h"

/* Where a group of 16 codes of two bits is: half a block takes 32 bytes, its first 32 elements the
 * lowest bits of them, the next 32 the bits above. */
struct place {
    unsigned byte, shift;
};

static struct place place_of_group(unsigned group)
{
    return (struct place){32 * (group / 8) + 16 * (group % 2), group % 8 / 2 * 2};
}

void ggml_decode_q2_k(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q2_K_BYTES) {
        float unit = load_half(bytes + 80), unit_minimum = load_half(bytes + 82);
        for (unsigned group = 0; group < 16; group++, out += 16) {
            struct place place = place_of_group(group);
            const unsigned char *codes = bytes + 16 + place.byte;
            float scale = unit * (float)(bytes[group] & 15);
            float minimum = unit_minimum * (float)(bytes[group] >> 4);
            for (unsigned i = 0; i < 16; i++)
                out[i] = (double)(scale * (float)(codes[i] >> place.shift & 3) - minimum);
        }
    }
}

/* The 6-bit scale of a group of Q3_K: 16 low nibbles in 8 bytes, then 16 pairs of high bits. */
static int q3_k_scale(const unsigned char packed[12], unsigned group)
{
    int low = packed[group % 8] >> group / 8 * 4 & 15;
    int high = packed[8 + group % 4] >> group / 4 * 2 & 3;
    return (low | high << 4) - 32;
}

void ggml_decode_q3_k(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q3_K_BYTES) {
        float unit = load_half(bytes + 108);
        for (unsigned group = 0; group < 16; group++, out += 16) {
            struct place place = place_of_group(group);
            const unsigned char *high = bytes + 16 * (group % 2);
            const unsigned char *codes = bytes + 32 + place.byte;
            float scale = unit * (float)q3_k_scale(bytes + 96, group);
            for (unsigned i = 0; i < 16; i++) {
                int code = (codes[i] >> place.shift & 3) | (high[i] >> group / 2 & 1) << 2;
                out[i] = (double)(scale * (float)(code - 4));
            }
        }
    }
}

/* The scale and the minimum of a group of 32 of Q4_K and Q5_K. */
struct affine {
    float scale, minimum;
};

/* From a block's first 16 bytes: two units, then 8 scales and 8 minima of 6 bits.  Those of groups 0
 * to 3 have a byte each, whose top two bits are the high bits of those of groups 4 to 7, whose low
 * nibbles share the last four bytes. */
static struct affine affine_of_group(const unsigned char *block, unsigned group)
{
    const unsigned char *packed = block + 4;
    unsigned scale, minimum;
    if (group < 4) {
        scale = packed[group] & 63u;
        minimum = packed[4 + group] & 63u;
    } else {
        scale = (packed[4 + group] & 15u) | (unsigned)(packed[group - 4] >> 6) << 4;
        minimum = (unsigned)(packed[4 + group] >> 4) | (unsigned)(packed[group] >> 6) << 4;
    }
    return (struct affine){load_half(block) * (float)scale, load_half(block + 2) * (float)minimum};
}

/* Even groups of Q4_K and Q5_K are in the low nibbles of 32 bytes, odd ones in the high nibbles of
 * the same. */
void ggml_decode_q4_k(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q4_K_BYTES) {
        for (unsigned group = 0; group < 8; group++, out += 32) {
            struct affine affine = affine_of_group(bytes, group);
            const unsigned char *codes = bytes + 16 + 32 * (group / 2);
            unsigned shift = 4 * (group % 2);
            for (unsigned i = 0; i < 32; i++)
                out[i] = (double)(affine.scale * (float)(codes[i] >> shift & 15) - affine.minimum);
        }
    }
}

void ggml_decode_q5_k(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q5_K_BYTES) {
        const unsigned char *high = bytes + 16;
        for (unsigned group = 0; group < 8; group++, out += 32) {
            struct affine affine = affine_of_group(bytes, group);
            const unsigned char *codes = bytes + 48 + 32 * (group / 2);
            unsigned shift = 4 * (group % 2);
            for (unsigned i = 0; i < 32; i++) {
                int code = (codes[i] >> shift & 15) | (high[i] >> group & 1) << 4;
                out[i] = (double)(affine.scale * (float)code - affine.minimum);
            }
        }
    }
}

/* Half a block of Q6_K takes 64 bytes of low nibbles: its elements 0 to 63 the lower ones, 64 to
 * 127 the upper ones; and 32 bytes of high bits, like the codes of Q2_K. */
void ggml_decode_q6_k(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q6_K_BYTES) {
        float unit = load_half(bytes + 208);
        for (unsigned group = 0; group < 16; group++, out += 16) {
            const unsigned char *low = bytes + 64 * (group / 8) + 16 * (group % 4);
            unsigned shift = group % 8 / 4 * 4;
            struct place place = place_of_group(group);
            const unsigned char *high = bytes + 128 + place.byte;
            float scale = unit * (float)(int8_t)bytes[192 + group];
            for (unsigned i = 0; i < 16; i++) {
                int code = (low[i] >> shift & 15) | (high[i] >> place.shift & 3) << 4;
                out[i] = (double)(scale * (float)(code - 32));
            }
        }
    }
}

void ggml_decode_q8_k(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q8_K_BYTES, out += 256) {
        float scale = single_of_bits(load32(bytes));
        const unsigned char *codes = bytes + 4;
        for (unsigned i = 0; i < 256; i++)
            out[i] = (double)(scale * (float)(int8_t)codes[i]);
    }
}
