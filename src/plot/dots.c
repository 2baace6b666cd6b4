/* SPDX-License-Identifier: MIT */
#include "plot/dots.h"

#include <assert.h>
#include <math.h>

#include "base/mem.h"

#define ACROSS 2 /* dots in a cell */
#define DOWN   4

#define BRAILLE 0x2800u

struct dots *dots_new(int width, int height)
{
    assert(width >= 1 && height >= 1);
    struct dots *dots = mem_alloc(1, sizeof *dots);
    dots->width = width;
    dots->height = height;
    dots->cell = mem_zero((size_t)width * (size_t)height, 1);
    return dots;
}

void dots_free(struct dots *dots)
{
    mem_free(dots->cell);
    mem_free(dots);
}

/* Sets dot (x, y), counted in dots. */
static void set_dot(struct dots *dots, int x, int y)
{
    int cell = y / DOWN * dots->width + x / ACROSS;
    dots->cell[cell] |= (uint8_t)(1u << (y % DOWN * ACROSS + x % ACROSS));
}

/* The dot that a coordinate falls on, of `count`; the far edge belongs to the last one. */
static int dot_index(double coordinate, int count)
{
    int index = (int)coordinate;
    return index < count ? index : count - 1;
}

void dots_point(struct dots *dots, double x, double y)
{
    if (!(x >= 0 && x <= dots->width && y >= 0 && y <= dots->height))
        return;
    set_dot(dots, dot_index(x * ACROSS, dots->width * ACROSS),
            dot_index(y * DOWN, dots->height * DOWN));
}

/* Moves the end (*a, *b) of a line along it, towards its other end, to where a lies in
 * [0, limit].  The coordinate a itself is set, not computed, so it is exact however far the end
 * was. */
static void clip_end(double *a, double *b, double other_a, double other_b, double limit)
{
    double edge = fmin(fmax(*a, 0), limit);
    if (edge == *a)
        return;
    *b += (other_b - *b) * ((edge - *a) / (other_a - *a));
    *a = edge;
}

/* Clips a line in one coordinate, a; false if nothing is left. */
static bool clip_line(double *a0, double *b0, double *a1, double *b1, double limit)
{
    if ((*a0 < 0 && *a1 < 0) || (*a0 > limit && *a1 > limit))
        return false;
    clip_end(a0, b0, *a1, *b1, limit);
    clip_end(a1, b1, *a0, *b0, limit);
    return true;
}

void dots_line(struct dots *dots, double x0, double y0, double x1, double y1, int period)
{
    int across = dots->width * ACROSS, down = dots->height * DOWN;
    x0 *= ACROSS;
    x1 *= ACROSS;
    y0 *= DOWN;
    y1 *= DOWN;
    if (!isfinite(x1 - x0) || !isfinite(y1 - y0) || !clip_line(&x0, &y0, &x1, &y1, across) ||
        !clip_line(&y0, &x0, &y1, &x1, down))
        return;
    bool flat = fabs(x1 - x0) >= fabs(y1 - y0);
    int steps = (int)ceil(fmax(fabs(x1 - x0), fabs(y1 - y0)));
    if (steps == 0)
        steps = 1;
    /* At the middles of steps: a line between corners of dots then meets their middles. */
    for (int i = 0; i < steps; i++) {
        double part = (i + 0.5) / steps;
        int x = dot_index(x0 + (x1 - x0) * part, across);
        int y = dot_index(y0 + (y1 - y0) * part, down);
        if ((flat ? x : y) % period == 0)
            set_dot(dots, x, y);
    }
}

/* The braille character of eight dots.  Unicode numbers the dots down the columns, and the lowest
 * row, which came later, last. */
static uint32_t braille_glyph(uint8_t dots)
{
    static const uint8_t bits[ACROSS * DOWN] = {0x01, 0x08, 0x02, 0x10, 0x04, 0x20, 0x40, 0x80};
    uint32_t pattern = 0;
    for (int i = 0; i < ACROSS * DOWN; i++)
        if (dots >> i & 1)
            pattern |= bits[i];
    return BRAILLE + pattern;
}

