/* SPDX-License-Identifier: MIT
 *
 * What the levels of a scheme are: a uniform grid, a codebook, or the blocks of a storage format;
 * by the names of --scheme.
 */
#ifndef QUANT_LEVELS_H
#define QUANT_LEVELS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "quant/block_format.h"
#include "quant/codebook.h"

enum levels_kind {
    LEVELS_UNIFORM,   /* a grid (quant/grid.h) */
    LEVELS_CODEBOOK,  /* a row of quant/codebook.c */
    LEVELS_EMPIRICAL, /* Lloyd-Max levels of each unit's own values */
    LEVELS_BLOCKS,    /* a row of quant/block_format.c: scales and granularity are the format's */
};

/* For codebooks that follow a density (CODEBOOK_BY_SPREAD): which one a unit is given. */
enum levels_family {
    LEVELS_FAMILY_TENSOR, /* the one that the whole tensor is nearer to */
    LEVELS_FAMILY_UNIT,   /* the one that the unit itself is nearer to */
    LEVELS_FAMILY_GAUSSIAN,
    LEVELS_FAMILY_LAPLACE,
};

struct levels {
    enum levels_kind kind;
    const struct codebook_type *codebook; /* of LEVELS_CODEBOOK */
    const struct block_format *format;    /* of LEVELS_BLOCKS */
    enum levels_family family;
};

/* Parses "uniform", a codebook's name ("nf", "nf:4", "nf4", "lloyd-max", "apot", "fp8-e4m3"), of
 * codebooks that follow a density also with ":gaussian", ":laplace", ":unit" ("lloyd-max:laplace"),
 * "lloyd-max:empirical", or a block format's ("mxfp4", "q4_0").  *bits becomes the width that the
 * name gives, else stays.  False with ERROR_USAGE, saying what there is. */
bool levels_parse(const char *text, struct levels *levels, int *bits, struct error *error);

/* The name as levels_parse reads it ("nf:4" needs the bits), and the one for people: "uniform",
 * "Lloyd-Max (Laplace)", "NF4", "Q4_0". */
void levels_print(struct text *out, const struct levels *levels, int bits);
void levels_title(struct text *out, const struct levels *levels, int bits);

/* Whether the title tells the bit width: "NF4", "MXFP8", "FP4 E2M1". */
bool levels_title_has_bits(const struct levels *levels);

bool levels_equal(const struct levels *a, const struct levels *b);

/* The widths that exist; equal where there is one. */
void levels_bits(const struct levels *levels, int *least, int *most);

/* Whether clip rules are of any meaning: not where levels follow a density or a block's format. */
bool levels_take_clip(const struct levels *levels);

/* All that --scheme can name without parameters, in the order in which a key goes through them. */
extern const struct levels levels_choices[];
extern const size_t levels_choice_count;

#endif
