/* SPDX-License-Identifier: MIT
 *
 * ggml's types with codebooks of 16 levels: IQ4_NL and IQ4_XS, whose levels suit bell-shaped
 * weights, and MXFP4 and NVFP4, whose levels are the floats E2M1.
 */
#include <stdint.h>

#include "model/ggml_blocks.h"
#include "model/loads.h"

static const float iq4_levels[16] = {-127, -104, -83, -65, -49, -35, -22, -10,
                                     1,    13,   25,  38,  53,  69,  89,  113};

/* Twice the values of E2M1; ggml halves the scales instead. */
static const float e2m1_levels[16] = {0, 1, 2, 3, 4, 6, 8, 12, 0, -1, -2, -3, -4, -6, -8, -12};

/* n bytes of two codes, the first n elements in the low nibbles. */
static void take_levels(const unsigned char *codes, unsigned n, const float levels[16], float scale,
                        double *restrict out)
{
    for (unsigned i = 0; i < n; i++) {
        out[i] = (double)(scale * levels[codes[i] & 15]);
        out[n + i] = (double)(scale * levels[codes[i] >> 4]);
    }
}

void ggml_decode_iq4_nl(const unsigned char *bytes, size_t blocks, double *out)
{
    for (; blocks > 0; blocks--, bytes += GGML_IQ4_NL_BYTES, out += 32)
        take_levels(bytes + 2, 16, iq4_levels, load_half(bytes), out);
}

/* Groups of 32 with scales of 6 bits, in units of the block's: the high two bits of all are a
 * number, the low four are nibbles. */
void ggml_decode_iq4_xs(const unsigned char *bytes, size_t blocks, double *out)
{
    for (; blocks > 0; blocks--, bytes += GGML_IQ4_XS_BYTES) {
        float unit = load_half(bytes);
        unsigned high = load16(bytes + 2);
        for (unsigned group = 0; group < 8; group++, out += 32) {
            int low = bytes[4 + group / 2] >> group % 2 * 4 & 15;
            int steps = (low | (int)(high >> 2 * group & 3) << 4) - 32;
            take_levels(bytes + 8 + 16 * group, 16, iq4_levels, unit * (float)steps, out);
        }
    }
}

/* Half the scale E8M0, 2^(code - 128).  As in ggml, 255 is no NaN but the next power of two. */
static float half_of_e8m0(unsigned char code)
{
    uint32_t subnormal = 0x00200000u << (code & 1);
    return single_of_bits(choose(code < 2, subnormal, ((uint32_t)code - 1) << 23));
}

void ggml_decode_mxfp4(const unsigned char *bytes, size_t blocks, double *out)
{
    for (; blocks > 0; blocks--, bytes += GGML_MXFP4_BYTES, out += 32)
        take_levels(bytes + 1, 16, e2m1_levels, half_of_e8m0(bytes[0]), out);
}

/* Half the scale E4M3, whose sign is not looked at.  As in ggml, the code of NaN stands for 0. */
static float half_of_ue4m3(unsigned char code)
{
    uint32_t magnitude = code & 0x7fu;
    uint32_t normal = (magnitude << 20) + ((127u - 7u - 1u) << 23);
    uint32_t subnormal = bits_of_single((float)(int32_t)magnitude * 0x1p-10f);
    uint32_t bits = choose(magnitude < 0x08u, subnormal, normal);
    return single_of_bits(choose(code == 0x7fu, 0, bits));
}

/* Groups of 16 with a scale each. */
void ggml_decode_nvfp4(const unsigned char *bytes, size_t blocks, double *out)
{
    for (; blocks > 0; blocks--, bytes += GGML_NVFP4_BYTES)
        for (unsigned group = 0; group < 4; group++, out += 16)
            take_levels(bytes + 4 + 8 * group, 8, e2m1_levels, half_of_ue4m3(bytes[group]), out);
}
