/* SPDX-License-Identifier: MIT
 *
 * What views draw of a rounding: where errors and weights lie on the levels of their units, counted.
 * Counts are whole numbers, so that their sums do not depend on who counted what.
 */
#ifndef ENGINE_PICTURES_H
#define ENGINE_PICTURES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/ladder_row.h"
#include "quant/quantizer.h"
#include "stats/histogram.h"

/* Bins of the error histogram in one step. */
#define PICTURES_PER_STEP 128

/* Levels that are counted one by one. */
#define PICTURES_LEVELS_MOST 256

struct pictures {
    struct histogram *error;               /* of e/step, each unit's own */
    struct histogram *weight;              /* of (w - centre)/reach, likewise */
    double furthest;                       /* largest of these magnitudes, at least 1 */
    bool count_levels;                     /* all units have the same ones, in the picture */
    size_t levels;                         /* 0: none seen, or too many to count */
    uint64_t mass[PICTURES_LEVELS_MOST];   /* elements rounded to each */
    double position[PICTURES_LEVELS_MOST]; /* of each in `weight` */
    size_t origin; /* the part that the positions come from, the first one that has any */
    struct pictures_tally *tally; /* what pictures_add_singles has counted; NULL: nothing yet */
};

/* endless: errors beyond half a step and weights beyond the reach are not expected. */
struct pictures *pictures_new(bool endless, bool count_levels);
void pictures_free(struct pictures *pictures);

/* Adds n elements of a unit, rounded: errors e and, where levels are counted, their indices; none
 * if the unit has no step.  n is at most PICTURES_SLICE. */
#define PICTURES_SLICE 1024
void pictures_add(struct pictures *pictures, size_t part, const struct quantizer *quantizer,
                  const double w[], const double e[], const int32_t code[], size_t n);

/* The same for n elements of a uniform grid with levels that can be counted, all finite,
 * as a row of singles has them: they are rounded on the way.  unit:
 * their range. */
void pictures_add_singles(struct pictures *pictures, size_t part, const struct quantizer *quantizer,
                          const struct ladder_row *row, const struct moments *unit);

/* Brings all counts into the histograms, which may not be looked at before. */
void pictures_finish(struct pictures *pictures);

/* Adds the counts of others, which were made alike and are finished, to finished ones. */
void pictures_merge(struct pictures *pictures, const struct pictures *other);

#endif
