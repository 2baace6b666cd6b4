/* SPDX-License-Identifier: MIT
 *
 * Blocks of big-endian files, as ggml writes them on a big-endian machine: the fields that it reads
 * as numbers of more than a byte are the other way round, and so are the fifth bits of Q5_0 and
 * Q5_1, which it copies to a 32-bit number.  Codes that it reads as bytes are the same.
 */
#include "model/ggml_blocks.h"
#include "model/loads.h"

/* Numbers of `width` bytes, side by side. */
struct run {
    unsigned offset, width, count;
};

static void reverse(unsigned char *block, const struct run *runs, size_t n)
{
    for (size_t i = 0; i < n; i++)
        for (unsigned k = 0; k < runs[i].count; k++)
            load_reverse(block + runs[i].offset + k * runs[i].width, runs[i].width);
}

/* Defines ggml_reverse_NAME for blocks of BYTES bytes; the rest are the runs of a block. */
#define DEFINE_REVERSE(NAME, BYTES, ...)                                      \
    void ggml_reverse_##NAME(unsigned char *bytes, size_t blocks)             \
    {                                                                         \
        static const struct run runs[] = {__VA_ARGS__};                       \
        for (size_t i = 0; i < blocks; i++)                                   \
            reverse(bytes + i * (BYTES), runs, sizeof runs / sizeof runs[0]); \
    }

// clang-format off
/*             type    bytes of a block   {offset, width, count} */
DEFINE_REVERSE(q1_0,   GGML_Q1_0_BYTES,   {0, 2, 1})
DEFINE_REVERSE(q2_0,   GGML_Q2_0_BYTES,   {0, 2, 1})
DEFINE_REVERSE(q4_0,   GGML_Q4_0_BYTES,   {0, 2, 1})
DEFINE_REVERSE(q4_1,   GGML_Q4_1_BYTES,   {0, 2, 2})
DEFINE_REVERSE(q5_0,   GGML_Q5_0_BYTES,   {0, 2, 1}, {2, 4, 1})
DEFINE_REVERSE(q5_1,   GGML_Q5_1_BYTES,   {0, 2, 2}, {4, 4, 1})
DEFINE_REVERSE(q8_0,   GGML_Q8_0_BYTES,   {0, 2, 1})
DEFINE_REVERSE(q8_1,   GGML_Q8_1_BYTES,   {0, 2, 2})
DEFINE_REVERSE(q2_k,   GGML_Q2_K_BYTES,   {80, 2, 2})
DEFINE_REVERSE(q3_k,   GGML_Q3_K_BYTES,   {108, 2, 1})
DEFINE_REVERSE(q4_k,   GGML_Q4_K_BYTES,   {0, 2, 2})
DEFINE_REVERSE(q5_k,   GGML_Q5_K_BYTES,   {0, 2, 2})
DEFINE_REVERSE(q6_k,   GGML_Q6_K_BYTES,   {208, 2, 1})
DEFINE_REVERSE(q8_k,   GGML_Q8_K_BYTES,   {0, 4, 1}, {260, 2, 16})
DEFINE_REVERSE(tq1_0,  GGML_TQ1_0_BYTES,  {52, 2, 1})
DEFINE_REVERSE(tq2_0,  GGML_TQ2_0_BYTES,  {64, 2, 1})
DEFINE_REVERSE(iq4_nl, GGML_IQ4_NL_BYTES, {0, 2, 1})
DEFINE_REVERSE(iq4_xs, GGML_IQ4_XS_BYTES, {0, 2, 2})
// clang-format on
