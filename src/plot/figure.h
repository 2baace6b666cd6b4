/* SPDX-License-Identifier: MIT
 *
 * A figure: what is to be drawn, as plain data in the data's own units.  draw_figure turns it
 * into cells.
 */
#ifndef PLOT_FIGURE_H
#define PLOT_FIGURE_H

#include <stdbool.h>
#include <stddef.h>

#include "plot/cells.h"

enum series_kind {
    SERIES_LINE,    /* points joined in order; NaN breaks the line */
    SERIES_DOTTED,  /* a line with gaps: references, told from a line without colour */
    SERIES_BARS,    /* n bars over n + 1 ascending edges in x; y are heights */
    SERIES_SCATTER, /* a mark at every point */
    SERIES_STEMS,   /* a vertical line from zero to each y, with a head */
    SERIES_LETTERS, /* at every point the label, a character that tells of itself: no legend */
    SERIES_NAMES,   /* at every point the end of the label, a short text: no legend */
};

struct series {
    enum series_kind kind;
    enum style style;
    const char *label; /* in the legend: "theory, Gaussian"; NULL for none */
    const double *x, *y;
    size_t n;          /* points, or bars */
};

/* A vertical line at x with a short label above the axis (levels, clip thresholds). */
struct marker {
    double x;
    const char *label; /* may be NULL */
    enum style style;
};

/* A label at an exact place of the x axis, in the place of round ticks: "-q/2" at -0.5. */
struct tick {
    double at;
    const char *label;
};

#define FIGURE_SERIES 64

struct figure {
    const char *x_title, *y_title; /* short; x right of the axis' end, y above it */
    double x_low, x_high;          /* range shown; low < high */
    double y_low, y_high;          /* both 0: from the series, with zero for bars and stems */
    bool y_log;                    /* log10 axis; values <= 0 are not drawn */
    struct series series[FIGURE_SERIES];
    size_t series_count;
    const struct marker *markers;
    size_t marker_count;
    const struct tick *x_ticks;    /* NULL: round ticks */
    size_t x_tick_count;
};

/* Draws the figure into rect (any size; below 12x4 only what fits) with axes, ticks, numbers at the
 * left, the series in the given glyphs and the legend in words and shapes.  Bars are drawn first,
 * lines over them.  Never writes outside rect. */
void draw_figure(struct cells *cells, struct rect rect, const struct figure *figure,
                 enum glyphs glyphs);

#endif
