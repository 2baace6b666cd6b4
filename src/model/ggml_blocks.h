/* SPDX-License-Identifier: MIT
 *
 * The blocks of ggml's element types: their sizes, decoders (struct dtype's decode) and reversals
 * (its reverse).  For the table in ggml_types.c only.
 *
 * Decoders do ggml's own operations in single precision and in its order, so that values are equal
 * to the bit, and widen the result.
 */
#ifndef MODEL_GGML_BLOCKS_H
#define MODEL_GGML_BLOCKS_H

#include <stddef.h>

/* Bytes of a block, field by field in the order of the file. */
enum {
    /* Scale, then minimum or sum, high bits, codes; of 32 elements unless said otherwise. */
    GGML_Q1_0_BYTES = 2 + 16, /* of 128 elements */
    GGML_Q2_0_BYTES = 2 + 16, /* of 64 elements */
    GGML_Q4_0_BYTES = 2 + 16,
    GGML_Q4_1_BYTES = 2 + 2 + 16,
    GGML_Q5_0_BYTES = 2 + 4 + 16,
    GGML_Q5_1_BYTES = 2 + 2 + 4 + 16,
    GGML_Q8_0_BYTES = 2 + 32,
    GGML_Q8_1_BYTES = 2 + 2 + 32,
    /* Of 256 elements. */
    GGML_Q2_K_BYTES = 16 + 64 + 2 + 2,       /* scales and minima, codes, their two scales */
    GGML_Q3_K_BYTES = 32 + 64 + 12 + 2,      /* high bits, codes, scales, scale */
    GGML_Q4_K_BYTES = 2 + 2 + 12 + 128,      /* two scales, scales and minima, codes */
    GGML_Q5_K_BYTES = 2 + 2 + 12 + 32 + 128, /* the same with high bits before the codes */
    GGML_Q6_K_BYTES = 128 + 64 + 16 + 2,     /* low bits, high bits, scales, scale */
    GGML_Q8_K_BYTES = 4 + 256 + 32,          /* scale (single), codes, sums of 16 codes */
    GGML_TQ1_0_BYTES = 48 + 4 + 2,           /* 5 trits a byte, 4 trits a byte, scale */
    GGML_TQ2_0_BYTES = 64 + 2,               /* codes, scale */
    GGML_IQ4_XS_BYTES = 2 + 2 + 4 + 128,     /* scale, scales' high and low bits, codes */
    /* Scales, codes. */
    GGML_IQ4_NL_BYTES = 2 + 16, /* of 32 elements */
    GGML_MXFP4_BYTES = 1 + 16,  /* of 32 elements */
    GGML_NVFP4_BYTES = 4 + 32,  /* of 64 elements */
};

void ggml_decode_q1_0(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q2_0(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q4_0(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q4_1(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q5_0(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q5_1(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q8_0(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q8_1(const unsigned char *bytes, size_t blocks, double *out);

void ggml_decode_q2_k(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q3_k(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q4_k(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q5_k(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q6_k(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_q8_k(const unsigned char *bytes, size_t blocks, double *out);

void ggml_decode_tq1_0(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_tq2_0(const unsigned char *bytes, size_t blocks, double *out);

void ggml_decode_iq4_nl(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_iq4_xs(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_mxfp4(const unsigned char *bytes, size_t blocks, double *out);
void ggml_decode_nvfp4(const unsigned char *bytes, size_t blocks, double *out);

void ggml_reverse_q1_0(unsigned char *bytes, size_t blocks);
void ggml_reverse_q2_0(unsigned char *bytes, size_t blocks);
void ggml_reverse_q4_0(unsigned char *bytes, size_t blocks);
void ggml_reverse_q4_1(unsigned char *bytes, size_t blocks);
void ggml_reverse_q5_0(unsigned char *bytes, size_t blocks);
void ggml_reverse_q5_1(unsigned char *bytes, size_t blocks);
void ggml_reverse_q8_0(unsigned char *bytes, size_t blocks);
void ggml_reverse_q8_1(unsigned char *bytes, size_t blocks);
void ggml_reverse_q2_k(unsigned char *bytes, size_t blocks);
void ggml_reverse_q3_k(unsigned char *bytes, size_t blocks);
void ggml_reverse_q4_k(unsigned char *bytes, size_t blocks);
void ggml_reverse_q5_k(unsigned char *bytes, size_t blocks);
void ggml_reverse_q6_k(unsigned char *bytes, size_t blocks);
void ggml_reverse_q8_k(unsigned char *bytes, size_t blocks);
void ggml_reverse_tq1_0(unsigned char *bytes, size_t blocks);
void ggml_reverse_tq2_0(unsigned char *bytes, size_t blocks);
void ggml_reverse_iq4_nl(unsigned char *bytes, size_t blocks);
void ggml_reverse_iq4_xs(unsigned char *bytes, size_t blocks);

#endif
