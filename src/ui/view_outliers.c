/* SPDX-License-Identifier: MIT
 *
 * View 8: where outliers sit: the largest |w - µ|/σ over blocks of rows and columns, the worst
 * elements with what they cost, how many there are, and what an audit finds.
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "plot/heat.h"
#include "ui/outlier_words.h"
#include "ui/pane.h"
#include "ui/view.h"

/* From this width on the list stands beside the map; the map keeps at least the rest. */
#define BESIDE_WIDTH 104
#define GAP          2

/* Lines that the audit may take, and rows of a list below the map with their heading. */
#define AUDIT_LINES 3
#define LEAST_LINES 3
#define LIST_LINES  12

/* Heights below which there is no room for a list or a legend of its own below or above the map. */
#define LEGEND_HEIGHT 9
#define LIST_HEIGHT   7

struct scene {
    const struct report *report;
    struct cells *cells;
    struct rect rect; /* what is left */
    enum glyphs glyphs;
    size_t selected;
};

/* A line of text at the top of what is left. */
static void put_line(struct scene *scene, enum style style, const char *text)
{
    if (scene->rect.height < 1)
        return;
    cells_text(scene->cells, scene->rect.x, scene->rect.y, scene->rect.width, style, text);
    scene->rect.y++;
    scene->rect.height--;
}

/* Text in as many lines as it needs, at most `most`. */
static void put_lines(struct scene *scene, enum style style, const char *text, int most)
{
    for (const char *at = text; *at && most > 0; at += strspn(at, " "), most--) {
        struct text line = {0};
        text_add(&line, at, pane_line(at, (size_t)scene->rect.width));
        put_line(scene, style, line.data);
        at += line.length;
        text_done(&line);
    }
}

/* As much of the counts and of where outliers gather as fits into two lines, or into one. */
static void put_counts(struct scene *scene)
{
    const struct outliers *outliers = scene->report->outliers;
    struct text counts = {0}, gathering = {0};
    outlier_words_counts(&counts, &outliers->limits, outliers->count,
                         scene->glyphs == GLYPHS_ASCII);
    outlier_words_gathering(&gathering, outliers);
    size_t width = utf8_width(counts.data, counts.length) + 3 + gathering.length;
    if (gathering.length > 0 && width <= (size_t)scene->rect.width) {
        text_printf(&counts, "   %s", gathering.data);
        text_clear(&gathering);
    }
    put_line(scene, STYLE_VALUE, counts.data);
    if (gathering.length > 0)
        put_line(scene, STYLE_WARN, gathering.data);
    text_done(&counts);
    text_done(&gathering);
}

/* The audit in one line of a low pane, and only if there is something to say; in more of a high
 * one. */
static void put_audit(struct scene *scene)
{
    const struct audit *audit = scene->report->audit;
    bool high = scene->rect.height >= 2 * LIST_HEIGHT;
    if (!audit || scene->rect.height < LIST_HEIGHT || (!high && audit_clean(audit)))
        return;
    int lines = high ? AUDIT_LINES : 1;
    struct text text = {0};
    outlier_words_audit(&text, audit, lines > 1 ? AUDIT_PLACES : 2);
    put_lines(scene, audit_clean(audit) ? STYLE_DIM : STYLE_BAD, text.data, lines);
    text_done(&text);
}

/* The selected element, or NULL. */
static const struct outlier *selected_of(const struct scene *scene)
{
    const struct outliers *outliers = scene->report->outliers;
    return outliers && scene->selected < outliers->listed ? &outliers->worst[scene->selected]
                                                          : NULL;
}

static void put_map(struct scene *scene)
{
    const struct outlier_map *map = scene->report->outlier_map;
    double limit = scene->report->request.limits.limit[OUTLIER_SIGMA];
    if (!map) {
        put_line(scene, STYLE_DIM, "the map is still being drawn");
        return;
    }
    bool any = false;
    for (size_t i = 0; i < map->rows; i++)
        any |= map->row_outliers[i] > 0;
    const struct outlier *selected = selected_of(scene);
    const struct heat heat = {
        .rows = map->rows,
        .columns = map->columns,
        .value = map->most,
        /* Octaves about the limit: what is an outlier is told by its shade. */
        .bound = {limit / 4, limit / 2, limit, 2 * limit, 4 * limit},
        .first_row = map->region.row,
        .row_span = map->region.rows,
        .first_column = map->region.column,
        .column_span = map->region.columns,
        .row_count = any ? map->row_outliers : NULL,
        .column_count = any ? map->column_outliers : NULL,
        .marked = selected != NULL,
        .mark_row = selected ? selected->channel : 0,
        .mark_column = selected ? selected->column : 0,
    };
    if (scene->rect.height >= LEGEND_HEIGHT) {
        heat_legend(scene->cells, scene->rect.x, scene->rect.y, scene->rect.width, &heat,
                    scene->glyphs == GLYPHS_ASCII ? "std" : "σ", scene->glyphs);
        put_line(scene, STYLE_DIM, "");
    }
    heat_draw(scene->cells, scene->rect, &heat, scene->glyphs);
}

/* The list in its rectangle, and below it what all of it costs. */
static void put_list(const struct scene *scene, struct rect rect)
{
    const struct outlier_costs *costs = scene->report->outlier_costs;
    char gain[TEXT_NUMBER];
    if (costs && !isnan(costs->all_apart_db) && rect.height > 4) {
        rect.height--;
        cells_printf(scene->cells, rect.x, rect.y + rect.height, rect.width, STYLE_DIM,
                     " all %zu kept apart: %s dB", costs->listed,
                     outlier_words_decibels(gain, costs->all_apart_db));
    }
    outlier_words_list(scene->cells, rect, scene->report->outliers, costs, scene->selected,
                       scene->glyphs == GLYPHS_ASCII);
}

/* Divides what is left between map and list, which stands at the right or below. */
static void put_map_and_list(struct scene *scene)
{
    const struct outliers *outliers = scene->report->outliers;
    struct rect list = scene->rect;
    int rows = (int)outliers->listed + 2;
    if (rows > 2 && list.width >= BESIDE_WIDTH) {
        list.x += list.width - OUTLIER_LIST_WIDTH;
        list.width = OUTLIER_LIST_WIDTH;
        list.height = rows < list.height ? rows : list.height;
        scene->rect.width -= OUTLIER_LIST_WIDTH + GAP;
        put_list(scene, list);
    } else if (rows > 2 && list.height >= LIST_HEIGHT) {
        int height = list.height * 2 / 5;
        height = height < LEAST_LINES ? LEAST_LINES : height < LIST_LINES ? height : LIST_LINES;
        list.height = rows < height ? rows : height;
        scene->rect.height -= list.height;
        list.y += scene->rect.height;
        put_list(scene, list);
    }
    put_map(scene);
}

static void draw(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect)
{
    struct scene scene = {report, cells, rect, options->glyphs, options->outlier};
    if (!report->outliers) {
        scene.rect.y += rect.height / 2;
        scene.rect.height = 1;
        put_line(&scene, STYLE_DIM, "outliers are still being searched for, in every element");
        return;
    }
    if (scene.selected >= report->outliers->listed)
        scene.selected = 0;
    put_counts(&scene);
    put_audit(&scene);
    put_map_and_list(&scene);
}

const struct view view_outliers = {
    '8',
    "outliers",
    "Outliers",
    "largest |w - mean|/std of blocks of rows and columns, by shade; the worst elements with the "
    "dB that clipping them, or storing them apart, would gain",
    draw,
    .outliers = true,
    .draw_model = view_model_outliers};
