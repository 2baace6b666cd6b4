/* SPDX-License-Identifier: MIT */
#include "plot/axes.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/utf8.h"

/* Below these sizes of the whole, and of the area's width, axes would leave no picture. */
#define LEAST_WIDTH  12
#define LEAST_HEIGHT 4
#define LEAST_AREA   8

struct box {
    uint32_t vertical, horizontal, corner, y_tick, x_tick, cross;
};

static const struct box lines_box = {0x2502, 0x2500, 0x2514, 0x2524, 0x252C, 0x253C};
static const struct box ascii_box = {'|', '-', '+', '+', '+', '+'};

static int columns_of(const char *label)
{
    return (int)utf8_width(label, strlen(label));
}

static int widest_label(const struct scale_ticks *ticks)
{
    int widest = 0;
    for (size_t i = 0; i < ticks->count; i++)
        if (columns_of(ticks->label[i]) > widest)
            widest = columns_of(ticks->label[i]);
    return widest;
}

static size_t at_most_ticks(int wanted)
{
    return wanted > SCALE_TICKS ? SCALE_TICKS : (size_t)wanted;
}

/* Round ticks for x with room for their labels between them. */
static void find_x_ticks(const struct scale *scale, int width, struct scale_ticks *ticks)
{
    for (size_t most = at_most_ticks(width / 8 + 1); most > 0; most--) {
        scale_find_ticks(scale, most, ticks);
        int each = ticks->count > 1 ? (int)(width * (scale_position(scale, ticks->at[1]) -
                                                     scale_position(scale, ticks->at[0])))
                                    : width;
        if (widest_label(ticks) + 2 <= each)
            return;
    }
}

/* Places for the numbers below the axis: left to right, never touching. */
struct label_row {
    struct cells *cells;
    struct rect rect; /* one row */
    int end;          /* first column behind the last label */
    int gap, gap_end; /* the widest gap between labels that was left, for the title */
};

/* Writes a label centred at column x, moved to stay inside; left out if it would touch the last
 * one, or not be below its tick. */
static void place_label(struct label_row *row, int x, const char *label)
{
    int width = columns_of(label), right = row->rect.x + row->rect.width;
    if (x >= right)
        return;
    x -= (width - 1) / 2;
    x = x > right - width ? right - width : x;
    x = x < row->rect.x ? row->rect.x : x;
    bool first = row->end == row->rect.x;
    if (!first && x <= row->end)
        return;
    cells_text(row->cells, x, row->rect.y, right - x, STYLE_AXIS, label);
    if (!first && x - row->end >= row->gap_end - row->gap) {
        row->gap = row->end;
        row->gap_end = x;
    }
    row->end = x + width;
}

/* The axis' name at the right end, `right`, or where labels leave no room there, in their last
 * widest gap; in neither, it is left out. */
static void place_title(const struct label_row *row, int right, const char *title)
{
    int width = columns_of(title), gap = row->gap_end - row->gap;
    if (right - width >= row->end + 2)
        cells_text(row->cells, right - width, row->rect.y, width, STYLE_DIM, title);
    else if (gap >= width + 4)
        cells_text(row->cells, row->gap + (gap - width + 1) / 2, row->rect.y, width, STYLE_DIM,
                   title);
}

static void draw_x_tick(struct label_row *row, struct rect area, const struct scale *scale,
                        double at, const char *label, const struct box *box)
{
    double position = scale_position(scale, at);
    if (!(position > -1e-9 && position < 1 + 1e-9))
        return;
    int column = (int)fmin(fmax(floor(position * area.width), 0), area.width - 1);
    cells_put(row->cells, area.x + column, area.y + area.height, box->x_tick, STYLE_AXIS);
    place_label(row, area.x + column, label);
}

static void draw_x_axis(struct cells *cells, struct rect rect, struct rect area,
                        const struct axes *axes, const struct box *box)
{
    struct rect line = {area.x, area.y + area.height, area.width, 1};
    cells_fill(cells, line, box->horizontal, STYLE_AXIS);
    struct label_row row = {
        .cells = cells, .rect = {rect.x, line.y + 1, rect.width, 1}, .end = rect.x};
    int right = rect.x + rect.width;
    if (axes->x_ticks) {
        for (size_t i = 0; i < axes->x_tick_count; i++)
            draw_x_tick(&row, area, &axes->x, axes->x_ticks[i].at, axes->x_ticks[i].label, box);
    } else {
        struct scale_ticks ticks;
        /* Round numbers at the right end are no loss, and the name has its place. */
        if (axes->x_title && columns_of(axes->x_title) * 3 <= area.width)
            row.rect.width -= columns_of(axes->x_title) + 2;
        find_x_ticks(&axes->x, area.width, &ticks);
        for (size_t i = 0; i < ticks.count; i++)
            draw_x_tick(&row, area, &axes->x, ticks.at[i], ticks.label[i], box);
    }
    if (axes->x_title)
        place_title(&row, right, axes->x_title);
}

/* The axis line one column left of the area, and the numbers, which end two columns before it.
 * A value at the very bottom has its tick on the corner, where bars grow from. */
static void draw_y_axis(struct cells *cells, struct rect area, const struct scale *scale,
                        const struct scale_ticks *ticks, const struct box *box)
{
    int x = area.x - 1;
    struct rect line = {x, area.y, 1, area.height};
    cells_fill(cells, line, box->vertical, STYLE_AXIS);
    cells_put(cells, x, area.y + area.height, box->corner, STYLE_AXIS);
    for (size_t i = 0; i < ticks->count; i++) {
        double from_top = (1 - scale_position(scale, ticks->at[i])) * area.height;
        int row = (int)fmin(fmax(floor(from_top + 1e-9), 0), area.height);
        int width = columns_of(ticks->label[i]);
        cells_text(cells, x - 1 - width, area.y + row, width, STYLE_AXIS, ticks->label[i]);
        cells_put(cells, x, area.y + row, row < area.height ? box->y_tick : box->cross, STYLE_AXIS);
    }
}

/* The given ticks, or round ones: every fourth row, but closer where rows are few. */
static void find_y_ticks(const struct axes *axes, int rows, struct scale_ticks *ticks)
{
    if (!axes->y_ticks) {
        scale_find_ticks(&axes->y, at_most_ticks(rows / 4 + 3), ticks);
        return;
    }
    ticks->count = axes->y_tick_count;
    for (size_t i = 0; i < ticks->count; i++) {
        ticks->at[i] = axes->y_ticks[i].at;
        snprintf(ticks->label[i], sizeof ticks->label[i], "%s", axes->y_ticks[i].label);
    }
}

struct rect axes_draw(struct cells *cells, struct rect rect, const struct axes *axes,
                      enum glyphs glyphs)
{
    if (rect.width < LEAST_WIDTH || rect.height < LEAST_HEIGHT)
        return rect;
    const struct box *box = glyphs == GLYPHS_ASCII ? &ascii_box : &lines_box;
    struct scale_ticks ticks;
    find_y_ticks(axes, rect.height - 2, &ticks);
    int margin = widest_label(&ticks) + 2; /* numbers, a space, the axis line */
    if (rect.width - margin < LEAST_AREA) {
        ticks.count = 0;
        margin = 1;
    }
    struct rect area = {rect.x + margin, rect.y, rect.width - margin, rect.height - 2};
    draw_y_axis(cells, area, &axes->y, &ticks, box);
    draw_x_axis(cells, rect, area, axes, box);
    return area;
}
