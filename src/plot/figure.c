/* SPDX-License-Identifier: MIT */
#include "plot/figure.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include "base/utf8.h"
#include "plot/axes.h"
#include "plot/draw.h"
#include "plot/legend.h"

/* A kind of series: how it is drawn, how the legend shows it, and what it lies on.  Fills come
 * first, then markers, references and data in the order of their layers. */
struct kind {
    void (*draw)(const struct plot *plot, const struct series *series);
    const char *sample, *ascii_sample; /* NULL: it has no place in the legend */
    int layer;
    bool from_zero; /* the picture says something only if zero is on the axis */
};

#define LAYERS 5

static const struct kind kinds[] = {
    [SERIES_LINE] = {draw_line, "──", "--", 3, false},
    [SERIES_DOTTED] = {draw_dotted, "··", "..", 1, false},
    [SERIES_BARS] = {draw_bars, "██", "##", 0, true},
    [SERIES_SCATTER] = {draw_scatter, "••", "oo", 2, false},
    [SERIES_STEMS] = {draw_stems, "│•", "|o", 4, true},
    [SERIES_LETTERS] = {draw_letters, NULL, NULL, 4, false},
    [SERIES_NAMES] = {draw_names, NULL, NULL, 2, false},
};

/* On a log axis taken from the series, at most as many decades: the far tail of a density would
 * press all else into the top row. */
#define AUTO_DECADES 9

/* The least and greatest value that is shown. */
struct range {
    double low, high; /* low > high if there is none */
};

static bool in_view(const struct figure *figure, const struct series *series, size_t i)
{
    if (!isfinite(series->y[i]) || (figure->y_log && series->y[i] <= 0))
        return false;
    double right = series->kind == SERIES_BARS ? series->x[i + 1] : series->x[i];
    return right >= figure->x_low && series->x[i] <= figure->x_high;
}

static struct range values_in_view(const struct figure *figure)
{
    struct range range = {INFINITY, -INFINITY};
    for (size_t s = 0; s < figure->series_count; s++) {
        const struct series *series = &figure->series[s];
        for (size_t i = 0; i < series->n; i++)
            if (in_view(figure, series, i)) {
                range.low = fmin(range.low, series->y[i]);
                range.high = fmax(range.high, series->y[i]);
            }
        if (kinds[series->kind].from_zero && series->n && !figure->y_log) {
            range.low = fmin(range.low, 0);
            range.high = fmax(range.high, 0);
        }
    }
    return range;
}

/* Makes a scale from whatever range: the contract of struct scale holds for the result. */
static struct scale safe_scale(double low, double high, bool log)
{
    if (!isfinite(low) || !isfinite(high) || low > high || (log && high <= 0))
        return (struct scale){log ? 0.1 : 0, 1, log};
    if (log && low <= 0)
        low = fmax(high * 1e-6, DBL_MIN);
    if (low == high) {
        double half = log ? low / 2 : fmax(fabs(low) / 10, 0.5);
        low = fmax(low - half, log ? DBL_MIN : -DBL_MAX);
        high = fmin(high + half, DBL_MAX);
    }
    return (struct scale){low, high, log};
}

/* Leaves room above the highest value, and below the lowest unless that is a base line. */
static struct scale auto_scale(const struct figure *figure)
{
    struct range range = values_in_view(figure);
    struct scale scale = safe_scale(range.low, range.high, figure->y_log);
    if (scale.log) {
        scale.low = fmax(scale.low, scale.high / pow(10, AUTO_DECADES));
        scale.high = fmin(scale.high * 1.5, DBL_MAX);
        return scale;
    }
    double room = scale.high / 20 - scale.low / 20;
    if (scale.high != 0)
        scale.high = fmin(scale.high + room, DBL_MAX);
    if (scale.low != 0)
        scale.low = fmax(scale.low - room, -DBL_MAX);
    return scale;
}

static bool has_marker_label(const struct figure *figure)
{
    for (size_t i = 0; i < figure->marker_count; i++)
        if (figure->markers[i].label)
            return true;
    return false;
}

