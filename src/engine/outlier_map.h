/* SPDX-License-Identifier: MIT
 *
 * Stage: how far from the mean the elements of a region lie, as blocks of rows and columns fine
 * enough for any screen; in a small region a block is one element.  Independent of the quantizer.
 */
#ifndef ENGINE_OUTLIER_MAP_H
#define ENGINE_OUTLIER_MAP_H

#include "engine/part.h"
#include "engine/profile.h"
#include "engine/stage.h"

/* Blocks of a map at most. */
#define OUTLIER_MAP_ROWS    256
#define OUTLIER_MAP_COLUMNS 512

/* A rectangle of a matrix; rows or columns 0: all of it. */
struct outlier_region {
    uint64_t row, rows; /* channels of the tensor */
    uint64_t column, columns;
};

bool outlier_region_equal(const struct outlier_region *a, const struct outlier_region *b);

/* The region, moved and cut so that it lies within rows; never empty if rows are not. */
struct outlier_region outlier_region_within(const struct outlier_region *region,
                                            const struct rows *rows);

struct outlier_map {
    struct part part;
    struct outlier_region region; /* that it is of */
    size_t rows, columns; /* blocks; block k of n covers elements from floor(k size / n) on */
    /* Row by row, the largest |w - µ|/σ of a block (µ and σ of the whole tensor, 0 if that has no
     * spread); infinite if an element of it is not finite. */
    float *most;
    uint64_t *row_outliers, *column_outliers; /* beyond `limit` σ, by strip of blocks */
};

/* NULL with *error if the rows cannot be read or the work was cancelled. */
const struct outlier_map *outlier_map_compute(const struct stage *stage,
                                              const struct profile *profile, double limit,
                                              const struct outlier_region *region,
                                              struct error *error);

#endif
