/* SPDX-License-Identifier: MIT */
#include "ui/sqnr_bars.h"

#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "plot/scale.h"

/* From these widths on there is room for more columns of figures, and for longer names. */
#define WIDE   72
#define WIDER  88
#define WIDEST 104

/* Columns of a figure. */
#define FIGURE 8

/* A bar is no thicker than this, whatever room there is. */
#define THICKEST 3

/* Columns that the axis leaves for a number. */
#define TICK_COLUMNS 6

/* What a cell of a bar is part of. */
enum piece {
    PIECE_BITS,
    PIECE_CONCENTRATION,
    PIECE_TAKEN_BITS, /* by the alignment, or by a concentration below 0 dB */
    PIECE_TAKEN_CONCENTRATION,
    PIECE_PLAIN, /* of levels without even steps, whose SQNR has no terms */
    PIECES
};

/* Told apart by their shape alone where there are no colours. */
/* clang-format off */
static const struct {
    uint32_t unicode, ascii;
    enum style style;
} pieces[PIECES] = {
    [PIECE_BITS]                = { 0x2588, '#', STYLE_DATA },
    [PIECE_CONCENTRATION]       = { 0x2593, '=', STYLE_POINT },
    [PIECE_TAKEN_BITS]          = { 0x2591, ':', STYLE_BAD },
    [PIECE_TAKEN_CONCENTRATION] = { 0x2592, '.', STYLE_BAD },
    [PIECE_PLAIN]               = { 0x2588, '#', STYLE_DATA },
};
/* clang-format on */

#define TICK  0x2503 /* ┃ */
#define BOUND 0x25c6 /* ◆ */

struct column {
    const char *unicode, *ascii; /* heading */
    double (*value)(const struct layer_sqnr *sqnr);
    int least; /* width of the pane from which on it is there */
};

static double weight_concentration(const struct layer_sqnr *sqnr)
{
    return sqnr->weight_concentration;
}

static double activation_concentration(const struct layer_sqnr *sqnr)
{
    return sqnr->activation_concentration;
}

static double concentration(const struct layer_sqnr *sqnr)
{
    return sqnr->concentration;
}

static double alignment(const struct layer_sqnr *sqnr)
{
    return sqnr->alignment;
}

static double approximation(const struct layer_sqnr *sqnr)
{
    return sqnr->approximation;
}

static double measured(const struct layer_sqnr *sqnr)
{
    return sqnr->measured;
}

static double residual(const struct layer_sqnr *sqnr)
{
    return sqnr->measured - sqnr->approximation;
}

static const struct column columns[] = {
    {"C(W)", "C(W)", weight_concentration, WIDEST},
    {"C(x)", "C(x)", activation_concentration, WIDEST},
    {"conc.", "conc.", concentration, WIDER},
    {"align.", "align.", alignment, WIDER},
    {"approx.", "approx.", approximation, 0},
    {"┃ meas.", "| meas.", measured, 0},
    {"resid.", "resid.", residual, WIDE},
};
#define COLUMNS (sizeof columns / sizeof *columns)

struct picture {
    struct cells *cells;
    struct rect rect;
    bool ascii;
    int label;        /* columns of names */
    struct rect area; /* of the bars */
    struct scale scale;
    int thickness, gap; /* rows of a bar, and between two */
};

/* What gives, all of it: the right end of a bar. */
static double given(const struct layer_sqnr *sqnr)
{
    return fmax(sqnr->bits, 0) + fmax(sqnr->concentration, 0) + fmax(sqnr->alignment, 0);
}

static void find_scale(struct picture *picture, const struct sqnr_bar bars[], size_t n)
{
    double low = 0, high = 6;
    for (size_t i = 0; i < n; i++) {
        const struct layer_sqnr *sqnr = bars[i].sqnr;
        if (!sqnr)
            continue;
        /* fmin and fmax pass over NaN. */
        low = fmin(fmin(low, sqnr->approximation), sqnr->measured);
        high = fmax(fmax(high, sqnr->measured), isnan(sqnr->bits) ? 0 : given(sqnr));
    }
    picture->scale = (struct scale){.low = low, .high = high + 0.02 * (high - low)};
}

/* The cell of a value, counted from the left of the area; may lie outside of it. */
static int cell_of(const struct picture *picture, double decibels)
{
    return (int)floor(scale_position(&picture->scale, decibels) * picture->area.width);
}

/* The piece of a bar that a value lies in; PIECES for none. */
static enum piece piece_at(const struct layer_sqnr *sqnr, double decibels)
{
    if (isnan(sqnr->approximation))
        return decibels >= fmin(sqnr->measured, 0) && decibels < fmax(sqnr->measured, 0)
                   ? PIECE_PLAIN
                   : PIECES;
    const bool beyond = decibels >= sqnr->bits;
    if (decibels < fmin(sqnr->approximation, 0) || decibels >= given(sqnr))
        return PIECES;
    if (decibels >= 0 && decibels < sqnr->approximation)
        return beyond ? PIECE_CONCENTRATION : PIECE_BITS;
    return beyond ? PIECE_TAKEN_CONCENTRATION : PIECE_TAKEN_BITS;
}