/* Two rows of dots make one row of quadrants. */
static uint32_t quadrant_glyph(uint8_t dots)
{
    static const uint32_t glyphs[16] = {
        ' ',    0x2598, 0x259D, 0x2580, 0x2596, 0x258C, 0x259E, 0x259B,
        0x2597, 0x259A, 0x2590, 0x259C, 0x2584, 0x2599, 0x259F, 0x2588,
    };
    unsigned upper = (dots | dots >> 2) & 3u, lower = (dots >> 4 | dots >> 6) & 3u;
    return glyphs[upper | lower << 2];
}

/* Characters for a stroke through a cell. */
struct strokes {
    uint32_t level[DOWN]; /* flat, at each height */
    uint32_t rising, falling, steep;
};

/* Scan lines are thin and so are told from bars, which quadrants would not be. */
static const struct strokes line_strokes = {{0x23BA, 0x23BB, 0x23BC, 0x23BD}, '/', '\\', 0x2502};
static const struct strokes ascii_strokes = {{'\'', '-', '-', '_'}, '/', '\\', '|'};

/* Where the dots of one column of a cell begin and end. */
struct extent {
    int top, bottom; /* top > bottom if there are none */
};

static struct extent column_extent(uint8_t dots, int column)
{
    struct extent extent = {DOWN, -1};
    for (int row = 0; row < DOWN; row++)
        if (dots >> (row * ACROSS + column) & 1) {
            extent.top = row < extent.top ? row : extent.top;
            extent.bottom = row;
        }
    return extent;
}

static uint32_t stroke_glyph(const struct strokes *strokes, uint8_t dots)
{
    struct extent left = column_extent(dots, 0), right = column_extent(dots, 1);
    int top = left.top < right.top ? left.top : right.top;
    int bottom = left.bottom > right.bottom ? left.bottom : right.bottom;
    if (bottom - top < 2)
        return strokes->level[top < 2 ? top : bottom];
    /* Twice the middles, to compare without halves; downwards, as rows are counted. */
    int left_middle = left.top + left.bottom, right_middle = right.top + right.bottom;
    if (left.bottom < 0 || right.bottom < 0 || left_middle == right_middle)
        return strokes->steep;
    return left_middle > right_middle ? strokes->rising : strokes->falling;
}

static uint32_t dots_glyph(uint8_t dots, enum glyphs glyphs, enum pen pen)
{
    if (glyphs == GLYPHS_BRAILLE)
        return braille_glyph(dots);
    bool ascii = glyphs == GLYPHS_ASCII;
    switch (pen) {
    case PEN_DOTTED:
        return !ascii ? 0xB7 : dots & 0xF0 ? '.' : '\'';
    case PEN_POINTS:
        return ascii ? 'o' : quadrant_glyph(dots);
    case PEN_LINE:
        break;
    }
    return stroke_glyph(ascii ? &ascii_strokes : &line_strokes, dots);
}

/* The character at (x, y) if it is braille, else the empty pattern. */
static uint32_t braille_below(const struct cells *cells, int x, int y)
{
    if (x < 0 || y < 0 || x >= cells->width || y >= cells->height)
        return BRAILLE;
    uint32_t point = cells->cell[y * cells->width + x].point;
    return point >= BRAILLE && point < BRAILLE + 256 ? point : BRAILLE;
}

void dots_show(const struct dots *dots, struct cells *cells, int x, int y, enum glyphs glyphs,
               enum pen pen, enum style style)
{
    for (int row = 0; row < dots->height; row++)
        for (int column = 0; column < dots->width; column++) {
            uint8_t set = dots->cell[row * dots->width + column];
            if (!set)
                continue;
            uint32_t point = dots_glyph(set, glyphs, pen);
            if (glyphs == GLYPHS_BRAILLE)
                point |= braille_below(cells, x + column, y + row);
            cells_put_over(cells, x + column, y + row, point, style);
        }
}
