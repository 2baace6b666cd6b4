/* SPDX-License-Identifier: MIT
 *
 * Formats that store small blocks of weights with scales of their own: the microscaling formats of
 * OCP, NVFP4, and ggml's (MATH §2.5, FORMULAS §4.5).  A new one is a row in its family's file and
 * one in block_format.c.
 */
#ifndef QUANT_BLOCK_FORMAT_H
#define QUANT_BLOCK_FORMAT_H

#include <stdbool.h>
#include <stddef.h>

#define BLOCK_FORMAT_MOST 32 /* elements of a block */

struct codebook;
struct small_float;

/* Where a block's levels lie: location + scale * level for the levels of the format's elements, or
 * for their negatives if mirrored.  scale is not negative; 0: the whole block becomes location.  It
 * and the location are infinite where the format stores infinity. */
struct block_place {
    double location, scale;
    bool mirrored;
};

struct block_format {
    const char *name;       /* as in --scheme: "mxfp4", "q4_0" */
    const char *title;      /* "MXFP4", "Q4_0" */
    unsigned block;         /* elements that share a scale; a shorter last block is allowed */
    double bits_per_weight; /* scales included, of whole blocks */
    double element_bits;    /* of an element alone */
    /* The stored values of n <= block weights, all finite: out[i], which may be w[i], is what w[i]
     * becomes.  outer is the format's scale for the whole tensor (1 if it has none).  Weights too
     * large for a format saturate, but for ggml's: a scale or a minimum that half precision cannot
     * hold is stored as infinity, and so its block's values are infinities and NaN. */
    void (*round)(const struct block_format *format, const double w[], size_t n, double outer,
                  double out[]);
    /* The tensor's scale from its largest magnitude; NULL: there is none. */
    double (*outer)(double abs_max);
    /* All that an element can stand for, to be multiplied by its block's scale; the caller's to
     * free.  Which of the levels a weight goes to is the format's affair: all but at most some
     * thousandth of a step beside the middles go to the nearest. */
    struct codebook *(*elements)(const struct block_format *format);
    /* The levels of a block of n finite weights: every value that `round` stores is one of them. */
    struct block_place (*place)(const struct block_format *format, const double w[], size_t n,
                                double outer);
    const struct small_float *element; /* private to block_mx.c */
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

/* The levels of a block of n <= block weights; those that are not finite count as 0. */
struct block_place block_format_place(const struct block_format *format, const double w[], size_t n,
                                      double outer);

/* A codebook of the whole numbers lowest .. highest, each divided by `divisor`: elements that are
 * integers. */
struct codebook *block_format_integers(int lowest, int highest, double divisor);

#endif
