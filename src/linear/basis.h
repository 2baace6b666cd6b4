/* SPDX-License-Identifier: MIT
 *
 * The coordinates in which a layer's input and weights are quantized: an invertible T of x that
 * leaves W x as it is, because (W T⁻¹)(T x) = W x (MATH §9).  The composition that a
 * transform_spec names, made for a width and from what is known of the layer, or of all layers that
 * share the input.
 */
#ifndef LINEAR_BASIS_H
#define LINEAR_BASIS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "linear/moment.h"
#include "linear/transform_spec.h"

/* What is known of a layer; all lent, and only for the call.  transform_spec_needs tells what is
 * needed; the rest may be NULL. */
struct basis_input {
    size_t columns;
    struct moment x; /* E xxᵀ; value NULL for isotropic input */
    struct moment w; /* WᵀW, the sum of those of the layers that share the input */
    const double *x_maxima, *w_maxima; /* [columns] largest |x_j| and |W_ij|, over those layers */
    const double *matrix;              /* [columns, columns], T by rows, of matrix:FILE */
};

struct basis; /* immutable: any number of threads may use it */

/* NULL with ERROR_USAGE if the spec does not fit the width or what is known of the layer, with
 * ERROR_FILE if the numbers admit no transform.  The caller frees it. */
struct basis *basis_new(const struct transform_spec *spec, const struct basis_input *input,
                        struct error *error);
void basis_free(struct basis *basis);

size_t basis_columns(const struct basis *basis);

/* T is orthogonal: it leaves norms, traces and the alignment as they are. */
bool basis_is_orthogonal(const struct basis *basis);

/* Blocks of columns that do not mix with others have this width; 1 if no columns are mixed. */
size_t basis_width(const struct basis *basis);

/* The transforms in it and what each came to: "hadamard 1536 = 12 x 128, Paley I over GF(11)",
 * "align 128, ridge 1e-06". */
size_t basis_parts(const struct basis *basis);
const char *basis_part_text(const struct basis *basis, size_t part);

/* Appends them all: "align 128, ridge 1e-06; hadamard 256", "none". */
void basis_print(const struct basis *basis, struct text *out);

/* Memory that it takes, about. */
size_t basis_bytes(const struct basis *basis);

/* Doubles of scratch that a caller (each thread its own) gives to the functions below. */
size_t basis_scratch(const struct basis *basis);

/* Any number of rows of `columns` values, one after the other, in place: tokens x become T x, and
 * rows w of the weights w T⁻¹.  A row's result does not depend on the rows beside it. */
void basis_turn_tokens(const struct basis *basis, double rows[], size_t count, double scratch[]);
void basis_turn_weights(const struct basis *basis, double rows[], size_t count, double scratch[]);

/* The same of rows of weights of which only the columns first .. first + n - 1 are at hand, n values
 * one after the other: whole blocks of basis_width. */
void basis_turn_stretch(const struct basis *basis, size_t first, size_t n, double rows[],
                        size_t count, double scratch[]);

#endif
