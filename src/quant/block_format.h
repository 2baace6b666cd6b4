/* SPDX-License-Identifier: MIT
 *
 * Formats that store small blocks of weights with scales of their own: the microscaling formats of
 * OCP, NVFP4, and ggml's (MATH §2.5, FORMULAS §4.5).  A new one is a row in its family's file and
 * one in block_format.c.
 */
#ifndef QUANT_BLOCK_FORMAT_H
#define QUANT_BLOCK_FORMAT_H

#include <stddef.h>

#define BLOCK_FORMAT_MOST 32 /* elements of a block */

struct block_format {
    const char *name;       /* as in --scheme: "mxfp4", "q4_0" */
    const char *title;      /* "MXFP4", "Q4_0" */
    unsigned block;         /* elements that share a scale; a shorter last block is allowed */
    double bits_per_weight; /* scales included, of whole blocks */
    double element_bits;    /* of an element alone */
    /* The stored values of n <= block weights, all finite: out[i], which may be w[i], is what w[i]
     * becomes.  outer is
     * the format's scale for the whole tensor (1 if it has none).  Weights too large for a format
     * saturate, but for ggml's: a scale or a minimum that half precision cannot hold is stored as
     * infinity, and so its block's values are infinities and NaN. */
    void (*round)(const struct block_format *format, const double w[], size_t n, double outer,
                  double out[]);
    /* The tensor's scale from its largest magnitude; NULL: there is none. */
    double (*outer)(double abs_max);
};

extern const struct block_format block_format_mxfp4, block_format_mxfp6, block_format_mxfp8,
    block_format_mxint8, block_format_nvfp4, block_format_q4_0, block_format_q4_1,
    block_format_q5_0, block_format_q5_1, block_format_q8_0;

extern const struct block_format *const block_formats[];
extern const size_t block_format_count;

/* The format of that name; NULL if there is none. */
const struct block_format *block_format_find(const char *name);

/* e[i] = stored - w[i] for a run of whole blocks (and a last shorter one), n elements; elements
 * that are not finite get NaN and count as 0 in their block.  Where a stored value is infinite or
 * NaN, so is e[i]. */
void block_format_round(const struct block_format *format, const double w[], size_t n, double outer,
                        double e[]);

#endif
