/* SPDX-License-Identifier: MIT
 *
 * Inside plot/: the area between the axes, and one function for each kind of series that draws
 * it there.  Coordinates are in cells from the area's top left corner; NaN
 * stands for what has no place on the axes.
 */
#ifndef PLOT_DRAW_H
#define PLOT_DRAW_H

#include "plot/cells.h"
#include "plot/figure.h"
#include "plot/scale.h"

struct plot {
    struct cells *cells;
    struct rect area; /* at least 1x1, on the frame */
    struct scale x, y;
    enum glyphs glyphs;
};

double plot_x(const struct plot *plot, double value);
double plot_y(const struct plot *plot, double value);

/* The cell that a coordinate lies in, of `count`, the far edge belonging to the last one; -1 if
 * it lies outside or is NaN. */
int plot_cell(double coordinate, int count);

/* Height of a value above the area's bottom, in cells, kept within the area; NaN for NaN. */
double plot_height(const struct plot *plot, double value);

/* Height that bars and stems grow from: that of zero, or of the end of the axis next to it. */
double plot_base(const struct plot *plot);

void draw_line(const struct plot *plot, const struct series *series);
void draw_dotted(const struct plot *plot, const struct series *series);
void draw_bars(const struct plot *plot, const struct series *series);
void draw_scatter(const struct plot *plot, const struct series *series);
void draw_stems(const struct plot *plot, const struct series *series);
void draw_letters(const struct plot *plot, const struct series *series);
void draw_names(const struct plot *plot, const struct series *series);

/* Vertical lines through the area; their labels, centred, into row y, as far as they do not
 * touch one another. */
void draw_markers(const struct plot *plot, const struct figure *figure);
void label_markers(const struct plot *plot, const struct figure *figure, struct rect row);

#endif
