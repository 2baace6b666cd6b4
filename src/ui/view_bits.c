/* SPDX-License-Identifier: MIT
 *
 * View 7: what each scheme makes of its bits, beside the present one and what any code could do
 * (MATH §7).
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"
#include "plot/figure.h"
#include "ui/bits_table.h"
#include "ui/view.h"

/* Bits a weight that are shown: 8 bits with the scales of small groups are the most. */
#define BITS_LOW  1.6
#define BITS_HIGH 9.2

/* Further than this below Shannon's bound, in decibels, nobody looks for detail. */
#define DEEPEST 18

/* A picture narrower than this has no room for the table, one lower than that none for the
 * legend. */
#define TABLE_WIDTH_LEAST   96
#define LEGEND_HEIGHT_LEAST 9

struct look {
    const char *letter; /* marks the points; NULL: they have no letter */
    const char *name;   /* in the legend */
    enum style style;
};

/* Letters tell families apart where there are no colours. */
static const struct look looks[LINEUP_FAMILIES] = {
    [LINEUP_UNIFORM] = {"U", "max", STYLE_POINT},
    [LINEUP_CLIPPED] = {"C", "clipped", STYLE_POINT},
    [LINEUP_GROUPS] = {"G", "groups", STYLE_POINT},
    [LINEUP_LLOYD_MAX] = {"L", "Lloyd-Max", STYLE_GOOD},
    [LINEUP_CORRECTED] = {"B", "corrected", STYLE_GOOD},
    [LINEUP_APOT] = {"A", "APoT", STYLE_GOOD},
    [LINEUP_NF] = {"N", "NF", STYLE_GOOD},
    [LINEUP_FLOAT] = {"F", "FP", STYLE_MARK},
    [LINEUP_MX] = {"M", "MX", STYLE_MARK},
    [LINEUP_GGML] = {"Q", "ggml", STYLE_MARK},
};

static const struct look present = {"@", "now", STYLE_TITLE};

/* Points of all series, one behind the other, and how many are used. */
struct picture {
    struct figure figure;
    double *x, *y;
    size_t used;
    double slope; /* that is taken off an SQNR for each bit a weight */
};

static void add_point(struct picture *picture, double bits, double db)
{
    picture->x[picture->used] = bits;
    picture->y[picture->used++] = db - picture->slope * bits;
}

/* Makes a series of the points added since `first`; one without points has no place in the
 * legend. */
static void add_series(struct picture *picture, size_t first, enum series_kind kind,
                       struct look look)
{
    if (picture->used > first)
        picture->figure.series[picture->figure.series_count++] =
            (struct series){kind,
                            look.style,
                            look.letter ? look.letter : look.name,
                            picture->x + first,
                            picture->y + first,
                            picture->used - first};
}

/* Points, most of which the letters hide: what stays to be seen is where theory is wrong. */
static void add_theory(struct picture *picture, const struct comparison *comparison)
{
    const size_t first = picture->used;
    for (size_t i = 0; i < comparison->count; i++) {
        const struct comparison_figures figures = comparison_figures(comparison, i);
        add_point(picture, figures.bits_per_weight, figures.theory_sqnr_db);
    }
    add_series(picture, first, SERIES_SCATTER, (struct look){NULL, "theory", STYLE_THEORY});
}

static void add_bounds(struct picture *picture, const struct comparison *comparison)
{
    static const struct look bounds[COMPARISON_BOUNDS] = {
        [COMPARISON_PANTER_DITE] = {NULL, "Panter-Dite", STYLE_DIM},
        [COMPARISON_SHANNON] = {NULL, "Shannon", STYLE_REFERENCE},
    };
    for (int bound = COMPARISON_BOUNDS - 1; bound >= 0; bound--) {
        const size_t first = picture->used;
        for (int end = 0; end < 2; end++) {
            const double bits = end ? BITS_HIGH : BITS_LOW;
            add_point(picture, bits,
                      comparison_bound_db(comparison, (enum comparison_bound)bound, bits));
        }
        add_series(picture, first, bound == COMPARISON_SHANNON ? SERIES_LINE : SERIES_DOTTED,
                   bounds[bound]);
    }
}

static void add_families(struct picture *picture, const struct comparison *comparison)
{
    for (int family = 0; family < LINEUP_FAMILIES; family++) {
        const size_t first = picture->used;
        for (size_t i = 0; i < comparison->count; i++) {
            const struct comparison_figures figures = comparison_figures(comparison, i);
            if ((int)comparison->entry[i].contender->family == family && isfinite(figures.sqnr_db))
                add_point(picture, figures.bits_per_weight, figures.sqnr_db);
        }
        add_series(picture, first, SERIES_LETTERS, looks[family]);
    }
}

static void add_present(struct picture *picture, const struct report *report)
{
    const size_t first = picture->used;
    add_point(picture, report->figures.bits_per_weight, report->figures.sqnr_db);
    add_series(picture, first, SERIES_LETTERS, present);
}

