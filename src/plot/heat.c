/* SPDX-License-Identifier: MIT */
#include "plot/heat.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"

/* Below these sizes of the whole there are no axes, and no profiles. */
#define AXES_WIDTH      16
#define AXES_HEIGHT     4
#define PROFILES_WIDTH  56
#define PROFILES_HEIGHT 10

/* Columns of the rows' profile, and between it and the map. */
#define PROFILE_COLUMNS 8
#define PROFILE_GAP     1

/* Shades by glyph set, and what each means as a colour: far from the mean is a warning. */
static const uint32_t shades[2][HEAT_LEVELS] = {
    {0xb7, 0x2591, 0x2592, 0x2593, 0x2588},
    {'.', ':', '+', '#', '@'},
};
static const enum style shade_styles[HEAT_LEVELS] = {STYLE_DIM, STYLE_DATA, STYLE_MARK, STYLE_WARN,
                                                     STYLE_BAD};

/* How blocks lie along one direction of the map. */
struct strip {
    int cells;   /* that are used */
    int stretch; /* cells of a block; 0: a cell has several blocks */
    size_t blocks;
    uint64_t first, span;
};

static struct strip strip_of(int cells, size_t blocks, uint64_t first, uint64_t span)
{
    struct strip strip = {cells, 0, blocks, first, span};
    if (blocks > 0 && blocks <= (size_t)cells) {
        strip.stretch = cells / (int)blocks;
        strip.cells = strip.stretch * (int)blocks;
    }
    return strip;
}

/* The first block of a cell; of the cell behind the last one, the number of blocks. */
static size_t block_at(const struct strip *strip, int cell)
{
    if (strip->stretch > 0)
        return (size_t)(cell / strip->stretch);
    return (size_t)cell * strip->blocks / (size_t)strip->cells;
}

/* The block behind a cell's last one. */
static size_t block_end(const struct strip *strip, int cell)
{
    return strip->stretch > 0 ? block_at(strip, cell) + 1 : block_at(strip, cell + 1);
}

/* The first element of a cell, as the axis counts. */
static uint64_t element_at(const struct strip *strip, int cell)
{
    return strip->first + block_at(strip, cell) * strip->span / strip->blocks;
}

/* The cell that shows an element, or -1. */
static int cell_of(const struct strip *strip, uint64_t element)
{
    if (element < strip->first || element - strip->first >= strip->span)
        return -1;
    int cell = strip->cells - 1;
    while (cell > 0 && element_at(strip, cell) > element)
        cell--;
    return strip->stretch > 0 ? cell / strip->stretch * strip->stretch : cell;
}

/* The map while it is drawn. */
struct drawing {
    struct cells *cells;
    const struct heat *heat;
    struct rect area; /* of the shades */
    struct strip row, column;
    bool ascii;
};

static int level_of(const struct heat *heat, float value)
{
    int level = -1;
    while (level + 1 < HEAT_LEVELS && value >= heat->bound[level + 1])
        level++;
    return level;
}

static float largest(const struct drawing *drawing, int x, int y)
{
    const struct heat *heat = drawing->heat;
    float most = 0;
    for (size_t i = block_at(&drawing->row, y); i < block_end(&drawing->row, y); i++)
        for (size_t k = block_at(&drawing->column, x); k < block_end(&drawing->column, x); k++)
            most = fmaxf(most, heat->value[i * heat->columns + k]);
    return most;
}

static void draw_shades(const struct drawing *drawing)
{
    const struct rect *area = &drawing->area;
    for (int y = 0; y < area->height; y++)
        for (int x = 0; x < area->width; x++) {
            float value = largest(drawing, x, y);
            int level = level_of(drawing->heat, value);
            if (isinf(value))
                cells_put(drawing->cells, area->x + x, area->y + y, '!', STYLE_BAD);
            else if (level >= 0)
                cells_put(drawing->cells, area->x + x, area->y + y, shades[drawing->ascii][level],
                          shade_styles[level]);
        }
}

