/* SPDX-License-Identifier: MIT
 *
 * The stacked bars of view 6, in decibels: what the bits and the concentration give, from 0 to the
 * right, and what the alignment takes back, hatched from their end to the left.  What is left solid
 * is the approximated SQNR; a tick shows the measured one.  Columns of figures stand at the right.
 */
#ifndef UI_SQNR_BARS_H
#define UI_SQNR_BARS_H

#include <stdbool.h>
#include <stddef.h>

#include "linear/layer_sqnr.h"
#include "plot/cells.h"

struct sqnr_bar {
    const char *label;
    const char
        *reason; /* said in the place of the bar, if there are no figures; NULL for waiting */
    const struct layer_sqnr *sqnr; /* or NULL */
    bool own;                      /* marked as the one at hand */
};

/* A letter on the axis. */
struct sqnr_mark {
    char letter;
    double decibels; /* NaN: there is none */
};

struct sqnr_bars {
    const struct sqnr_bar *bar;
    size_t count;
    const struct sqnr_mark *mark;
    size_t marks;
};

/* Rows that n bars need at least: with the legend above them and the axis below. */
int sqnr_bars_least(size_t n);

/* Draws them into rect; returns the rows taken, no more than rect has. */
int sqnr_bars_draw(const struct sqnr_bars *bars, enum glyphs glyphs, struct cells *cells,
                   struct rect rect);

#endif