static size_t find_entries(const struct figure *figure, enum glyphs glyphs,
                           struct legend_entry entries[FIGURE_SERIES])
{
    size_t count = 0;
    for (size_t i = 0; i < figure->series_count; i++) {
        const struct series *series = &figure->series[i];
        const struct kind *kind = &kinds[series->kind];
        const char *sample = glyphs == GLYPHS_ASCII ? kind->ascii_sample : kind->sample;
        if (series->label && sample)
            entries[count++] = (struct legend_entry){sample, series->label, series->style};
    }
    return count;
}

/* The y axis' name at the left and the legend at the right of the top rows; returns their
 * number.  The name gives way if the legend is whole only without it. */
static int draw_header(struct cells *cells, struct rect rect, const struct figure *figure,
                       enum glyphs glyphs)
{
    struct legend_entry entries[FIGURE_SERIES];
    size_t count = find_entries(figure, glyphs, entries);
    struct rect rest = rect;
    int title = 0;
    if (figure->y_title) {
        title = (int)utf8_width(figure->y_title, strlen(figure->y_title));
        rest.x += title + 2;
        rest.width -= title + 2;
    }
    if (title > 0 && !legend_fits(rest, entries, count) && legend_fits(rect, entries, count)) {
        rest = rect;
        title = 0;
    }
    if (title > 0)
        cells_text(cells, rect.x, rect.y, rect.width, STYLE_DIM, figure->y_title);
    int rows = legend_draw(cells, rest, entries, count);
    return rows > 0 ? rows : title > 0;
}

static void draw_series(const struct plot *plot, const struct figure *figure)
{
    for (int layer = 0; layer < LAYERS; layer++) {
        for (size_t i = 0; i < figure->series_count; i++) {
            const struct kind *kind = &kinds[figure->series[i].kind];
            if (kind->layer == layer)
                kind->draw(plot, &figure->series[i]);
        }
        if (layer == 0)
            draw_markers(plot, figure);
    }
}

/* Takes rows off the top of rect. */
static struct rect take_rows(struct rect *rect, int rows)
{
    struct rect top = {rect->x, rect->y, rect->width, rows};
    rect->y += rows;
    rect->height -= rows;
    return top;
}

/* Smallest sizes at which the header, a second row of legend and the markers' labels are worth
 * the rows that they take from the picture. */
#define HEADER_WIDTH   16
#define HEADER_HEIGHT  7
#define MARKERS_HEIGHT 9
#define LEGEND_HEIGHT  12

void draw_figure(struct cells *cells, struct rect rect, const struct figure *figure,
                 enum glyphs glyphs)
{
    rect = cells_clip(cells, rect);
    if (rect.width < 1 || rect.height < 1)
        return;
    bool given = figure->y_low != 0 || figure->y_high != 0;
    struct axes axes = {
        .x = safe_scale(figure->x_low, figure->x_high, false),
        .y = given ? safe_scale(figure->y_low, figure->y_high, figure->y_log) : auto_scale(figure),
        .x_ticks = figure->x_ticks,
        .x_tick_count = figure->x_tick_count,
        .x_title = rect.height >= HEADER_HEIGHT ? figure->x_title : NULL,
    };
    int height = rect.height;
    struct rect labels = {0};
    if (height >= HEADER_HEIGHT && rect.width >= HEADER_WIDTH) {
        struct rect header = rect;
        header.height = height >= LEGEND_HEIGHT ? 2 : 1;
        take_rows(&rect, draw_header(cells, header, figure, glyphs));
        if (height >= MARKERS_HEIGHT && has_marker_label(figure))
            labels = take_rows(&rect, 1);
    }
    struct rect area = axes_draw(cells, rect, &axes, glyphs);
    struct plot plot = {cells, area, axes.x, axes.y, glyphs};
    draw_series(&plot, figure);
    if (labels.height > 0)
        label_markers(&plot, figure, labels);
}
