/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/pane.h"

/* What names keep for themselves beside more than one figure, and beside more than three. */
#define NAME_LEAST 20
#define NAME_GOOD  26

/* Columns shown, from the left: as many as leave names room, the one sorted by always. */
struct shown {
    enum column column[COLUMN_COUNT];
    int count, width; /* width of all */
};

static void show_column(struct shown *shown, enum column column, int width)
{
    for (int i = 0; i < shown->count; i++)
        if (shown->column[i] == column)
            return;
    const int name = shown->count < 3 ? NAME_LEAST : NAME_GOOD;
    if (shown->count > 0 && shown->width + column_types[column].width > width - name)
        return;
    shown->column[shown->count++] = column;
    shown->width += column_types[column].width;
}

static struct shown choose_columns(const struct session *session, int width)
{
    static const enum column wanted[] = {
        COLUMN_SQNR,  COLUMN_RATIO,  COLUMN_KURTOSIS, COLUMN_GAP,         COLUMN_SIZE,
        COLUMN_PEAK,  COLUMN_NORMAL, COLUMN_OUTLIERS, COLUMN_FAMILY,      COLUMN_NONFINITE,
        COLUMN_ERROR, COLUMN_THEORY, COLUMN_EXCESS,   COLUMN_RATIO_MEDIAN};
    struct shown shown = {.count = 0};
    if (session->column != COLUMN_NAME)
        show_column(&shown, session->column, width);
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++)
        show_column(&shown, wanted[i], width);
    return shown;
}

static const char *title(enum column column, bool ascii)
{
    const struct column_type *type = &column_types[column];
    return ascii && type->ascii_title ? type->ascii_title : type->title;
}

static void draw_value(const struct session *session, size_t node, enum column column,
                       struct cells *cells, int x, int y)
{
    const struct column_type *type = &column_types[column];
    const double value = listing_value(session->listing, session->tree, node, column);
    const bool look = type->worth_a_look && type->worth_a_look(value);
    const bool module = session->tree->node[node].tensor == TREE_NO_TENSOR;
    struct text text = {0};
    column_print(&text, column, value);
    if (text.length > 0)
        cells_printf(cells, x, y, type->width,
                     look     ? STYLE_WARN
                     : module ? STYLE_DIM
                              : STYLE_VALUE,
                     "%*s%s", type->width - 1, text.data, look ? "!" : " ");
    text_done(&text);
}

void pane_name(struct text *out, const char *label, size_t length, size_t columns, bool ascii)
{
    struct text name = {0};
    size_t width = utf8_width(label, length), at = 0;
    while (width > columns) {
        const char *dot = memchr(label + at, '.', length - at);
        if (!dot || dot == label + at)
            break;
        uint32_t point;
        size_t module = (size_t)(dot - label) - at, size = utf8_decode(label + at, module, &point);
        if (point >= '0' && point <= '9')
            size = module;
        width -= utf8_width(label + at, module) - utf8_width(label + at, size);
        text_add(&name, label + at, size);
        text_puts(&name, ".");
        at += module + 1;
    }
    text_add(&name, label + at, length - at);
    utf8_cut_middle(out, name.data, name.length, columns, ascii);
    text_done(&name);
}

size_t pane_name_length(const char *label, size_t length)
{
    static const char suffix[] = ".weight";
    const size_t cut = sizeof suffix - 1;
    const bool ends = length > cut && memcmp(label + length - cut, suffix, cut) == 0;
    return ends ? length - cut : length;
}

static void draw_name(const struct session *session, const struct tree_node *node,
                      struct cells *cells, int x, int y, int width)
{
    bool ascii = session->options.glyphs == GLYPHS_ASCII, flat = session->tree->flat;
    bool module = node->tensor == TREE_NO_TENSOR;
    const char *label = flat ? session->model->tensors[node->tensor].label : node->label;
    size_t length = flat ? strlen(label) : node->length;
    int indent = flat ? 0 : 2 * (int)node->depth;
    indent = indent < width / 2 ? indent : width / 2;
    x += indent;
    width -= indent;
    if (!module)
        length = pane_name_length(label, length); /* the title has the whole name */
    if (module) {
        const char *sign = node->folded ? (ascii ? "+" : "▸") : (ascii ? "-" : "▾");
        cells_text(cells, x, y, 2, STYLE_DIM, sign);
    }
    struct text name = {0};
    pane_name(&name, label, length, width > 2 ? (size_t)width - 2 : 0, ascii);
    const char *reason;
    bool dim = !module && !tensor_readable(&session->model->tensors[node->tensor], &reason);
    cells_text(cells, x + 2, y, width - 2,
               dim      ? STYLE_DIM
               : module ? STYLE_TITLE
                        : STYLE_TEXT,
               name.data ? name.data : "");
    text_done(&name);
}

static void draw_row(const struct session *session, const struct shown *shown, size_t row,
                     struct cells *cells, struct rect line)
{
    const struct tree_node *node = &session->tree->node[session->tree->row[row]];
    int x = line.x + line.width - shown->width;
    draw_name(session, node, cells, line.x, line.y, line.width - shown->width - 1);
    for (int i = 0; i < shown->count; i++) {
        draw_value(session, session->tree->row[row], shown->column[i], cells, x, line.y);
        x += column_types[shown->column[i]].width;
    }
    if (row == session->cursor)
        cells_reverse(cells, line);
}

static void draw_titles(const struct session *session, const struct shown *shown,
                        struct cells *cells, struct rect rect)
{
    bool ascii = session->options.glyphs == GLYPHS_ASCII;
    int end = rect.x + rect.width - shown->width;
    for (int i = 0; i < shown->count; i++) {
        enum column column = shown->column[i];
        const char *name = title(column, ascii);
        int width = (int)utf8_width(name, strlen(name));
        end += column_types[column].width;
        int x = end - 2 - width;
        bool sorted = column == session->column;
        cells_put(cells, x, rect.y - 1, ' ', STYLE_FRAME);
        cells_text(cells, x + 1, rect.y - 1, width, sorted ? STYLE_TITLE : STYLE_AXIS, name);
        uint32_t arrow =
            ascii ? (session->descending ? 'v' : '^') : (session->descending ? 0x25be : 0x25b4);
        cells_put(cells, x + 1 + width, rect.y - 1, sorted ? arrow : ' ', STYLE_TITLE);
    }
}

void pane_tree(struct session *session, struct cells *cells, struct rect rect)
{
    struct shown shown = choose_columns(session, rect.width);
    size_t height = (size_t)rect.height, rows = session->tree->rows;
    session->page = rect.height;
    if (session->cursor < session->top)
        session->top = session->cursor;
    if (session->cursor >= session->top + height)
        session->top = session->cursor - height + 1;
    if (session->top + height > rows)
        session->top = rows > height ? rows - height : 0;
    draw_titles(session, &shown, cells, rect);
    for (size_t i = 0; i < height && session->top + i < rows; i++)
        draw_row(session, &shown, session->top + i, cells,
                 (struct rect){rect.x, rect.y + (int)i, rect.width, 1});
    if (rows == 0 && session->filter) {
        cells_text(cells, rect.x + 1, rect.y, rect.width - 1, STYLE_DIM,
                   "nothing passes the filter");
        return;
    }
    if (rows == 0)
        cells_text(cells, rect.x + 1, rect.y, rect.width - 1, STYLE_DIM, "no tensors in this file");
    if (rows == 0 && height > 1 && session->model->metadata.count > 0)
        cells_text(cells, rect.x + 1, rect.y + 1, rect.width - 1, STYLE_DIM,
                   "M shows its metadata");
}
