/* SPDX-License-Identifier: MIT
 *
 * ggml's ternary types: blocks of 256 elements that are -1, 0 or 1 scales.
 */
#include <stdint.h>

#include "model/ggml_blocks.h"
#include "model/loads.h"

/* The trits at one place, counted from the most significant, of each of n bytes.  A byte is the
 * number 0.abcde in base 3, in units of 1/256 and rounded up: its product by 3^place drops (modulo
 * 256) the trits before, and three times the rest has the trit above the byte. */
static double *take_trits(const unsigned char *bytes, unsigned n, unsigned place, float scale,
                          double *restrict out)
{
    static const unsigned power[] = {1, 3, 9, 27, 81};
    for (unsigned i = 0; i < n; i++) {
        unsigned rest = bytes[i] * power[place] & 0xffu;
        out[i] = (double)((float)((int)(rest * 3 >> 8) - 1) * scale);
    }
    return out + n;
}

/* 32 and 16 bytes of five trits, then 4 of four; the first trits of all bytes come first. */
void ggml_decode_tq1_0(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_TQ1_0_BYTES) {
        float scale = load_half(bytes + 52);
        for (unsigned place = 0; place < 5; place++)
            out = take_trits(bytes, 32, place, scale, out);
        for (unsigned place = 0; place < 5; place++)
            out = take_trits(bytes + 32, 16, place, scale, out);
        for (unsigned place = 0; place < 4; place++)
            out = take_trits(bytes + 48, 4, place, scale, out);
    }
}

/* Codes of two bits: half a block takes 32 bytes, its first 32 elements the lowest bits. */
void ggml_decode_tq2_0(const unsigned char *bytes, size_t blocks, double *restrict out)
{
    for (; blocks > 0; blocks--, bytes += GGML_TQ2_0_BYTES) {
        float scale = load_half(bytes + 64);
        for (unsigned group = 0; group < 8; group++, out += 32) {
            const unsigned char *codes = bytes + 32 * (group / 4);
            unsigned shift = 2 * (group % 4);
            for (unsigned i = 0; i < 32; i++)
                out[i] = (double)((float)((codes[i] >> shift & 3) - 1) * scale);
        }
    }
}
