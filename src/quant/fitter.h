/* SPDX-License-Identifier: MIT
 *
 * Makes the quantizers of units whose values are at hand: a group, a block, a channel that fits a
 * buffer.  One worker's: its memory serves unit after unit.
 */
#ifndef QUANT_FITTER_H
#define QUANT_FITTER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "quant/quantizer.h"
#include "quant/scheme.h"

/* The codebooks that a scheme's units share: none for a uniform grid, one, or one a family. */
struct books;

/* NULL with *error if the codebook does not exist for these settings. */
struct books *books_make(const struct scheme *scheme, struct error *error);
void books_free(struct books *books);

/* That of a family; of a scheme that has one family only, that one's.  NULL if units have their own
 * or none. */
const struct codebook *books_codebook(const struct books *books, bool laplace);

/* The levels of a block format's elements, or their negatives (struct block_place). */
const struct codebook *books_elements(const struct books *books, bool mirrored);

struct fitter;

/* laplace: the family of the whole tensor; tensor_abs_max: its largest magnitude (both are looked
 * at where the scheme needs them only).  books are lent. */
struct fitter *fitter_new(const struct scheme *scheme, const struct books *books, bool laplace,
                          double tensor_abs_max);
void fitter_free(struct fitter *fitter);

/* The quantizer of n values.  What it lends lives until the fitter's next fit. */
struct quantizer fitter_fit(struct fitter *fitter, const double w[], size_t n);

/* Bias correction (MATH §7): what is put back behind the rounding of a channel.  The mean becomes
 * that of the weights, the norm about the mean too: ξ (Q - µ_Q) + µ_w with ξ = σ_w / σ_Q, as
 * FORMULAS §2.2 has it.  (MATH §7 prints ξ (Q + µ_w - µ_Q), whose mean is ξ µ_w: no reference
 * figure agrees with that.)  Of the norm alone, about the mean that the stored values have. */
struct correction {
    double shift, gain; /* Q'(w) = gain * (Q(w) + shift) */
};

/* Sums of a channel's weights and their errors; they merge; all zero is empty. */
struct correction_sums {
    struct moments weight, stored; /* of w, and of Q(w) */
};

void correction_add(struct correction_sums *sums, const double w[], const double e[], size_t n);
void correction_merge(struct correction_sums *sums, const struct correction_sums *other);

/* Nothing (shift 0, gain 1) where the scheme asks for nothing, or for an empty channel; gain 1 where
 * the weights or the stored values have no spread. */
struct correction correction_make(const struct scheme *scheme, const struct correction_sums *sums);

/* e becomes Q'(w) - w. */
void correction_apply(const struct correction *correction, const double w[], double e[], size_t n);

/* The prediction behind a correction, for a source.  A correction moves everything: the MSE is no
 * longer divided into a granular and an overload part, both NaN. */
struct prediction correction_predict(const struct scheme *scheme, const struct source *source,
                                     const struct prediction *prediction);

#endif
