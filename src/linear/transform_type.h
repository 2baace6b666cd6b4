/* SPDX-License-Identifier: MIT
 *
 * Kinds of transforms as descriptors, for the files of this layer: a new one is a file and a row in
 * transform_spec.c.
 */
#ifndef LINEAR_TRANSFORM_TYPE_H
#define LINEAR_TRANSFORM_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "base/text.h"
#include "linear/transform_spec.h"
#include "linear/turn.h"

struct basis_input;

struct transform_type {
    const char *name; /* before the first colon */
    /* Appends to the spec what "name:argument" means; argument is NULL without a colon. */
    bool (*parse)(struct transform_spec *spec, const char *argument, struct error *error);

    /* The rest is NULL for names that are never parts of a spec: none, cat, signs. */

    /* Appends the canonical form. */
    void (*print)(const struct transform_spec *spec, const struct transform_part *part,
                  struct text *out);
    /* How many columns it mixes at a time. */
    size_t (*width)(const struct transform_part *part, size_t columns);
    bool needs_moments, needs_maxima, needs_matrix;
    /* The transform of a layer; moments and maxima are those that the parts before it leave. */
    bool (*make)(const struct transform_part *part, const struct basis_input *input,
                 struct turn *turn, struct error *error);
};

extern const struct transform_type transform_scale;
extern const struct transform_type transform_align;
extern const struct transform_type transform_hadamard;
extern const struct transform_type transform_random;
extern const struct transform_type transform_matrix;

/* Appends a part, or says that there are too many. */
bool transform_add(struct transform_spec *spec, const struct transform_part *part,
                   struct error *error);

/* Whole arguments as numbers; false if they are not. */
bool transform_parse_count(const char *text, size_t *count); /* 1 .. 2^30 */
bool transform_parse_number(const char *text, double least, double most, double *number);
bool transform_parse_seed(const char *text, uint32_t *seed); /* 1 for NULL */

/* Returns false, and says what is wanted in place of an argument. */
bool transform_say_usage(const char *wanted, const char *argument, struct error *error);

/* The shortest decimal that reads back as the same number. */
void transform_print_number(double value, struct text *out);

#endif