static void put_piece(const struct picture *picture, int x, int y, enum piece piece)
{
    cells_put(picture->cells, x, y, picture->ascii ? pieces[piece].ascii : pieces[piece].unicode,
              pieces[piece].style);
}

/* Marks a value in a row of a bar. */
static void mark(const struct picture *picture, int y, double decibels, uint32_t unicode,
                 char ascii, enum style style)
{
    const int cell = isnan(decibels) ? -1 : cell_of(picture, decibels);
    if (cell >= 0 && cell < picture->area.width)
        cells_put(picture->cells, picture->area.x + cell, y,
                  picture->ascii ? (uint32_t)ascii : unicode, style);
}

static void draw_row(const struct picture *picture, const struct layer_sqnr *sqnr, int y)
{
    for (int i = 0; i < picture->area.width; i++) {
        const enum piece piece =
            piece_at(sqnr, scale_value(&picture->scale, (i + 0.5) / picture->area.width));
        if (piece < PIECES)
            put_piece(picture, picture->area.x + i, y, piece);
    }
    mark(picture, y, sqnr->bits + sqnr->concentration + sqnr->max_alignment, BOUND, '*',
         STYLE_MARK);
    mark(picture, y, sqnr->measured, TICK, '|', STYLE_TITLE);
}

static void draw_label(const struct picture *picture, const struct sqnr_bar *bar, int y)
{
    struct text text = {0};
    text_puts(&text, !bar->own ? "  " : picture->ascii ? "> " : "▸ ");
    utf8_cut_middle(&text, bar->label, strlen(bar->label), (size_t)picture->label - 3,
                    picture->ascii);
    cells_text(picture->cells, picture->rect.x, y, picture->label - 1,
               bar->own ? STYLE_TITLE : STYLE_TEXT, text.data);
    text_done(&text);
}

/* Columns in a pane of this width. */
static bool is_there(const struct column *column, int width)
{
    return width >= column->least;
}

static void draw_figures(const struct picture *picture, const struct layer_sqnr *sqnr, int y)
{
    const int width = picture->rect.width;
    int x = picture->area.x + picture->area.width;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (!is_there(&columns[i], width))
            continue;
        const double value = columns[i].value(sqnr);
        if (isnan(value))
            cells_printf(picture->cells, x, y, FIGURE, STYLE_DIM, "%*s", FIGURE, "-");
        else
            cells_printf(picture->cells, x, y, FIGURE, STYLE_VALUE, "%*.*f", FIGURE,
                         width >= WIDE ? 2 : 1, value);
        x += FIGURE;
    }
}

static void draw_bar(const struct picture *picture, const struct sqnr_bar *bar, int y)
{
    const int middle = y + (picture->thickness - 1) / 2;
    const int right = picture->rect.x + picture->rect.width;
    draw_label(picture, bar, middle);
    if (bar->sqnr) {
        for (int i = 0; i < picture->thickness; i++)
            draw_row(picture, bar->sqnr, y + i);
        draw_figures(picture, bar->sqnr, middle);
    } else {
        cells_text(picture->cells, picture->area.x, middle, right - picture->area.x, STYLE_DIM,
                   bar->reason ? bar->reason : "...");
    }
}

/* An entry of the legend, if it fits; returns where the next one begins.  Where there is room, both
 * shapes are shown: as it stays, and as it is taken. */
static int draw_key(const struct picture *picture, int x, enum piece one, enum piece other,
                    const char *name)
{
    const int shapes = picture->rect.width < WIDE ? 1 : 2, width = shapes + 1 + (int)strlen(name);
    if (x + width > picture->area.x + picture->area.width)
        return x;
    put_piece(picture, x, picture->rect.y, one);
    if (shapes > 1)
        put_piece(picture, x + 1, picture->rect.y, other);
    cells_text(picture->cells, x + shapes + 1, picture->rect.y, (int)strlen(name), STYLE_TEXT,
               name);
    return x + width + shapes;
}

/* Whether levels have no even steps, so that their SQNR has no terms. */
static bool is_plain(const struct sqnr_bars *bars)
{
    bool any = false;
    for (size_t i = 0; i < bars->count; i++) {
        const struct layer_sqnr *sqnr = bars->bar[i].sqnr;
        if (sqnr && !isnan(sqnr->approximation))
            return false;
        any = any || (sqnr && !isnan(sqnr->measured));
    }
    return any;
}

