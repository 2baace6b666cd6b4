/* SPDX-License-Identifier: MIT
 *
 * A source between the extremes that a codebook's unit is known to have.  Private to
 * theory_codebook*.c.
 */
#ifndef QUANT_THEORY_WITHIN_H
#define QUANT_THEORY_WITHIN_H

#include "quant/theory.h"

/* What counts of a source: `factor` times its mass between the extremes, and these themselves. */
struct theory_within {
    struct theory_extremes extremes;
    double factor;
};

/* Of all of the source if no extremes are known, or if they are not this source's. */
struct theory_within theory_within_make(const struct source *source,
                                        const struct theory_codebook *codebook);

#endif
