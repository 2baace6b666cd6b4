/* SPDX-License-Identifier: MIT
 *
 * View 8 of a whole model: the worst elements of all tensors.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/model_outliers.h"
#include "ui/outlier_words.h"
#include "ui/pane.h"
#include "ui/view.h"

/* Columns for the rank in front of a line, and from this height on a line for the whole name of
 * the selected element's tensor below the list. */
#define RANK_WIDTH  4
#define NAME_HEIGHT 6

/* Columns behind the tensor's name. */
enum list_column { ROW, COLUMN, VALUE, SIGMAS, CHANNEL_SIGMAS, LIST_COLUMNS };

static const struct {
    const char *title, *ascii;
    int width, least; /* least: of the pane, for the column to be shown */
} list_columns[LIST_COLUMNS] = {
    [ROW] = {"channel", NULL, 8, 38},
    [COLUMN] = {"input", NULL, 8, 38},
    [VALUE] = {"value", NULL, 10, 54},
    [SIGMAS] = {"σ", "std", 8, 0},
    [CHANNEL_SIGMAS] = {"own σ", "own std", 8, 66},
};

static int columns_width(int width)
{
    int sum = 0;
    for (int i = 0; i < LIST_COLUMNS; i++)
        sum += width >= list_columns[i].least ? list_columns[i].width : 0;
    return sum;
}

static void describe_cell(char out[TEXT_NUMBER], enum list_column column,
                          const struct record_outlier *element)
{
    switch (column) {
    case ROW:
        snprintf(out, TEXT_NUMBER, "%" PRIu64, element->channel);
        break;
    case COLUMN:
        snprintf(out, TEXT_NUMBER, "%" PRIu64, element->column);
        break;
    case VALUE:
        text_number(out, element->value, 4);
        break;
    case SIGMAS:
        snprintf(out, TEXT_NUMBER, "%.1f", element->sigmas);
        break;
    case CHANNEL_SIGMAS:
        if (isfinite(element->channel_sigmas))
            snprintf(out, TEXT_NUMBER, "%.1f", element->channel_sigmas);
        else
            snprintf(out, TEXT_NUMBER, "-"); /* its channel has no spread */
        break;
    case LIST_COLUMNS:
        break;
    }
}

/* The figures of a line, or their titles if element is NULL, up to the right end of it. */
static void draw_columns(struct cells *cells, struct rect line,
                         const struct record_outlier *element, bool ascii)
{
    int end = line.x + line.width - columns_width(line.width);
    for (int i = 0; i < LIST_COLUMNS; i++) {
        char text[TEXT_NUMBER];
        if (line.width < list_columns[i].least)
            continue;
        end += list_columns[i].width;
        if (element)
            describe_cell(text, (enum list_column)i, element);
        else
            snprintf(text, sizeof text, "%s",
                     ascii && list_columns[i].ascii ? list_columns[i].ascii
                                                    : list_columns[i].title);
        int columns = (int)utf8_width(text, strlen(text));
        columns = columns < list_columns[i].width ? columns : list_columns[i].width - 1;
        if (end - columns >= line.x)
            cells_text(cells, end - columns, line.y, columns, element ? STYLE_VALUE : STYLE_DIM,
                       text);
    }
}

static void draw_element(const struct model *model, const struct model_outlier *outlier,
                         size_t rank, struct cells *cells, struct rect line, bool ascii)
{
    const char *label = model->tensors[outlier->tensor].label;
    const int room = line.width - RANK_WIDTH - columns_width(line.width);
    struct text name = {0};
    if (room > 0) {
        cells_printf(cells, line.x, line.y, RANK_WIDTH, STYLE_DIM, "%*zu", RANK_WIDTH - 1, rank);
        pane_name(&name, label, pane_name_length(label, strlen(label)), (size_t)room, ascii);
        cells_text(cells, line.x + RANK_WIDTH, line.y, room, STYLE_TEXT, name.data);
    }
    draw_columns(cells, line, &outlier->element, ascii);
    text_done(&name);
}

/* The part of the list around the selected element that fits, below a heading. */
static void draw_list(const struct model *model, const struct model_outliers *outliers,
                      size_t selected, struct cells *cells, struct rect rect, bool ascii)
{
    if (rect.height < 2)
        return;
    struct rect line = {rect.x, rect.y, rect.width, 1};
    cells_text(cells, line.x + RANK_WIDTH, line.y, line.width - RANK_WIDTH, STYLE_DIM, "tensor");
    draw_columns(cells, line, NULL, ascii);
    const size_t visible = (size_t)rect.height - 1, listed = outliers->listed;
    const size_t shown = visible < listed ? visible : listed;
    size_t top = selected > shown / 2 ? selected - shown / 2 : 0;
    top = top > listed - shown ? listed - shown : top;
    for (size_t i = top; i < top + shown; i++) {
        line.y++;
        draw_element(model, &outliers->worst[i], i + 1, cells, line, ascii);
        if (i == selected)
            cells_reverse(cells, line);
    }
}

/* "23 of 30 tensors, 6 not surveyed yet, 1 cannot be; up to 20 of each listed". */
static void describe_extent(struct text *out, const struct model_outliers *outliers)
{
    const size_t missing = outliers->tensors - outliers->known - outliers->failed;
    if (outliers->known < outliers->tensors)
        text_printf(out, "%zu of ", outliers->known);
    text_printf(out, "%zu tensor%s", outliers->tensors, outliers->tensors == 1 ? "" : "s");
    if (missing > 0)
        text_printf(out, ", %zu not surveyed yet", missing);
    if (outliers->failed > 0)
        text_printf(out, ", %zu cannot be", outliers->failed);
    if (outliers->listed > 0)
        text_printf(out, "; up to %d of each listed", RECORD_WORST);
}

void view_model_outliers(const struct view_model *view, const struct view_options *options,
                         struct cells *cells, struct rect rect)
{
    const bool ascii = options->glyphs == GLYPHS_ASCII;
    const struct model_outliers outliers = model_outliers_of(view->model, view->record);
    struct text text = {0};
    if (outliers.known > 0) {
        outlier_words_counts(&text, &outliers.limits, outliers.count, ascii);
        view_say(cells, &rect, STYLE_VALUE, text.data);
        text_clear(&text);
    }
    describe_extent(&text, &outliers);
    view_say(cells, &rect, STYLE_DIM, text.data);
    text_clear(&text);
    if (outliers.listed > 0) {
        const size_t selected = model_outliers_selected(&outliers, options->model_outlier);
        if (rect.height >= NAME_HEIGHT) {
            const char *label = view->model->tensors[outliers.worst[selected].tensor].label;
            rect.height--;
            utf8_cut_middle(&text, label, strlen(label), (size_t)rect.width, ascii);
            cells_text(cells, rect.x, rect.y + rect.height, rect.width, STYLE_TITLE, text.data);
        }
        draw_list(view->model, &outliers, selected, cells, rect, ascii);
    }
    text_done(&text);
}
