/* SPDX-License-Identifier: MIT
 *
 * A linear layer of random draws, with the faults that real ones have: columns of the input that
 * are far larger than the rest, and columns that are large in the input where the weights are
 * small.
 */
#ifndef ENGINE_SYNTHETIC_LAYER_H
#define ENGINE_SYNTHETIC_LAYER_H

#include <stdbool.h>
#include <stddef.h>

#include <gsl/gsl_rng.h>

#include "base/error.h"
#include "base/text.h"
#include "engine/pool.h"
#include "stats/source.h"

/* y = Wx, W of rows x columns and x known from `tokens` samples, all of one source of mean 0 and
 * standard deviation 1.  All zero: no layer. */
struct synthetic_layer {
    size_t rows, columns, tokens;
    /* Column j of x is multiplied by s_j and that of W divided by it; log2 s_j spreads evenly over
     * -slope/2 .. slope/2, and among any neighbours. */
    double slope;
    /* Then this many columns at a time are rotated in x and W together, alike and at random, so that
     * no scaling of columns can undo the slope; 0 or 1: none. */
    size_t mixed;
    /* Then so many columns of x alone, evenly spread, are multiplied by `strength`. */
    size_t outliers;
    double strength;
};

#define SYNTHETIC_LAYER_SIDE 1024 /* most rows, columns and tokens */

/* Beyond these, draws of any source would leave what F32 can hold. */
#define SYNTHETIC_LAYER_SLOPE    32
#define SYNTHETIC_LAYER_STRENGTH 1e6

/* For help and messages. */
#define SYNTHETIC_LAYER_USAGE \
    "none, or ROWSxCOLUMNS[:TOKENS][+slope:OCTAVES][+mix:COLUMNS][+outliers:COLUMNS:FACTOR]"

/* Reads the above, with 256 tokens if none are told; false with ERROR_USAGE. */
bool synthetic_layer_parse(const char *text, struct synthetic_layer *layer, struct error *error);

/* Appends what reads back as the same layer. */
void synthetic_layer_print(const struct synthetic_layer *layer, struct text *out);

/* False for no layer. */
bool synthetic_layer_is(const struct synthetic_layer *layer);

bool synthetic_layer_equal(const struct synthetic_layer *a, const struct synthetic_layer *b);

/* False with ERROR_USAGE if a number is out of range: a side, or `mixed` that does not divide the
 * columns, or more outliers than columns. */
bool synthetic_layer_check(const struct synthetic_layer *layer, struct error *error);

/* Draws the weight, [rows, columns], and the inputs, [tokens, columns], of a layer that was checked.
 * The weight's elements have a mean square of 1.  False if memory does not suffice or the work was
 * cancelled. */
bool synthetic_layer_draw(const struct synthetic_layer *layer, const struct source *law,
                          gsl_rng *rng, float weight[], float inputs[], struct watch *watch,
                          struct error *error);

#endif
