/* SPDX-License-Identifier: MIT */
#include "plot/cells.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

static const struct cell blank = {.point = ' ', .style = STYLE_TEXT};

struct cells *cells_new(int width, int height)
{
    assert(width >= 1 && height >= 1);
    struct cells *cells = mem_alloc(1, sizeof *cells);
    cells->width = width;
    cells->height = height;
    cells->cell = mem_alloc((size_t)width * (size_t)height, sizeof *cells->cell);
    cells_clear(cells);
    return cells;
}

void cells_free(struct cells *cells)
{
    if (!cells)
        return;
    mem_free(cells->cell);
    mem_free(cells);
}

void cells_clear(struct cells *cells)
{
    size_t count = (size_t)cells->width * (size_t)cells->height;
    for (size_t i = 0; i < count; i++)
        cells->cell[i] = blank;
}

void cells_copy(struct cells *to, const struct cells *from)
{
    assert(to->width == from->width && to->height == from->height);
    memcpy(to->cell, from->cell,
           (size_t)from->width * (size_t)from->height * sizeof *from->cell);
}

static struct cell *cell_at(const struct cells *cells, int x, int y)
{
    if (x < 0 || y < 0 || x >= cells->width || y >= cells->height)
        return NULL;
    return &cells->cell[(size_t)y * (size_t)cells->width + (size_t)x];
}

/* Replaces one cell; if it was half of a wide character, the other half becomes blank. */
static void set_cell(struct cells *cells, int x, int y, struct cell value)
{
    struct cell *cell = cell_at(cells, x, y);
    if (!cell)
        return;
    struct cell *right = cell_at(cells, x + 1, y), *left = cell_at(cells, x - 1, y);
    if (cell->point == 0 && left)
        left->point = ' ', left->combining = 0;
    else if (cell->point != 0 && right && right->point == 0)
        right->point = ' ';
    *cell = value;
}

void cells_put(struct cells *cells, int x, int y, uint32_t point, enum style style)
{
    int columns = utf8_columns(point);
    struct cell value = {.point = columns > 0 ? point : '?', .style = (uint8_t)style};
    if (columns < 2) {
        set_cell(cells, x, y, value);
        return;
    }
    if (!cell_at(cells, x, y) || !cell_at(cells, x + 1, y)) {
        /* Half of a wide character cannot be shown. */
        value.point = ' ';
        set_cell(cells, x, y, value);
        set_cell(cells, x + 1, y, value);
        return;
    }
    set_cell(cells, x + 1, y, blank);
    set_cell(cells, x, y, value);
    value.point = 0;
    *cell_at(cells, x + 1, y) = value;
}

int cells_text(struct cells *cells, int x, int y, int width, enum style style, const char *utf8)
{
    int used = 0, last = -1;
    size_t length = strlen(utf8);
    for (size_t i = 0; i < length;) {
        uint32_t point;
        size_t size = utf8_decode(utf8 + i, length - i, &point);
        int columns = size ? utf8_columns(point) : -1;
        i += size ? size : 1;
        if (columns == 0) {
            struct cell *cell = last < 0 ? NULL : cell_at(cells, x + last, y);
            if (cell)
                cell->combining = point;
            continue;
        }
        if (columns < 0) {
            point = '?';
            columns = 1;
        }
        if (used + columns > width)
            break;
        cells_put(cells, x + used, y, point, style);
        last = used;
        used += columns;
    }
    return used;
}

int cells_printf(struct cells *cells, int x, int y, int width, enum style style, const char *format,
                 ...)
{
    /* Longer than any terminal is wide; what is cut off would not be seen. */
    char line[4096];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof line, format, arguments);
    va_end(arguments);
    return cells_text(cells, x, y, width, style, line);
}

struct rect cells_clip(const struct cells *cells, struct rect rect)
{
    int right = rect.x > cells->width - rect.width ? cells->width : rect.x + rect.width;
    int bottom = rect.y > cells->height - rect.height ? cells->height : rect.y + rect.height;
    int x = rect.x < 0 ? 0 : rect.x, y = rect.y < 0 ? 0 : rect.y;
    return (struct rect){x, y, right - x, bottom - y};
}

