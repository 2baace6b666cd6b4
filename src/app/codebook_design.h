/* SPDX-License-Identifier: MIT
 *
 * The levels that `codebook` prints: those of a scheme at the scale that fits a source, or those
 * that fit given values; and what each of them costs.
 */
#ifndef APP_CODEBOOK_DESIGN_H
#define APP_CODEBOOK_DESIGN_H

#include <stddef.h>

#include "app/options.h"
#include "base/error.h"
#include "stats/source.h"

/* One level, the values that are rounded to it, and what they add to the MSE. */
struct design_cell {
    double level, from, to; /* the outermost cells have no end */
    double probability, mse;
};

struct design {
    size_t n;
    struct design_cell *cell; /* levels ascending */
    double mse;
    double signal; /* E w², which the MSE is compared with */
    double scale;  /* of the scheme's own levels */
    double clip;   /* largest distance of a level from the mean */
    unsigned iterations;
    int bits;
};

/* The levels of --scheme for a source, whose mean and std count; false with ERROR_USAGE. */
bool design_make(struct design *design, const struct options *options, const struct source *source,
                 struct error *error);

/* The best 2^bits levels for n >= 1 finite ascending values. */
void design_make_empirical(struct design *design, int bits, const double sorted[], size_t n);

void design_done(struct design *design);

#endif
