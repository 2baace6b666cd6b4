/* SPDX-License-Identifier: MIT
 *
 * Codebooks: sets of levels, in units of a scale, that values are rounded to (MATH §2.5).  A new
 * one is one file and one row in codebook.c.
 */
#ifndef QUANT_CODEBOOK_H
#define QUANT_CODEBOOK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "stats/source.h"

#define CODEBOOK_LEVELS_MOST 65536u

/* Private: finds the level of a value in one or two comparisons.  Buckets divide the magnitudes
 * between the smallest and the largest edge evenly in the bits of a double, that is about evenly in
 * the logarithm, for each sign. */
struct codebook_index {
    double *edge; /* of each level but the first, its least value; then NaN, which no x reaches */
    uint16_t *first;    /* of each bucket, in ascending order, the level of its least value */
    unsigned shift;     /* bits of a magnitude below its bucket's number */
    uint64_t lowest;    /* number of the first bucket of a sign, which reaches down to 0 */
    uint32_t buckets;   /* of each sign; the last one reaches up to infinity */
    double least, most; /* magnitudes in the first and in the last bucket */
    uint32_t half_step; /* a power of two; the bisection in a bucket begins with it */
};

/* Levels and what decides between neighbours.  Immutable once made. */
struct codebook {
    size_t count;        /* levels, 1 .. CODEBOOK_LEVELS_MOST */
    double *level;       /* ascending, all different */
    double *threshold;   /* count - 1; half way between neighbours */
    uint8_t *tie_up;     /* count - 1; 1: a value on the threshold goes to the upper level */
    double mse;          /* of the unit-variance source it is the best for; NaN if it is for none */
    unsigned iterations; /* that it took; 0 for a table or a recursion */
    struct codebook_index index;
};

/* How levels become those of a unit of weights. */
enum codebook_scale {
    CODEBOOK_BY_SPREAD, /* location + spread * level, by the fitted source: µ and σ of a Gaussian,
                         * median and √2 β of a Laplace, β the mean |w - median| */
    CODEBOOK_BY_CLIP,   /* the clip threshold c maps to the level of the largest magnitude */
};

struct codebook_type {
    const char *name;          /* as in --scheme: "lloyd-max", "nf", "fp8-e4m3" */
    const char *title;         /* for legends: "Lloyd-Max", "NF", "FP8 E4M3" */
    int bits_least, bits_most; /* that it exists for; equal if the name says them */
    enum codebook_scale scale;
    /* The levels for so many bits, of the family of `source` (its mean and std are not looked at;
     * only for CODEBOOK_BY_SPREAD, else NULL).  NULL with ERROR_USAGE, saying what is possible. */
    struct codebook *(*make)(const struct codebook_type *type, int bits,
                             const struct source *source, struct error *error);
};

extern const struct codebook_type codebook_lloyd_max, codebook_apot, codebook_nf, codebook_fp4_e2m1,
    codebook_fp8_e4m3, codebook_fp8_e5m2, codebook_fp6_e2m3, codebook_fp6_e3m2;

extern const struct codebook_type *const codebook_types[];
extern const size_t codebook_type_count;

/* The type of that name.  A type of several bit widths may have one of them behind a colon:
 * "nf:3"; "nf4" is "nf:4".  *bits becomes the width that the name gives, by a colon or because the
 * type has no other, else it stays as it is.  NULL with ERROR_USAGE: what there is. */
const struct codebook_type *codebook_find(const char *name, int *bits, struct error *error);

/* Whether a type exists for so many bits; false with ERROR_USAGE, saying which it does. */
bool codebook_check_bits(const struct codebook_type *type, int bits, struct error *error);

/* A codebook of these ascending levels, thresholds half way, mse NaN.  tie_up may be NULL: ties go
 * to the level of even index.  Between neighbours that have no double between them each level
 * keeps itself. */
struct codebook *codebook_of_levels(const double level[], size_t count, const uint8_t tie_up[]);

/* That of so many ascending magnitudes, the first of them 0, with both signs; ties go to the
 * magnitude of even index. */
struct codebook *codebook_of_magnitudes(const double magnitude[], size_t count);

void codebook_free(struct codebook *codebook);

/* The index of the level that x is rounded to; x must be finite. */
size_t codebook_nearest(const struct codebook *codebook, double x);

/* e[i] = location + scale * level - w[i], and the level's index in code[i] (if code is not NULL).
 * Elements that are not finite get NaN and index 0.  scale 0: every element becomes location, by
 * whatever level is the nearest to 0.  scale is never negative. */
void codebook_round(const struct codebook *codebook, double location, double scale,
                    const double w[], size_t n, double e[], int32_t code[]);

#endif