static int digits(uint64_t number)
{
    char text[TEXT_NUMBER];
    return snprintf(text, sizeof text, "%llu", (unsigned long long)number);
}

/* Cells between labels: at least so many, and whole blocks. */
static int label_step(const struct strip *strip, int least)
{
    int stretch = strip->stretch > 0 ? strip->stretch : 1;
    return (least + stretch - 1) / stretch * stretch;
}

/* The rows' axis, numbers ending before it. */
static void draw_row_axis(const struct drawing *drawing)
{
    const struct rect *area = &drawing->area;
    const struct strip *strip = &drawing->row;
    int step = label_step(strip, area->height < 8 ? 2 : 3), x = area->x - 1;
    for (int y = 0; y < area->height; y++) {
        bool label = y % step == 0;
        cells_put(drawing->cells, x, area->y + y,
                  drawing->ascii ? (label ? '+' : '|') : (label ? 0x2524 : 0x2502), STYLE_AXIS);
        if (!label)
            continue;
        uint64_t number = element_at(strip, y);
        int width = digits(number);
        cells_printf(drawing->cells, x - 1 - width, area->y + y, width, STYLE_AXIS, "%llu",
                     (unsigned long long)number);
    }
}

static void draw_column_axis(const struct drawing *drawing)
{
    const struct rect *area = &drawing->area;
    const struct strip *strip = &drawing->column;
    int wide = digits(strip->first + strip->span), y = area->y + area->height;
    int step = label_step(strip, wide + 3);
    cells_put(drawing->cells, area->x - 1, y, drawing->ascii ? '+' : 0x2514, STYLE_AXIS);
    for (int x = 0; x < area->width; x++) {
        /* A label that would not end within the map is left out, and so is its tick. */
        bool label = x % step == 0 && x + digits(element_at(strip, x)) <= area->width;
        cells_put(drawing->cells, area->x + x, y,
                  drawing->ascii ? (label ? '+' : '-') : (label ? 0x252c : 0x2500), STYLE_AXIS);
        if (label)
            cells_printf(drawing->cells, area->x + x, y + 1, area->width - x, STYLE_AXIS, "%llu",
                         (unsigned long long)element_at(strip, x));
    }
}

/* The marked element: its cells in reverse, and where it is on the axes. */
static void draw_mark(const struct drawing *drawing, bool axes)
{
    const struct rect *area = &drawing->area;
    int x = cell_of(&drawing->column, drawing->heat->mark_column);
    int y = cell_of(&drawing->row, drawing->heat->mark_row);
    if (x < 0 || y < 0)
        return;
    int width = drawing->column.stretch > 0 ? drawing->column.stretch : 1;
    int height = drawing->row.stretch > 0 ? drawing->row.stretch : 1;
    cells_reverse(drawing->cells, (struct rect){area->x + x, area->y + y, width, height});
    if (!axes)
        return;
    cells_put(drawing->cells, area->x - 1, area->y + y, drawing->ascii ? '>' : 0x25b8, STYLE_VALUE);
    cells_put(drawing->cells, area->x + x, area->y + area->height, drawing->ascii ? '^' : 0x25b4,
              STYLE_VALUE);
}

static uint64_t sum_counts(const struct strip *strip, int cell, const uint64_t count[])
{
    uint64_t sum = 0;
    for (size_t i = block_at(strip, cell); i < block_end(strip, cell); i++)
        sum += count[i];
    return sum;
}

static uint64_t largest_sum(const struct strip *strip, const uint64_t count[])
{
    uint64_t most = 1;
    for (int i = 0; i < strip->cells; i++) {
        uint64_t sum = sum_counts(strip, i, count);
        most = sum > most ? sum : most;
    }
    return most;
}

/* Eighths of a bar of so many cells; something is never nothing. */
static int eighths(uint64_t count, uint64_t most, int bar)
{
    int length = (int)round((double)count / (double)most * bar * 8);
    return count > 0 && length == 0 ? 1 : length;
}

