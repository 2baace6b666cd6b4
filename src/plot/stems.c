/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "plot/draw.h"

/* One stem: from the base to the value's cell, where the head is unless the value lies beyond
 * the axis. */
static void draw_stem(const struct plot *plot, int column, double value, enum style style)
{
    int height = plot->area.height;
    double base = plot_base(plot), end = plot_height(plot, value);
    if (isnan(end) || (plot->y.log && value <= 0))
        return;
    int base_row = plot_cell(height - base, height), end_row = plot_cell(height - end, height);
    int x = plot->area.x + column, y = plot->area.y;
    bool ascii = plot->glyphs == GLYPHS_ASCII;
    int step = end_row < base_row ? 1 : -1;
    for (int row = end_row; row != base_row; row += step)
        cells_put_over(plot->cells, x, y + row, ascii ? '|' : 0x2502, style);
    cells_put_over(plot->cells, x, y + base_row, ascii ? '|' : 0x2502, style);
    if (plot_cell(plot_y(plot, value), height) >= 0)
        cells_put_over(plot->cells, x, y + end_row, ascii ? 'o' : 0x2022, style);
}

void draw_stems(const struct plot *plot, const struct series *series)
{
    for (size_t i = 0; i < series->n; i++) {
        int column = plot_cell(plot_x(plot, series->x[i]), plot->area.width);
        if (column >= 0)
            draw_stem(plot, column, series->y[i], series->style);
    }
}
