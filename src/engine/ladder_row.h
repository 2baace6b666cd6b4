/* SPDX-License-Identifier: MIT
 *
 * A part of a channel on the ladder: its moments, and the sums of its rounding at all widths, as
 * exact as in double precision: what single precision cannot decide is decided in double.
 */
#ifndef ENGINE_LADDER_ROW_H
#define ENGINE_LADDER_ROW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/ladder_kernels.h"
#include "engine/pool.h"
#include "engine/record.h"
#include "engine/rows.h"
#include "stats/moments.h"

/* Sums over finite elements at one width, in units of the step: e = step f.  They merge by adding
 * up, and `most` by the larger. */
struct ladder_sums {
    int64_t codes;
    double squares, most; /* of f^2 */
};

/* A worker's view of the part at hand. */
struct ladder_row {
    const struct ladder_kernels *kernels;
    size_t n;
    float *x;    /* the elements, zeros up to a multiple of LADDER_LANES behind them */
    double *w;   /* the same in double: exact, where x may be rounded */
    bool w_read; /* whether w has been filled yet */
    int digits;  /* binary ones behind an element's first, 7 or 10; 0: too many to count on */
    bool plain;  /* the kernels may be used: many elements, finite and not near singles' limits */
    struct moments moments;
};

/* Reads a part into the workspace, which stays lent, and finds its moments; sum_abs is left 0. */
bool ladder_row_read(struct ladder_row *row, const struct rows *rows, size_t part,
                     struct workspace *workspace, struct error *error);

/* Its sums at all widths; channel: the moments of the whole channel, which tell the steps. */
void ladder_row_round(struct ladder_row *row, const struct moments *channel,
                      struct ladder_sums sums[RECORD_WIDTHS]);

#endif
