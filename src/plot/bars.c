/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "plot/draw.h"

#define PARTS 8 /* of a cell's height that a bar can fill */

/* The character of a cell filled from part `from` to part `to`, counted upwards.  Unicode has
 * eighths only from below; what hangs from above is rounded to an eighth, a half or all. */
static uint32_t fill_glyph(int from, int to, enum glyphs glyphs)
{
    int filled = to - from;
    if (glyphs == GLYPHS_ASCII)
        return filled > 5 ? '#' : filled > 2 ? ':' : from == 0 ? '.' : '\'';
    if (from == 0)
        return 0x2580 + (uint32_t)filled; /* ▁ to █ */
    if (to < PARTS && to + from <= PARTS)
        return 0x2584;                                         /* ▄: floats in the lower half */
    return filled < 2 ? 0x2594 : filled < 7 ? 0x2580 : 0x2588; /* ▔ ▀ █ */
}

/* Fills one column between two heights in parts of a cell. */
static void fill_column(const struct plot *plot, int column, int from, int to, enum style style)
{
    for (int cell = from / PARTS; cell * PARTS < to; cell++) {
        int bottom = cell * PARTS;
        int low = from > bottom ? from - bottom : 0;
        int high = to - bottom < PARTS ? to - bottom : PARTS;
        cells_put(plot->cells, plot->area.x + column, plot->area.y + plot->area.height - 1 - cell,
                  fill_glyph(low, high, plot->glyphs), style);
    }
}

/* A bar that is not zero shows at least its smallest part, or tails would look empty. */
static void draw_bar(const struct plot *plot, int column, double value, enum style style)
{
    int limit = plot->area.height * PARTS;
    int base = (int)lround(plot_base(plot) * PARTS);
    int end = (int)lround(plot_height(plot, value) * PARTS);
    if (value > 0 && end <= base) {
        base = base < limit ? base : limit - 1;
        end = base + 1;
    } else if (value < 0 && end >= base && !plot->y.log) {
        base = base > 0 ? base : 1;
        end = base - 1;
    }
    fill_column(plot, column, base < end ? base : end, base < end ? end : base, style);
}

/* Mean height of the bars over [low, high], weighted by their overlap with it; NaN if none lies
 * there.  *start is the first bar that reaches beyond low and moves along with the columns. */
static double mean_height(const struct series *bars, size_t *start, double low, double high)
{
    while (*start < bars->n && !(bars->x[*start + 1] > low))
        ++*start;
    double sum = 0, weight = 0;
    for (size_t i = *start; i < bars->n && bars->x[i] < high; i++) {
        /* Shares of the column, so that huge edges do not overflow. */
        double width = high / 2 - low / 2;
        double overlap = (fmin(bars->x[i + 1], high) / 2 - fmax(bars->x[i], low) / 2) / width;
        if (!(overlap > 0) || !isfinite(bars->y[i]))
            continue;
        sum += overlap * bars->y[i];
        weight += overlap;
    }
    return weight > 0 ? sum / weight : NAN;
}

/* A column belongs to the bars if they cover its middle, so that their ends are not washed out,
 * or if all of them lie in it. */
static bool covers_column(const struct series *bars, double low, double high)
{
    double first = bars->x[0], last = bars->x[bars->n], middle = low / 2 + high / 2;
    return (first <= middle && middle < last) || (first >= low && last <= high);
}

void draw_bars(const struct plot *plot, const struct series *series)
{
    if (series->n == 0)
        return;
    size_t start = 0;
    for (int column = 0; column < plot->area.width; column++) {
        double low = scale_value(&plot->x, (double)column / plot->area.width);
        double high = scale_value(&plot->x, (double)(column + 1) / plot->area.width);
        if (!covers_column(series, low, high))
            continue;
        double height = mean_height(series, &start, low, high);
        if (!isnan(height))
            draw_bar(plot, column, height, series->style);
    }
}
