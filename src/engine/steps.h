/* SPDX-License-Identifier: MIT
 *
 * The quantizers of a row's units, as theory is told of them: units of nearly the same step share
 * an entry, whose root mean square step stands for them all.
 *
 * A prediction is then as good as its curvature over an entry lets it be: exact for grids without
 * ends, whose mean square error goes with the step's square, and to 1e-3 of the mean square error
 * for others (measured; see tests/unit/engine/test_steps.c).
 */
#ifndef ENGINE_STEPS_H
#define ENGINE_STEPS_H

#include <stdbool.h>
#include <stddef.h>

#include "quant/quantizer.h"
#include "quant/scheme.h"

/* Size and place of the levels, and how far the extremes are apart on them. */
#define STEPS_KEY 3

struct steps_entry {
    struct quantizer first; /* that the entry began with */
    int key[STEPS_KEY];     /* what units must have in common */
    bool alike;             /* all units have the first one's levels */
    /* Sums over elements; places: a grid's lowest code, a codebook's location. */
    double elements, step_squares, reach_squares, centres, places;
    struct theory_extremes extremes; /* likewise */
};

/* All zero is empty. */
struct steps {
    size_t count, room;
    struct steps_entry *entry; /* in the order of their first units */
};

void steps_clear(struct steps *steps); /* keeps the memory for another row */
void steps_done(struct steps *steps);

/* Replaces *coarse by the same in fewer entries, enough for curves, whose points move by less
 * than 3e-3. */
void steps_coarsen(const struct steps *steps, struct steps *coarse);

/* Adds a unit of the scheme that so many of the row's elements lie in. */
void steps_add(struct steps *steps, const struct scheme *scheme, const struct quantizer *quantizer,
               size_t elements);
void steps_merge(struct steps *steps, const struct steps *other);

/* A quantizer that stands for all units of an entry: theirs if they are alike. */
struct quantizer steps_quantizer(const struct steps_entry *entry);

/* Root mean squares over the elements, and the mean centre; the figures themselves if all units
 * agree in them.  NaN of an empty row. */
struct steps_means {
    double step, reach, centre;
};
struct steps_means steps_means(const struct steps *steps);

#endif
