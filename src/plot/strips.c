/* SPDX-License-Identifier: MIT */
#include "plot/strips.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "plot/axes.h"
#include "plot/draw.h"
#include "plot/legend.h"

/* Lines beside the strips: the legend above them with the markers' names, the axis below. */
#define LINES_ABOVE 2
#define LINES_BELOW 2

/* Less would be axes without a picture. */
#define LEAST_WIDTH  16
#define LEAST_LINES  2 /* of strips */
#define LEAST_HEIGHT (1 + LEAST_LINES + LINES_BELOW)

/* How a set is drawn; all are told apart without colour. */
struct look {
    uint32_t range, value, median;
    const char *sample;
};

/* clang-format off */
static const struct look looks[2][STRIPS_SETS] = {
    {{0x254C, 0x25E6, 0x25CB, "╌○"}, {0x2500, 0x2022, 0x25CF, "─●"}},
    {{'.', 'o', 'O', ".O"}, {'-', '+', '#', "-#"}},
};
/* clang-format on */

static const enum style styles[STRIPS_SETS] = {STYLE_POINT, STYLE_THEORY};

static int sets_of(const struct strips *strips)
{
    int sets = 0;
    for (int i = 0; i < STRIPS_SETS; i++)
        sets += strips->name[i] != NULL;
    return sets > 0 ? sets : 1;
}

int strips_height(const struct strips *strips, bool together)
{
    return LINES_ABOVE + (int)strips->count * (together ? 1 : sets_of(strips)) + LINES_BELOW;
}

static int column_of(const struct plot *plot, double value)
{
    return plot_cell(plot_x(plot, value), plot->area.width);
}

static void draw_shade(const struct plot *plot, double bound, int line, int lines)
{
    const bool ascii = plot->glyphs == GLYPHS_ASCII;
    const double end = plot_x(plot, bound);
    if (!(end > 0))
        return;
    const struct rect shade = {plot->area.x, plot->area.y + line, (int)fmin(end, plot->area.width),
                               lines};
    cells_fill(plot->cells, shade, ascii ? '`' : 0x2591, STYLE_FRAME);
}

static void put(const struct plot *plot, int column, int line, uint32_t point, enum style style)
{
    if (column >= 0)
        cells_put(plot->cells, plot->area.x + column, plot->area.y + line, point, style);
}

static void draw_set(const struct plot *plot, const struct strip_set *set, int line,
                     const struct look *look, enum style style)
{
    if (set->n == 0)
        return;
    const double median = set->value[(set->n - 1) / 2] / 2 + set->value[set->n / 2] / 2;
    const int last = column_of(plot, set->value[set->n - 1]);
    for (int x = column_of(plot, set->value[0]); x >= 0 && x <= last; x++)
        put(plot, x, line, look->range, style);
    for (size_t i = 0; i < set->n; i++)
        put(plot, column_of(plot, set->value[i]), line, look->value, style);
    put(plot, column_of(plot, median), line, look->median, style);
}

static void draw_strip(const struct plot *plot, const struct strips *strips, size_t row, int lines)
{
    const struct strip *strip = &strips->rows[row];
    int line = (int)row * lines;
    for (int i = 0; i < STRIPS_SETS; i++) {
        if (!strips->name[i])
            continue;
        draw_set(plot, &strip->set[i], line, &looks[plot->glyphs == GLYPHS_ASCII][i], styles[i]);
        line += lines > 1;
    }
}

static void draw_head(struct cells *cells, struct rect line, const struct strips *strips,
                      bool ascii)
{
    struct legend_entry entries[STRIPS_SETS + 1];
    size_t count = 0;
    for (int i = 0; i < STRIPS_SETS; i++)
        if (strips->name[i])
            entries[count++] =
                (struct legend_entry){looks[ascii][i].sample, strips->name[i], styles[i]};
    if (strips->bound_name)
        entries[count++] =
            (struct legend_entry){ascii ? "``" : "░░", strips->bound_name, STYLE_FRAME};
    const int title = cells_text(cells, line.x, line.y, line.width, STYLE_TITLE, strips->title) + 2;
    legend_draw(cells, (struct rect){line.x + title, line.y, line.width - title, 1}, entries,
                count);
}

/* Lines of each strip among so many. */
static int lines_each(const struct strips *strips, int lines)
{
    const int sets = sets_of(strips), rows = (int)strips->count;
    return rows * sets <= lines ? sets : 1;
}

void strips_draw(struct cells *cells, struct rect rect, const struct strips *strips,
                 enum glyphs glyphs)
{
    rect = cells_clip(cells, rect);
    if (rect.width < LEAST_WIDTH || rect.height < LEAST_HEIGHT)
        return;
    const int each = lines_each(strips, rect.height - LINES_ABOVE - LINES_BELOW);
    struct rect labels = {rect.x, rect.y + 1, rect.width, 1};
    draw_head(cells, (struct rect){rect.x, rect.y, rect.width, 1}, strips, glyphs == GLYPHS_ASCII);
    const int above = rect.height >= LINES_ABOVE + LEAST_LINES + LINES_BELOW ? LINES_ABOVE : 1;
    const int fitting = (rect.height - above - LINES_BELOW) / each;
    const int shown = fitting < (int)strips->count ? fitting : (int)strips->count;
    const int lines = shown * each > LEAST_LINES ? shown * each : LEAST_LINES;
    struct tick ticks[STRIPS_ROWS];
    for (int i = 0; i < shown; i++)
        ticks[i] = (struct tick){-(i * each + 0.5), strips->rows[i].label};
    const struct axes axes = {.x = {strips->low, strips->high, false},
                              .y = {-lines, 0, false},
                              .x_title = strips->x_title,
                              .y_ticks = ticks,
                              .y_tick_count = (size_t)shown};
    const struct rect body = {rect.x, rect.y + above, rect.width, lines + LINES_BELOW};
    const struct plot plot = {cells, axes_draw(cells, body, &axes, glyphs), axes.x, axes.y, glyphs};
    const struct figure marked = {.markers = strips->markers, .marker_count = strips->marker_count};
    for (int i = 0; i < shown; i++)
        draw_shade(&plot, strips->rows[i].bound, i * each, each);
    draw_markers(&plot, &marked);
    for (int i = 0; i < shown; i++)
        draw_strip(&plot, strips, (size_t)i, each);
    if (above == LINES_ABOVE)
        label_markers(&plot, &marked, labels);
}
