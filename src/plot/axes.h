/* SPDX-License-Identifier: MIT
 *
 * Axis lines at the left and below, with ticks and their numbers.
 */
#ifndef PLOT_AXES_H
#define PLOT_AXES_H

#include "plot/cells.h"
#include "plot/figure.h"
#include "plot/scale.h"

struct axes {
    struct scale x, y;
    const struct tick *x_ticks; /* NULL: round ticks */
    size_t x_tick_count;
    const char *x_title;        /* among the numbers below, as far right as it fits; or NULL */
    const struct tick *y_ticks; /* as for x; labels at the left */
    size_t y_tick_count;        /* at most SCALE_TICKS */
};

/* Draws the axes into rect and returns the area between them; where there is no room for axes
 * this is rect itself. */
struct rect axes_draw(struct cells *cells, struct rect rect, const struct axes *axes,
                      enum glyphs glyphs);

#endif
