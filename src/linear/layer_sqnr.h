/* SPDX-License-Identifier: MIT
 *
 * The signal-to-quantization-noise ratio of a linear layer, taken apart (MATH §8.4, §8.5):
 *
 *   SQNR ≈ 12 (N_x² C(x) ∥ N_w² C(W)) A,   a ∥ b = 1 / (1/a + 1/b),
 *
 * in decibels the sum of what the bits give, the concentration and the alignment.
 */
#ifndef LINEAR_LAYER_SQNR_H
#define LINEAR_LAYER_SQNR_H

#include "linear/concentration.h"
#include "linear/layer_error.h"

/* What was summed over a layer. */
struct layer_sums {
    struct layer_error error;
    struct concentration weight;     /* over the rows of W */
    struct concentration activation; /* over the tokens that error is over; else power is tr Σx
                                      * (d for isotropic inputs), and ranges 0 */
    double weight_steps;             /* N_w: the range of a grid in steps */
    double activation_steps;         /* N_x; 0 if inputs are not to be quantized */
    double max_alignment;            /* not in decibels; NaN if it is not known */
};

/* All in decibels.  NaN where a ratio is not defined (no error, no signal) or needs samples that
 * are not there: with activation_steps > 0 the approximation, its concentration and all that is
 * measured but the weights alone. */
struct layer_sqnr {
    double bits, concentration, alignment;                 /* the terms */
    double approximation;                                  /* their sum */
    double weight_concentration, activation_concentration; /* C(W), C(x) by themselves */
    double max_alignment;
    double measured;         /* weights and inputs quantized together */
    double weights_only;     /* inputs as they are */
    double activations_only; /* weights as they are; NaN if inputs are not to be quantized */
};

struct layer_sqnr layer_sqnr_of(const struct layer_sums *sums);

#endif
