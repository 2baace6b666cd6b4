/* SPDX-License-Identifier: MIT
 *
 * The transform that aligns a layer's input with its weights best: M of x -> M x, W -> W M⁻¹ with
 * the largest A = E |Wx|^2 / (|W|^2 E |x|^2) (MATH §8.6; CAT, arXiv 2603.04359, whose formulas for
 * it are misprinted: FORMULAS §3.3).
 */
#ifndef LINEAR_ALIGNMENT_H
#define LINEAR_ALIGNMENT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "linear/block_matrix.h"
#include "linear/moment.h"

/* What is added to the diagonal of a block before its optimum is computed, as a share of the
 * diagonal's mean: moments of few samples are singular. */
#define ALIGNMENT_RIDGE 1e-6

/* Fills `forward` with M^strength and `inverse` with M^-strength, which have the same blocks:
 * M = (Σw # Σx⁻¹)^(1/2), symmetric, of the moments' squares on each block with the ridge.
 * False if a moment is zero, not finite, or no second moment at all. */
bool alignment_optimum(const struct moment *x, const struct moment *w, size_t block,
                       double strength, struct block_matrix *forward, struct block_matrix *inverse,
                       struct error *error);

/* The same for blocks of one column: factor[j] = (|W_.j|^2 / E x_j^2)^(strength/4). */
bool alignment_diagonal(const struct moment *x, const struct moment *w, double strength,
                        double factor[], struct error *error);

#endif
