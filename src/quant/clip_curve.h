/* SPDX-License-Identifier: MIT
 *
 * The error over the clip: rounding (granular) falls as the clip does, what is cut off (overload)
 * grows, and their sum has a least somewhere between.  As it is for given weights, from prefix sums
 * over a clip_sample, and as theory has it for a source (MATH §3.6, §6).
 */
#ifndef QUANT_CLIP_CURVE_H
#define QUANT_CLIP_CURVE_H

#include <stddef.h>

#include "quant/clip_search.h"

struct quantizer;
struct source;

/* The error at each of n factors, which may exceed 1.  Exact, but for the sums' rounding (1e-14 of
 * the mean square of the weights) and a sample's bins, up to 256 levels.  More must be evenly
 * spaced: granular error is then that of a smooth density, step^2 / 12 of each weight. */
void clip_curve_measure(const struct clip_sample *sample, const struct clip_grids *grids,
                        const double factor[], size_t n, struct clip_error error[]);

/* What theory has for a source and the quantizer of factor 1, one that takes a clip. */
void clip_curve_predict(const struct source *source, const struct quantizer *widest,
                        const double factor[], size_t n, struct clip_error error[]);

struct clip_best {
    double factor, mse;
};

/* Where the mse is least, of n >= 1 points at factors of equal ratios: the vertex of the parabola
 * (in logarithms) through the least point and its neighbours; that point itself at an end, or where
 * there is no error. */
struct clip_best clip_curve_best(const double factor[], const struct clip_error error[], size_t n);

#endif
