/* SPDX-License-Identifier: MIT
 *
 * What the user asks of a quantizer: levels, bit width, granularity, clip rule (MATH §2).
 */
#ifndef QUANT_SCHEME_H
#define QUANT_SCHEME_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "quant/granularity.h"
#include "quant/levels.h"

/* In the order in which a key goes through them. */
enum clip_rule {
    CLIP_MAX,
    CLIP_SIGMA,
    CLIP_PERCENTILE,
    CLIP_ACIQ, /* analytical, for the family that the tensor is nearer to */
    CLIP_MSE,  /* of least sum e^2 */
    CLIP_LP,   /* of least sum |e|^P */
    CLIP_VALUE,
    CLIP_STEP, /* no threshold but the step itself, on a grid without ends (the lab's), where the
                * bit width says nothing */
    CLIP_RULES
};

struct clip {
    enum clip_rule rule;
    double parameter; /* K, P, C or Q; 0 for a rule that takes none */
};

struct scheme {
    int bits; /* 1 .. 16; within levels_bits for other levels than a uniform grid's */
    struct clip clip;
    struct levels levels;
    struct granularity granularity; /* a block format has its own */
    bool asymmetric; /* 2^b levels over [lo, hi] with a zero point; uniform grids alone */
    bool full_range; /* -2^(b-1) .. 2^(b-1)-1 over c instead of -N .. N; symmetric ones alone */
    /* Bias correction by channel (MATH §7): the mean of the weights, and their norm about it, are
     * put back behind the rounding. */
    bool correct_mean, correct_norm;
};

#define SCHEME_BITS_LEAST 1
#define SCHEME_BITS_MOST  16

/* 4 bits, uniform, symmetric, per channel, clip max. */
struct scheme scheme_default(void);

/* True if the grid never clips, so that theory's has no ends (MATH §3.6): `max` and `step`. */
bool scheme_endless(const struct scheme *scheme);

bool scheme_equal(const struct scheme *a, const struct scheme *b);

/* Whether the settings go together; false with ERROR_USAGE, saying which do not: a width that the
 * levels do not have, asymmetric codebooks, ...  A clip rule where levels take none, and a
 * granularity beside a block format's own, are not looked at. */
bool scheme_check(const struct scheme *scheme, struct error *error);

/* The granularity that holds: a block format's own, or the one asked for. */
struct granularity scheme_granularity(const struct scheme *scheme);

/* Bits stored for a weight, scales included, of a matrix of so many rows and columns: a scale is
 * 16 bits (with a location 32), a zero point as wide as a code, a correction's figure 16 bits a
 * channel; levels of a unit's own 16 bits each. */
double scheme_bits_per_weight(const struct scheme *scheme, uint64_t rows, uint64_t columns);

/* "4-bit uniform, group:64, asymmetric, clip mse", for legends. */
void scheme_print(struct text *out, const struct scheme *scheme);

/* True if the threshold is found by looking at the elements, beyond their moments. */
bool scheme_searches(const struct scheme *scheme);

/* Parses "max", "sigma:2.5", "percentile:99.9", "aciq", "mse", "lp:2.4", "value:0.1", "step:0.5" (a
 * blank serves as the colon).  A rule without its number takes the rule's default.  False with
 * ERROR_USAGE, saying what is allowed. */
bool clip_parse(const char *text, struct clip *clip, struct error *error);

/* Writes the rule as clip_parse reads it, shortest form. */
void clip_print(struct text *out, const struct clip *clip);

/* "max", "sigma", ... */
const char *clip_name(enum clip_rule rule);

/* Whether the rule takes a number. */
bool clip_has_parameter(enum clip_rule rule);

/* The rule's default parameter, the range it may have, and the amount a key changes it by (sigma
 * 0.1, percentile in steps that halve the distance to 100, lp 0.2, value by 5 %).  direction is +1
 * or -1; clip_step leaves a rule without a parameter alone. */
struct clip clip_default(enum clip_rule rule);
void clip_step(struct clip *clip, int direction);

bool clip_equal(const struct clip *a, const struct clip *b);

#endif
