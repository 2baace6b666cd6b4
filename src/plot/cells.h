/* SPDX-License-Identifier: MIT
 *
 * A frame: a grid of character cells that knows no terminal.  Plots and views write into it, a
 * test compares it, the terminal shows it.
 */
#ifndef PLOT_CELLS_H
#define PLOT_CELLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/text.h"

/* What a cell means, not what colour it has: the terminal's palette decides that. */
enum style {
    STYLE_TEXT,
    STYLE_DIM,       /* less important: units, empty states, tree guides */
    STYLE_FRAME,     /* lines between panes */
    STYLE_TITLE,
    STYLE_AXIS,      /* axis lines, ticks and their numbers */
    STYLE_DATA,      /* what was measured: fills */
    STYLE_POINT,     /* what was measured: points */
    STYLE_THEORY,    /* what theory says: lines */
    STYLE_REFERENCE, /* a third thing: the uniform density, y = x, grid lines */
    STYLE_MARK,      /* levels, clip threshold */
    STYLE_VALUE,     /* numbers in the facts */
    STYLE_GOOD,
    STYLE_WARN,
    STYLE_BAD,
    STYLE_KEY,       /* a key in the help line */
    STYLE_COUNT,
};

struct cell {
    uint32_t point;     /* character; ' ' when empty; 0 in the right half of a wide one */
    uint32_t combining; /* a combining character over it, or 0 */
    uint8_t style;
    bool reverse;       /* selected row, cursor */
    bool filled;        /* a full bar of STYLE_DATA lies behind the character */
};

/* A rectangle of a frame, in cells. */
struct rect {
    int x, y, width, height;
};

struct cells {
    int width, height;
    struct cell *cell; /* row by row */
};

/* How plots draw: dots of 2x4 a cell, blocks (eighths and halves), or plain ASCII. */
enum glyphs { GLYPHS_BRAILLE, GLYPHS_BLOCKS, GLYPHS_ASCII, GLYPHS_COUNT };

struct cells *cells_new(int width, int height); /* blank; sizes at least 1 */
void cells_free(struct cells *cells);
void cells_clear(struct cells *cells);
void cells_copy(struct cells *to, const struct cells *from); /* of one size */

/* Puts one character; outside the frame it does nothing.  Overwriting half of a wide character
 * blanks the other half. */
void cells_put(struct cells *cells, int x, int y, uint32_t point, enum style style);

/* As cells_put, but over a full bar, which stays behind the character where colours can show it. */
void cells_put_over(struct cells *cells, int x, int y, uint32_t point, enum style style);

/* Writes printable UTF-8 at (x, y), cut at `width` columns; returns the columns used. */
int cells_text(struct cells *cells, int x, int y, int width, enum style style, const char *utf8);
int cells_printf(struct cells *cells, int x, int y, int width, enum style style,
                 const char *format, ...) __attribute__((format(printf, 6, 7)));

void cells_fill(struct cells *cells, struct rect rect, uint32_t point, enum style style);
void cells_reverse(struct cells *cells, struct rect rect); /* marks as selected */

/* The part of rect that lies on the frame; its sizes are not positive if there is none. */
struct rect cells_clip(const struct cells *cells, struct rect rect);

/* Appends the frame as UTF-8 lines, trailing blanks cut, each with a newline. */
void cells_dump(const struct cells *cells, struct text *out);

/* The same with SGR colours (16-colour palette), for pictures. */
void cells_dump_colour(const struct cells *cells, struct text *out);

bool cell_equal(const struct cell *a, const struct cell *b);
bool cells_equal(const struct cells *a, const struct cells *b);

#endif
