/* SPDX-License-Identifier: MIT */
#include "plot/dots.h"
#include "plot/draw.h"

void draw_scatter(const struct plot *plot, const struct series *series)
{
    struct dots *dots = dots_new(plot->area.width, plot->area.height);
    for (size_t i = 0; i < series->n; i++)
        dots_point(dots, plot_x(plot, series->x[i]), plot_y(plot, series->y[i]));
    dots_show(dots, plot->cells, plot->area.x, plot->area.y, plot->glyphs, PEN_POINTS,
              series->style);
    dots_free(dots);
}
