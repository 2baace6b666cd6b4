/* SPDX-License-Identifier: MIT
 *
 * What people ask for when they name a transform (MATH §9): "hadamard", "cat:64",
 * "scale:0.5+hadamard+signs:7".  The grammar only; basis.h makes the transform of a layer.
 */
#ifndef LINEAR_TRANSFORM_SPEC_H
#define LINEAR_TRANSFORM_SPEC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"

#define TRANSFORM_PARTS 8    /* most transforms in a composition */
#define TRANSFORM_FILE  1024 /* longest name of a matrix file, with its NUL */

/* For help and messages. */
#define TRANSFORM_USAGE                                                                 \
    "none, scale:ALPHA, align[:K[^BETA]], hadamard[:B][+signs[:SEED]], random[:SEED], " \
    "matrix:FILE, cat[:K], or several joined by +, the first applied to x first"

struct transform_type;

/* One transform of a composition; which members mean anything is the type's affair. */
struct transform_part {
    const struct transform_type *type;
    size_t size;     /* K, B; B = 0 for the whole width */
    double strength; /* ALPHA, BETA */
    bool signs;      /* random signs before Hadamard's matrix */
    uint32_t seed;
};

/* Plain data, copied by assignment.  No parts: nothing is transformed.  All zero is "none". */
struct transform_spec {
    size_t count;
    struct transform_part part[TRANSFORM_PARTS]; /* part[0] is applied to x first */
    char file[TRANSFORM_FILE];                   /* of matrix:FILE, of which there is one at most */
};

/* False with ERROR_USAGE and what is wanted; *spec is then unchanged. */
bool transform_spec_parse(const char *text, struct transform_spec *spec, struct error *error);

/* Appends the one form that means the same: "cat" becomes "align:128+hadamard". */
void transform_spec_print(const struct transform_spec *spec, struct text *out);

/* What a layer must bring along for it. */
struct transform_needs {
    size_t moment_block; /* width of Σw's blocks that are used; 0 for no moments at all */
    bool maxima;         /* the largest |x_j| and |W_ij| of each column */
    bool matrix;         /* what spec->file holds */
};

struct transform_needs transform_spec_needs(const struct transform_spec *spec, size_t columns);

/* Whether it depends on what the layer's inputs and weights are like: on moments or maxima. */
bool transform_spec_fits_layer(const struct transform_spec *spec);
bool transform_spec_equal(const struct transform_spec *a, const struct transform_spec *b);

#endif
