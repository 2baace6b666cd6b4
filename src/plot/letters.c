/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/utf8.h"
#include "plot/draw.h"

void draw_letters(const struct plot *plot, const struct series *series)
{
    uint32_t letter = 'o';
    if (series->label && *series->label)
        utf8_decode(series->label, strlen(series->label), &letter);
    if (utf8_columns(letter) != 1)
        letter = 'o';
    for (size_t i = 0; i < series->n; i++) {
        const int column = plot_cell(plot_x(plot, series->x[i]), plot->area.width);
        const int row = plot_cell(plot_y(plot, series->y[i]), plot->area.height);
        if (column >= 0 && row >= 0)
            cells_put(plot->cells, plot->area.x + column, plot->area.y + row, letter,
                      series->style);
    }
}

void draw_names(const struct plot *plot, const struct series *series)
{
    const int width = (int)utf8_width(series->label, strlen(series->label));
    for (size_t i = 0; i < series->n; i++) {
        const int column = plot_cell(plot_x(plot, series->x[i]), plot->area.width);
        const int row = plot_cell(plot_y(plot, series->y[i]), plot->area.height);
        if (column >= width - 1 && row >= 0)
            cells_text(plot->cells, plot->area.x + column - width + 1, plot->area.y + row, width,
                       series->style, series->label);
    }
}