static void draw_column_profile(const struct drawing *drawing)
{
    static const char ascii[] = " ..::||##";
    const uint64_t *count = drawing->heat->column_count;
    uint64_t most = largest_sum(&drawing->column, count);
    for (int x = 0; x < drawing->area.width; x++) {
        int length = eighths(sum_counts(&drawing->column, x, count), most, 1);
        if (length > 0)
            cells_put(drawing->cells, drawing->area.x + x, drawing->area.y - 1,
                      drawing->ascii ? (uint32_t)ascii[length] : 0x2580u + (uint32_t)length,
                      STYLE_POINT);
    }
}

static void draw_row_profile(const struct drawing *drawing)
{
    const uint64_t *count = drawing->heat->row_count;
    uint64_t most = largest_sum(&drawing->row, count);
    int left = drawing->area.x + drawing->area.width + PROFILE_GAP;
    for (int y = 0; y < drawing->area.height; y++) {
        int length = eighths(sum_counts(&drawing->row, y, count), most, PROFILE_COLUMNS);
        for (int x = 0; x * 8 < length; x++) {
            int part = length - x * 8 < 8 ? length - x * 8 : 8;
            cells_put(drawing->cells, left + x, drawing->area.y + y,
                      drawing->ascii ? '#' : 0x2590u - (uint32_t)part, STYLE_POINT);
        }
    }
}

void heat_draw(struct cells *cells, struct rect rect, const struct heat *heat, enum glyphs glyphs)
{
    /* Numbers of the rows, a space, the axis line. */
    int margin = digits(heat->first_row + heat->row_span) + 2;
    bool axes = rect.width >= AXES_WIDTH && rect.width >= 2 * margin && rect.height >= AXES_HEIGHT;
    bool profiles = rect.width >= PROFILES_WIDTH && rect.height >= PROFILES_HEIGHT &&
                    heat->row_count && heat->column_count;
    if (rect.width < 1 || rect.height < 1 || heat->rows == 0 || heat->columns == 0)
        return;
    struct drawing drawing = {.cells = cells, .heat = heat, .area = rect};
    drawing.ascii = glyphs == GLYPHS_ASCII;
    if (axes) {
        drawing.area.x += margin;
        drawing.area.width -= margin;
        drawing.area.height -= 2;
    }
    if (profiles) {
        drawing.area.y++;
        drawing.area.height--;
        drawing.area.width -= PROFILE_GAP + PROFILE_COLUMNS;
    }
    drawing.row = strip_of(drawing.area.height, heat->rows, heat->first_row, heat->row_span);
    drawing.column =
        strip_of(drawing.area.width, heat->columns, heat->first_column, heat->column_span);
    drawing.area.height = drawing.row.cells;
    drawing.area.width = drawing.column.cells;
    draw_shades(&drawing);
    if (axes) {
        draw_row_axis(&drawing);
        draw_column_axis(&drawing);
    }
    if (profiles) {
        draw_column_profile(&drawing);
        draw_row_profile(&drawing);
    }
    if (heat->marked)
        draw_mark(&drawing, axes);
}

int heat_legend(struct cells *cells, int x, int y, int width, const struct heat *heat,
                const char *unit, enum glyphs glyphs)
{
    char number[HEAT_LEVELS][16];
    int columns = (int)utf8_width(unit, strlen(unit));
    for (int i = 0; i < HEAT_LEVELS; i++)
        columns += 3 + snprintf(number[i], sizeof number[i], "%.3g", heat->bound[i]);
    if (columns > width)
        return 0;
    x += width - columns;
    for (int i = 0; i < HEAT_LEVELS; i++) {
        cells_put(cells, x, y, shades[glyphs == GLYPHS_ASCII][i], shade_styles[i]);
        x += 2 + cells_text(cells, x + 2, y, (int)strlen(number[i]), STYLE_TEXT, number[i]) + 1;
    }
    cells_text(cells, x, y, columns, STYLE_DIM, unit);
    return columns;
}
