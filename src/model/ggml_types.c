/* SPDX-License-Identifier: MIT */
#include "model/ggml_types.h"

#include <stddef.h>

#include "model/ggml_blocks.h"

/* Reasons, behind the name of a type. */
#define TABLE       " takes its values from a table of ggml's, which is not here"
#define REMOVED     " was removed from ggml before there was GGUF: quantize the model again"
#define REPACKED    " was removed from ggml, which makes it of Q4_0 on loading: convert to Q4_0"
#define REPACKED_NL " was removed from ggml, which makes it of IQ4_NL on loading: convert to IQ4_NL"

// clang-format off

/* A type of ggml's own: name, elements and bytes of a block, decode, reverse, reason. */
#define OWN(...) &(const struct dtype){__VA_ARGS__}
#define DECODED(NAME, ELEMENTS, BYTES, NAMED) \
    OWN(NAME, ELEMENTS, BYTES, ggml_decode_##NAMED, ggml_reverse_##NAMED, NULL)
#define LISTED(NAME, ELEMENTS, BYTES, REASON) OWN(NAME, ELEMENTS, BYTES, NULL, NULL, NAME REASON)

static const struct dtype *const types[] = {
    [0]  = &dtype_f32,
    [1]  = &dtype_f16,
    [2]  = DECODED("Q4_0", 32, GGML_Q4_0_BYTES, q4_0),
    [3]  = DECODED("Q4_1", 32, GGML_Q4_1_BYTES, q4_1),
    [4]  = LISTED("Q4_2", 16, 10, REMOVED),
    [5]  = LISTED("Q4_3", 16, 12, REMOVED),
    [6]  = DECODED("Q5_0", 32, GGML_Q5_0_BYTES, q5_0),
    [7]  = DECODED("Q5_1", 32, GGML_Q5_1_BYTES, q5_1),
    [8]  = DECODED("Q8_0", 32, GGML_Q8_0_BYTES, q8_0),
    [9]  = DECODED("Q8_1", 32, GGML_Q8_1_BYTES, q8_1),
    [10] = DECODED("Q2_K", 256, GGML_Q2_K_BYTES, q2_k),
    [11] = DECODED("Q3_K", 256, GGML_Q3_K_BYTES, q3_k),
    [12] = DECODED("Q4_K", 256, GGML_Q4_K_BYTES, q4_k),
    [13] = DECODED("Q5_K", 256, GGML_Q5_K_BYTES, q5_k),
    [14] = DECODED("Q6_K", 256, GGML_Q6_K_BYTES, q6_k),
    [15] = DECODED("Q8_K", 256, GGML_Q8_K_BYTES, q8_k),
    [16] = LISTED("IQ2_XXS", 256, 2 + 64, TABLE),
    [17] = LISTED("IQ2_XS", 256, 2 + 64 + 8, TABLE),
    [18] = LISTED("IQ3_XXS", 256, 2 + 96, TABLE),
    [19] = LISTED("IQ1_S", 256, 2 + 32 + 16, TABLE),
    [20] = DECODED("IQ4_NL", 32, GGML_IQ4_NL_BYTES, iq4_nl),
    [21] = LISTED("IQ3_S", 256, 2 + 64 + 8 + 32 + 4, TABLE),
    [22] = LISTED("IQ2_S", 256, 2 + 64 + 8 + 8, TABLE),
    [23] = DECODED("IQ4_XS", 256, GGML_IQ4_XS_BYTES, iq4_xs),
    [24] = &dtype_i8,
    [25] = &dtype_i16,
    [26] = &dtype_i32,
    [27] = &dtype_i64,
    [28] = &dtype_f64,
    [29] = LISTED("IQ1_M", 256, 32 + 16 + 8, TABLE),
    [30] = &dtype_bf16,
    [31] = LISTED("Q4_0_4_4", 32, GGML_Q4_0_BYTES, REPACKED),
    [32] = LISTED("Q4_0_4_8", 32, GGML_Q4_0_BYTES, REPACKED),
    [33] = LISTED("Q4_0_8_8", 32, GGML_Q4_0_BYTES, REPACKED),
    [34] = DECODED("TQ1_0", 256, GGML_TQ1_0_BYTES, tq1_0),
    [35] = DECODED("TQ2_0", 256, GGML_TQ2_0_BYTES, tq2_0),
    [36] = LISTED("IQ4_NL_4_4", 32, GGML_IQ4_NL_BYTES, REPACKED_NL),
    [37] = LISTED("IQ4_NL_4_8", 32, GGML_IQ4_NL_BYTES, REPACKED_NL),
    [38] = LISTED("IQ4_NL_8_8", 32, GGML_IQ4_NL_BYTES, REPACKED_NL),
    /* These two have scales of a byte, so there is nothing to reverse. */
    [39] = OWN("MXFP4", 32, GGML_MXFP4_BYTES, ggml_decode_mxfp4, NULL, NULL),
    [40] = OWN("NVFP4", 64, GGML_NVFP4_BYTES, ggml_decode_nvfp4, NULL, NULL),
    [41] = DECODED("Q1_0", 128, GGML_Q1_0_BYTES, q1_0),
    [42] = DECODED("Q2_0", 64, GGML_Q2_0_BYTES, q2_0),
};
// clang-format on

const struct dtype *ggml_type(uint32_t id)
{
    return id < sizeof types / sizeof types[0] ? types[id] : NULL;
}
