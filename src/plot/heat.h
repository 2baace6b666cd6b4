/* SPDX-License-Identifier: MIT
 *
 * A heat map: a matrix of values as cells of five shades, each of a meaning of its own in colour
 * too, with axes that count rows downwards and columns to the right.
 */
#ifndef PLOT_HEAT_H
#define PLOT_HEAT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "plot/cells.h"

#define HEAT_LEVELS 5

struct heat {
    /* Blocks, row by row; infinite: marked as broken.  Where there are fewer cells than blocks, a
     * cell shows the largest of its blocks; where there are more, a block takes several cells. */
    size_t rows, columns;
    const float *value;
    double bound[HEAT_LEVELS]; /* ascending: least value of a shade; what is less stays blank */
    /* What the axes count: block k of n begins at element first + floor(k span / n). */
    uint64_t first_row, row_span, first_column, column_span;
    /* Profiles, one count for each row and column of blocks, beside and above the map where there
     * is room; NULL for none. */
    const uint64_t *row_count, *column_count;
    bool marked; /* an element with its place shown on the axes */
    uint64_t mark_row, mark_column;
};

/* Draws the map into rect, of any size; never outside. */
void heat_draw(struct cells *cells, struct rect rect, const struct heat *heat, enum glyphs glyphs);

/* Writes the shades with their bounds, "· 1.5 ░ 3 ▒ 6 ▓ 12 █ 24 σ", against the right end of a
 * line of `width` columns if they fit; returns the columns they take. */
int heat_legend(struct cells *cells, int x, int y, int width, const struct heat *heat,
                const char *unit, enum glyphs glyphs);

#endif
