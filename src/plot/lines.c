/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "plot/dots.h"
#include "plot/draw.h"

/* Of as many dots along a dotted line one is set: one every second cell when it is flat. */
#define DOTTED_PERIOD 4

/* Joins the points in order.  A point that has no place on the axes breaks the line, which
 * dots_line sees to; one without neighbours is drawn by itself. */
static void join_points(const struct plot *plot, const struct series *series, int period,
                        enum pen pen)
{
    struct dots *dots = dots_new(plot->area.width, plot->area.height);
    double last_x = NAN, last_y = NAN;
    bool joined = false; /* the last point to the one before it */
    for (size_t i = 0; i < series->n; i++) {
        double x = plot_x(plot, series->x[i]), y = plot_y(plot, series->y[i]);
        bool joins = !isnan(x + y) && !isnan(last_x + last_y);
        if (joins)
            dots_line(dots, last_x, last_y, x, y, period);
        else if (!joined)
            dots_point(dots, last_x, last_y);
        joined = joins;
        last_x = x;
        last_y = y;
    }
    if (!joined)
        dots_point(dots, last_x, last_y);
    dots_show(dots, plot->cells, plot->area.x, plot->area.y, plot->glyphs, pen, series->style);
    dots_free(dots);
}

void draw_line(const struct plot *plot, const struct series *series)
{
    join_points(plot, series, 1, PEN_LINE);
}

void draw_dotted(const struct plot *plot, const struct series *series)
{
    join_points(plot, series, DOTTED_PERIOD, PEN_DOTTED);
}
