/* SPDX-License-Identifier: MIT
 *
 * A part of a channel in single precision: its moments, and the sums of its rounding on grids, as
 * exact as in double precision: what single precision cannot decide is decided in double.  Squares
 * are exact to 1e-6 at 8 bits, or to 1e-4 where few values repeat so that errors do not average.
 */
#ifndef ENGINE_LADDER_ROW_H
#define ENGINE_LADDER_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/ladder_kernels.h"
#include "engine/pool.h"
#include "engine/rows.h"
#include "quant/grid.h"
#include "stats/moments.h"

/* Sums over finite elements on one grid, in units of the step: e = step f.  They merge by adding
 * up, and `most` by the larger. */
struct ladder_sums {
    int64_t codes;
    double squares, most; /* of f^2 */
    uint64_t clipped;     /* as of grid_clipped */
};

/* Magnitudes between which single precision is as good as its 24 bits. */
#define LADDER_LEAST 1e-30
#define LADDER_MOST  1e30

/* A worker's view of the part at hand, or of a stretch of it. */
struct ladder_row {
    const struct ladder_kernels *kernels;
    size_t n;
    float *x;    /* the elements, zeros up to a multiple of LADDER_LANES behind them */
    double *w;   /* the same in double: exact, where x may be rounded */
    bool w_read; /* whether w has been filled yet */
    int digits;  /* binary ones behind an element's first, 7 or 10; 0: too many to count on */
    bool many;   /* elements are enough for the last digits of single precision to average out */
};

/* Whether the rows lie in a map just as they are to be read, of a type that kernels decode. */
bool ladder_row_possible(const struct rows *rows);

/* What is wanted of a part: its elements, with moments, or with all of these: else sum_abs may stay
 * 0, which only grids of one bit need. */
enum ladder_want { LADDER_ELEMENTS, LADDER_MOMENTS, LADDER_ALL_MOMENTS };

/* Reads a part into the workspace, which stays lent, and finds its moments (may be NULL if they are
 * not wanted). */
bool ladder_row_read(struct ladder_row *row, const struct rows *rows, size_t part,
                     enum ladder_want want, struct workspace *workspace, struct moments *moments,
                     struct error *error);

/* The elements in double, widened if they have come as singles. */
const double *ladder_row_values(struct ladder_row *row);

/* Whether singles are a match for the elements of such a unit: many, finite, neither tiny nor
 * huge, not all alike. */
bool ladder_row_plain(const struct ladder_row *row, const struct moments *unit);

/* Sums of its rounding on a grid of at most 2^9 steps with at least two levels, or one of a unit of
 * zeros; unit: the moments of all elements that the grid is of, these among them. */
struct ladder_sums ladder_row_round(struct ladder_row *row, const struct grid *grid,
                                    const struct moments *unit);

#endif
