/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "base/utf8.h"
#include "plot/draw.h"

void draw_markers(const struct plot *plot, const struct figure *figure)
{
    uint32_t point = plot->glyphs == GLYPHS_ASCII ? ':' : 0x250A;
    for (size_t i = 0; i < figure->marker_count; i++) {
        const struct marker *marker = &figure->markers[i];
        int column = plot_cell(plot_x(plot, marker->x), plot->area.width);
        if (column < 0)
            continue;
        struct rect line = {plot->area.x + column, plot->area.y, 1, plot->area.height};
        cells_fill(plot->cells, line, point, marker->style);
    }
}

/* True if no character stands in the row's columns from x - 1 to x + width. */
static bool row_is_free(const struct cells *cells, int x, int y, int width)
{
    for (int i = x - 1; i <= x + width; i++)
        if (i >= 0 && i < cells->width && cells->cell[y * cells->width + i].point != ' ')
            return false;
    return true;
}

void label_markers(const struct plot *plot, const struct figure *figure, struct rect row)
{
    cells_fill(plot->cells, row, ' ', STYLE_TEXT);
    for (size_t i = 0; i < figure->marker_count; i++) {
        const struct marker *marker = &figure->markers[i];
        int column = plot_cell(plot_x(plot, marker->x), plot->area.width);
        if (column < 0 || !marker->label)
            continue;
        int width = (int)utf8_width(marker->label, strlen(marker->label));
        int x = plot->area.x + column - width / 2;
        if (x > row.x + row.width - width)
            x = row.x + row.width - width;
        if (x < row.x)
            x = row.x;
        if (row_is_free(plot->cells, x, row.y, width))
            cells_text(plot->cells, x, row.y, row.x + row.width - x, marker->style, marker->label);
    }
}
