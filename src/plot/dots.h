/* SPDX-License-Identifier: MIT
 *
 * A canvas of dots, two across and four down in every cell.  The glyph sets differ only in how
 * the eight dots of a cell are shown, so a picture has the same shape in all of them.
 */
#ifndef PLOT_DOTS_H
#define PLOT_DOTS_H

#include <stdint.h>

#include "plot/cells.h"

/* What the dots stand for: it chooses the characters where there is no braille. */
enum pen {
    PEN_LINE,   /* strokes by height and slope */
    PEN_DOTTED, /* lone dots */
    PEN_POINTS, /* marks of a scatter */
};

struct dots {
    int width, height; /* in cells */
    uint8_t *cell;     /* row by row; bit 2 * row + column for each dot */
};

struct dots *dots_new(int width, int height); /* no dots; sizes at least 1 */
void dots_free(struct dots *dots);

/* Coordinates are in cells from the top left corner, x to the right and y downwards; the far
 * edges belong to the last dots.  What lies outside, or is not finite, is not drawn. */
void dots_point(struct dots *dots, double x, double y);

/* A straight line, clipped to the canvas.  Of every `period` dots along it one is set: 1 draws
 * it whole. */
void dots_line(struct dots *dots, double x0, double y0, double x1, double y1, int period);

/* Puts every cell that has dots onto the frame, the canvas' corner at (x, y).  In braille the
 * dots join those that are there; otherwise, and over bars, they replace what they cover. */
void dots_show(const struct dots *dots, struct cells *cells, int x, int y, enum glyphs glyphs,
               enum pen pen, enum style style);

#endif