/* The y axis holds the schemes, but for those far from the bound, and the bound: no theory that
 * fails shall press them together. */
static void choose_range(struct picture *picture, const struct comparison *comparison)
{
    const double rise = COMPARISON_DB_PER_BIT - picture->slope; /* of the bound, with each bit */
    const double bound = comparison_bound_db(comparison, COMPARISON_SHANNON, 0);
    double low = bound + rise * BITS_LOW, high = bound + rise * BITS_HIGH;
    const double floor = low - DEEPEST;
    for (size_t s = 0; s < picture->figure.series_count; s++) {
        const struct series *series = &picture->figure.series[s];
        for (size_t i = 0; series->kind == SERIES_LETTERS && i < series->n; i++) {
            low = fmin(low, series->y[i]);
            if (series->x[i] < BITS_HIGH)
                high = fmax(high, series->y[i]);
        }
    }
    picture->figure.y_low = fmax(low, floor) - 1;
    picture->figure.y_high = high + 1;
}

/* "SQNR, dB (12 of 88)": how far the comparison is. */
static void print_title(char *out, size_t size, const struct comparison *comparison,
                        const struct view_options *options)
{
    char state[64] = "";
    if (comparison->known < comparison->count)
        snprintf(state, sizeof state, " (%zu of %zu)", comparison->known, comparison->count);
    else if (comparison->exact < comparison->count)
        snprintf(state, sizeof state, " (%zu of %zu exact)", comparison->exact, comparison->count);
    snprintf(out, size, "%s%s", options->log ? "SQNR - 6.02 dB a bit" : "SQNR, dB", state);
}

static void draw_picture(const struct report *report, const struct view_options *options,
                         struct cells *cells, struct rect rect)
{
    const struct comparison *comparison = report->comparison;
    /* Each entry measured and in theory; the bounds' ends; the present scheme. */
    const size_t most = 2 * comparison->count + 2 * COMPARISON_BOUNDS + 1;
    char title[96];
    print_title(title, sizeof title, comparison, options);
    struct picture picture = {
        .figure = {.x_title = "bits/weight",
                   .y_title = title,
                   .x_low = BITS_LOW,
                   .x_high = BITS_HIGH},
        .x = mem_alloc(most, sizeof *picture.x),
        .y = mem_alloc(most, sizeof *picture.y),
        .slope = options->log ? COMPARISON_DB_PER_BIT : 0,
    };
    add_theory(&picture, comparison);
    add_bounds(&picture, comparison);
    add_families(&picture, comparison);
    add_present(&picture, report);
    choose_range(&picture, comparison);
    draw_figure(cells, rect, &picture.figure, options->glyphs);
    mem_free(picture.x);
    mem_free(picture.y);
}

/* Puts an entry of the legend behind the others, in the next row if this one is full. */
static void add_entry(struct cells *cells, struct rect rect, const struct look *look, int *x,
                      int *y)
{
    const int width = 2 + (int)utf8_width(look->name, strlen(look->name));
    if (*x > 0 && *x + width > rect.width) {
        *x = 0;
        ++*y;
    }
    if (*y >= rect.height)
        return;
    cells_text(cells, rect.x + *x, rect.y + *y, rect.width - *x, look->style, look->letter);
    cells_text(cells, rect.x + *x + 2, rect.y + *y, rect.width - *x - 2, STYLE_TEXT, look->name);
    *x += width + 2;
}

/* What the letters mean, in at most two rows; returns how many. */
static int draw_legend(struct cells *cells, struct rect rect)
{
    int x = 0, y = 0;
    rect.height = 2;
    add_entry(cells, rect, &present, &x, &y);
    for (int family = 0; family < LINEUP_FAMILIES; family++)
        add_entry(cells, rect, &looks[family], &x, &y);
    return y < rect.height ? y + 1 : rect.height;
}

static void draw(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect)
{
    if (!report->comparison || !(report->comparison->power > 0)) {
        cells_text(cells, rect.x, rect.y + rect.height / 2, rect.width, STYLE_DIM,
                   report->comparison ? "nothing to compare: all is zero or not finite"
                                      : "the first scheme is still being measured");
        return;
    }
    if (rect.width >= TABLE_WIDTH_LEAST) {
        struct rect table = {rect.x + rect.width - BITS_TABLE_WIDTH, rect.y, BITS_TABLE_WIDTH,
                             rect.height};
        rect.width -= BITS_TABLE_WIDTH + 2;
        bits_table_draw(report, cells, table);
    }
    if (rect.height >= LEGEND_HEIGHT_LEAST) {
        const int rows = draw_legend(cells, rect);
        rect.y += rows;
        rect.height -= rows;
    }
    draw_picture(report, options, cells, rect);
}

const struct view view_bits = {
    '7',
    "bits",
    "Schemes",
    "SQNR over the bits stored for a weight, scales included, of every scheme: measured (letters, "
    "@ "
    "the present one), theory (points), levels that are many (Panter-Dite) and any code (Shannon)",
    draw,
    .comparison = COMPARISON_USUAL_WIDTHS};
