/* SPDX-License-Identifier: MIT
 *
 * Strips: named rows over one axis, each with the spread of a few sets of values: from the least to
 * the largest, each value a dot, the median standing out.
 */
#ifndef PLOT_STRIPS_H
#define PLOT_STRIPS_H

#include <stddef.h>

#include "plot/cells.h"
#include "plot/figure.h"

#define STRIPS_SETS 2
#define STRIPS_ROWS 16

/* Ascending; empty: nothing is drawn. */
struct strip_set {
    const double *value;
    size_t n;
};

struct strip {
    const char *label;
    struct strip_set set[STRIPS_SETS];
    double bound; /* values up to here are possible, which is shaded; NaN: nothing is */
};

struct strips {
    const char *title; /* above, at the left; x_title is right of the axis' end */
    const char *x_title;
    double low, high;              /* of the axis; low < high */
    const char *name[STRIPS_SETS]; /* in the legend; NULL for a set that no row has */
    const char *bound_name;        /* of the shade, in the legend; NULL for none */
    const struct strip *rows;
    size_t count; /* at most STRIPS_ROWS */
    const struct marker *markers;
    size_t marker_count;
};

/* Rows of cells that take all strips, each set of a row with a line of its own, or all sets of a
 * row on one. */
int strips_height(const struct strips *strips, bool together);

/* Draws into rect, of any size; never outside.  Where lines are few, the sets of a row share one,
 * and rows that still do not fit are left out at the end. */
void strips_draw(struct cells *cells, struct rect rect, const struct strips *strips,
                 enum glyphs glyphs);

#endif
