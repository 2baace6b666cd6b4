/* SPDX-License-Identifier: MIT
 *
 * ggml's plain blocks: a scale in half precision, in the types _1 a minimum too (Q8_1: the sum of
 * the values, of no use here), and codes of 1 to 8 bits.
 */
#include <stdint.h>

#include "model/ggml_blocks.h"
#include "model/loads.h"

/* Codes of one bit, the first in the lowest of a byte: the value is the scale or its opposite. */
void ggml_decode_q1_0(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q1_0_BYTES, out += 128) {
        float scale = load_half(bytes);
        const unsigned char *codes = bytes + 2;
        for (unsigned i = 0; i < 128; i++)
            out[i] = (double)(codes[i / 8] >> i % 8 & 1 ? scale : -scale);
    }
}

/* Codes of two bits, the first in the lowest of a byte: -1, 0, 1 and 2 scales. */
void ggml_decode_q2_0(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q2_0_BYTES, out += 64) {
        float scale = load_half(bytes);
        const unsigned char *codes = bytes + 2;
        for (unsigned i = 0; i < 64; i++)
            out[i] = (double)((float)((codes[i / 4] >> i % 4 * 2 & 3) - 1) * scale);
    }
}

/* In all types of 4 and 5 bits the first half of a block is in the low nibbles. */
void ggml_decode_q4_0(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q4_0_BYTES, out += 32) {
        float scale = load_half(bytes);
        const unsigned char *codes = bytes + 2;
        for (unsigned i = 0; i < 16; i++)
            out[i] = (double)((float)((codes[i] & 15) - 8) * scale);
        for (unsigned i = 0; i < 16; i++)
            out[16 + i] = (double)((float)((codes[i] >> 4) - 8) * scale);
    }
}

void ggml_decode_q4_1(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q4_1_BYTES, out += 32) {
        float scale = load_half(bytes), minimum = load_half(bytes + 2);
        const unsigned char *codes = bytes + 4;
        for (unsigned i = 0; i < 16; i++)
            out[i] = (double)((float)(codes[i] & 15) * scale + minimum);
        for (unsigned i = 0; i < 16; i++)
            out[16 + i] = (double)((float)(codes[i] >> 4) * scale + minimum);
    }
}

/* The 32 codes of five bits: the fifth ones are the bits of a number, the first in its lowest. */
static void join_fifth_bits(const unsigned char *fifth, const unsigned char *nibbles, int codes[32])
{
    uint32_t bits = load32(fifth);
    for (unsigned i = 0; i < 16; i++) {
        codes[i] = (int)((nibbles[i] & 15u) | (bits >> i & 1) << 4);
        codes[16 + i] = (int)((uint32_t)(nibbles[i] >> 4) | (bits >> (16 + i) & 1) << 4);
    }
}

void ggml_decode_q5_0(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q5_0_BYTES, out += 32) {
        float scale = load_half(bytes);
        int codes[32];
        join_fifth_bits(bytes + 2, bytes + 6, codes);
        for (unsigned i = 0; i < 32; i++)
            out[i] = (double)((float)(codes[i] - 16) * scale);
    }
}

void ggml_decode_q5_1(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q5_1_BYTES, out += 32) {
        float scale = load_half(bytes), minimum = load_half(bytes + 2);
        int codes[32];
        join_fifth_bits(bytes + 4, bytes + 8, codes);
        for (unsigned i = 0; i < 32; i++)
            out[i] = (double)((float)codes[i] * scale + minimum);
    }
}

void ggml_decode_q8_0(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q8_0_BYTES, out += 32) {
        float scale = load_half(bytes);
        const unsigned char *codes = bytes + 2;
        for (unsigned i = 0; i < 32; i++)
            out[i] = (double)((float)(int8_t)codes[i] * scale);
    }
}

void ggml_decode_q8_1(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_Q8_1_BYTES, out += 32) {
        float scale = load_half(bytes);
        const unsigned char *codes = bytes + 4;
        for (unsigned i = 0; i < 32; i++)
            out[i] = (double)((float)(int8_t)codes[i] * scale);
    }
}