static void draw_legend(const struct picture *picture, const struct sqnr_bars *bars)
{
    if (is_plain(bars)) {
        cells_text(picture->cells, picture->rect.x + 2, picture->rect.y,
                   picture->area.x + picture->area.width - picture->rect.x - 2, STYLE_DIM,
                   "no even steps: no terms");
        return;
    }
    const int width = picture->rect.width, end = picture->area.x + picture->area.width;
    const char *bound = width < WIDER ? "best" : "best alignment";
    int x = picture->rect.x + 2;
    x = draw_key(picture, x, PIECE_BITS, PIECE_TAKEN_BITS, "bits");
    x = draw_key(picture, x, PIECE_CONCENTRATION, PIECE_TAKEN_CONCENTRATION,
                 width < WIDER ? "conc." : "concentration");
    x = draw_key(picture, x, PIECE_TAKEN_BITS, PIECE_TAKEN_CONCENTRATION,
                 width < WIDER ? "align." : "alignment takes");
    if (x + 2 + (int)strlen(bound) > end)
        return;
    cells_put(picture->cells, x, picture->rect.y, picture->ascii ? '*' : BOUND, STYLE_MARK);
    cells_text(picture->cells, x + 2, picture->rect.y, end - x - 2, STYLE_TEXT, bound);
}

static void draw_headings(const struct picture *picture)
{
    int x = picture->area.x + picture->area.width;
    for (size_t i = 0; i < COLUMNS; i++) {
        if (!is_there(&columns[i], picture->rect.width))
            continue;
        const char *heading = picture->ascii ? columns[i].ascii : columns[i].unicode;
        const int used = (int)utf8_width(heading, strlen(heading));
        x += FIGURE;
        cells_text(picture->cells, x - used, picture->rect.y, used, STYLE_DIM, heading);
    }
}

/* Whether nothing stands in these cells and the ones beside them. */
static bool is_blank(const struct cells *cells, int x, int y, int width)
{
    for (int i = x - 1; i <= x + width; i++)
        if (i >= 0 && i < cells->width && cells->cell[y * cells->width + i].point != ' ')
            return false;
    return true;
}

/* A number in the middle below its place, or as near as it fits, unless it would touch a letter. */
static void draw_number(const struct picture *picture, int y, double value, const char *label)
{
    const struct rect *area = &picture->area;
    const int used = (int)strlen(label), end = area->x + area->width;
    int x = area->x + cell_of(picture, value) - (used - 1) / 2;
    x = x + used > end ? end - used : x < area->x ? area->x : x;
    if (is_blank(picture->cells, x, y, used))
        cells_text(picture->cells, x, y, used, STYLE_AXIS, label);
}

static void draw_axis(const struct picture *picture, const struct sqnr_bars *bars, int y)
{
    struct scale_ticks ticks;
    const size_t most = (size_t)(picture->area.width / TICK_COLUMNS);
    scale_find_ticks(&picture->scale, most < SCALE_TICKS ? most : SCALE_TICKS, &ticks);
    for (size_t i = 0; i < bars->marks; i++)
        mark(picture, y, bars->mark[i].decibels, (uint32_t)bars->mark[i].letter,
             bars->mark[i].letter, STYLE_MARK);
    for (size_t i = 0; i < ticks.count; i++)
        draw_number(picture, y, ticks.at[i], ticks.label[i]);
    cells_text(picture->cells, picture->rect.x + 2, y, picture->label - 3, STYLE_AXIS, "SQNR, dB");
}

int sqnr_bars_least(size_t n)
{
    return (int)n + 2;
}

/* As thick as there is room for, with a row between two. */
static void find_thickness(struct picture *picture, size_t n)
{
    const int rows = n > 0 ? (picture->rect.height - 2) / (int)n : 1;
    picture->gap = rows > 1;
    picture->thickness = rows - picture->gap > THICKEST ? THICKEST
                         : rows > 1                     ? rows - picture->gap
                                                        : 1;
}

static void divide(struct picture *picture)
{
    const int width = picture->rect.width;
    int figures = 0;
    for (size_t i = 0; i < COLUMNS; i++)
        figures += is_there(&columns[i], width) ? FIGURE : 0;
    picture->label = width >= WIDEST ? 24 : 12;
    picture->area = (struct rect){picture->rect.x + picture->label, picture->rect.y + 1,
                                  width - picture->label - figures, picture->rect.height - 2};
    if (picture->area.width < 1)
        picture->area.width = 1;
}

int sqnr_bars_draw(const struct sqnr_bars *bars, enum glyphs glyphs, struct cells *cells,
                   struct rect rect)
{
    struct picture picture = {.cells = cells, .rect = rect, .ascii = glyphs == GLYPHS_ASCII};
    const int bottom = rect.y + rect.height;
    divide(&picture);
    find_scale(&picture, bars->bar, bars->count);
    find_thickness(&picture, bars->count);
    draw_legend(&picture, bars);
    draw_headings(&picture);
    int y = rect.y + 1;
    for (size_t i = 0; i < bars->count && y + picture.thickness < bottom; i++) {
        draw_bar(&picture, &bars->bar[i], y);
        y += picture.thickness + picture.gap;
    }
    y -= picture.gap;
    if (y < bottom)
        draw_axis(&picture, bars, y++);
    return y - rect.y;
}
