/* SPDX-License-Identifier: MIT
 *
 * One worker's way through the units of a part: every element is rounded, and its error counted.
 */
#ifndef ENGINE_MEASURE_H
#define ENGINE_MEASURE_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/ladder_row.h"
#include "engine/pictures.h"
#include "engine/pool.h"
#include "engine/profile.h"
#include "engine/quantizers.h"
#include "engine/rows.h"
#include "engine/steps.h"
#include "quant/fitter.h"
#include "quant/grid.h"

struct measurer {
    const struct rows *rows; /* cut where units end, if those are made as they are read */
    const struct quantizers *quantizers;
    const struct profile *profile; /* of the rows */
    struct fitter *fitter;         /* the worker's own, as the next */
    struct pictures *pictures;     /* of the rounding alone, before a correction; NULL: none */
};

/* What a part, or a row of them, comes to.  All zero is empty. */
struct measured {
    struct distortion distortion; /* behind the correction */
    struct steps steps;
};

/* Rounds a part, whose values are in the workspace; what comes out is added to *measured.
 * correction: the channel's; NULL: the part is a whole channel, and its own is made. */
void measure_part(const struct measurer *measurer, size_t part, const struct correction *correction,
                  struct workspace *workspace, struct measured *measured);

/* The same of a whole channel in single precision, as exact as in double, and much faster: *row has
 * been read without moments.  False, and nothing done, if these units have to be rounded in
 * double. */
bool measure_singles(const struct measurer *measurer, size_t channel, struct ladder_row *row,
                     struct measured *measured);

/* The same of sums that the profile has of it (profile_rounded), without reading it. */
bool measure_sums_known(const struct measurer *measurer, size_t channel,
                        const struct ladder_sums *sums, struct measured *measured);

/* Whether that is worth trying: channels lie in a map and are not cut, levels are uniform. */
bool measure_singles_possible(const struct measurer *measurer);

/* Rounds it only to see what a correction needs to know. */
void measure_sums(const struct measurer *measurer, size_t part, struct workspace *workspace,
                  struct correction_sums *sums);

/* Notes what theory needs of a unit of n elements; nothing that its fitter will take away. */
void measure_note_unit(const struct measurer *measurer, const struct quantizer *quantizer, size_t n,
                       struct measured *measured);

#endif