void cells_put_over(struct cells *cells, int x, int y, uint32_t point, enum style style)
{
    struct cell *cell = cell_at(cells, x, y);
    bool filled = cell && (cell->filled || cell->point == 0x2588);
    cells_put(cells, x, y, point, style);
    if (filled)
        cell->filled = true;
}

void cells_fill(struct cells *cells, struct rect rect, uint32_t point, enum style style)
{
    rect = cells_clip(cells, rect);
    for (int y = rect.y; y < rect.y + rect.height; y++)
        for (int x = rect.x; x < rect.x + rect.width; x++)
            cells_put(cells, x, y, point, style);
}

void cells_reverse(struct cells *cells, struct rect rect)
{
    rect = cells_clip(cells, rect);
    for (int y = rect.y; y < rect.y + rect.height; y++)
        for (int x = rect.x; x < rect.x + rect.width; x++)
            cell_at(cells, x, y)->reverse = true;
}

/* Columns of row y without the blanks at its end; a selected blank is not nothing in colour. */
static int row_end(const struct cells *cells, int y, bool colour)
{
    int end = cells->width;
    while (end > 0) {
        const struct cell *cell = cell_at(cells, end - 1, y);
        if (cell->point != ' ' || cell->combining || (colour && cell->reverse))
            break;
        end--;
    }
    return end;
}

static void dump_cell(const struct cell *cell, struct text *out)
{
    char bytes[4];
    if (cell->point)
        text_add(out, bytes, utf8_encode(cell->point, bytes));
    if (cell->combining)
        text_add(out, bytes, utf8_encode(cell->combining, bytes));
}

void cells_dump(const struct cells *cells, struct text *out)
{
    for (int y = 0; y < cells->height; y++) {
        int end = row_end(cells, y, false);
        for (int x = 0; x < end; x++)
            dump_cell(cell_at(cells, x, y), out);
        text_puts(out, "\n");
    }
}

void cells_dump_colour(const struct cells *cells, struct text *out)
{
    static const char *const sgr[STYLE_COUNT] = {
        [STYLE_TEXT] = "",     [STYLE_DIM] = ";90",      [STYLE_FRAME] = ";90",
        [STYLE_TITLE] = ";1",  [STYLE_AXIS] = ";37",     [STYLE_DATA] = ";34",
        [STYLE_POINT] = ";94", [STYLE_THEORY] = ";1;33", [STYLE_REFERENCE] = ";36",
        [STYLE_MARK] = ";35",  [STYLE_VALUE] = ";1",     [STYLE_GOOD] = ";32",
        [STYLE_WARN] = ";33",  [STYLE_BAD] = ";1;31",    [STYLE_KEY] = ";1;36",
    };
    for (int y = 0; y < cells->height; y++) {
        const struct cell *before = &blank;
        int end = row_end(cells, y, true);
        for (int x = 0; x < end; x++) {
            const struct cell *cell = cell_at(cells, x, y);
            if (cell->style != before->style || cell->reverse != before->reverse ||
                cell->filled != before->filled)
                text_printf(out, "\033[0%s%s%sm", sgr[cell->style], cell->reverse ? ";7" : "",
                            cell->filled ? ";44" : "");
            dump_cell(cell, out);
            before = cell;
        }
        bool plain = before->style == STYLE_TEXT && !before->reverse && !before->filled;
        text_puts(out, plain ? "\n" : "\033[0m\n");
    }
}

bool cell_equal(const struct cell *a, const struct cell *b)
{
    return a->point == b->point && a->combining == b->combining && a->style == b->style &&
           a->reverse == b->reverse && a->filled == b->filled;
}

bool cells_equal(const struct cells *a, const struct cells *b)
{
    if (a->width != b->width || a->height != b->height)
        return false;
    size_t count = (size_t)a->width * (size_t)a->height;
    for (size_t i = 0; i < count; i++)
        if (!cell_equal(&a->cell[i], &b->cell[i]))
            return false;
    return true;
}
