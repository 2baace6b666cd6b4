/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "quant/theory.h"
#include "stats/source.h"
#include "ui/pane.h"

/* A figure and its mark, or a count of up to seven characters, behind a blank. */
static int column_width(enum column column)
{
    return column == COLUMN_SIZE ? 9 : 7;
}

/* Columns shown, from the right: as many as leave names room, the one sorted by always. */
struct columns {
    enum column column[COLUMN_COUNT];
    int count, width; /* width of all */
};

static struct columns choose_columns(const struct session *session, int width)
{
    static const enum column wanted[] = {COLUMN_SQNR, COLUMN_RATIO, COLUMN_KURTOSIS, COLUMN_SIZE};
    int most = width >= 56 ? 4 : width >= 42 ? 3 : width >= 34 ? 2 : 1;
    struct columns columns = {.count = 0};
    if (session->column != COLUMN_NAME)
        columns.column[columns.count++] = session->column;
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted && columns.count < most; i++)
        if (wanted[i] != session->column)
            columns.column[columns.count++] = wanted[i];
    for (int i = 0; i < columns.count; i++)
        columns.width += column_width(columns.column[i]);
    return columns;
}

static const char *title(enum column column, bool ascii)
{
    switch (column) {
    case COLUMN_SIZE:
        return "size";
    case COLUMN_SQNR:
        return "SQNR";
    case COLUMN_RATIO:
        return ascii ? "q/std" : "q/σ";
    case COLUMN_KURTOSIS:
        return "kurt";
    default:
        return "";
    }
}

/* A figure worth a second look: PQN strained, or tails far from a Gaussian's. */
static bool worth_a_look(enum column column, double value)
{
    if (column == COLUMN_RATIO && value > 0) {
        struct source unit = {.type = &source_gaussian, .std = 1};
        return theory_pqn_verdict(theory_pqn_deviation(&unit, value)) != PQN_HOLDS;
    }
    return column == COLUMN_KURTOSIS && value > 3;
}

static void draw_value(const struct session *session, size_t tensor, enum column column,
                       struct cells *cells, int x, int y)
{
    char value[TEXT_NUMBER];
    double v = session_value(session, tensor, column);
    if (isnan(v))
        return;
    if (column == COLUMN_SIZE)
        text_count(value, (uint64_t)v);
    else if (fabs(v) < 999.5)
        snprintf(value, sizeof value, column == COLUMN_RATIO ? "%.2f" : "%.1f", v);
    else
        snprintf(value, sizeof value, "%.0e", v);
    bool look = worth_a_look(column, v);
    int width = column_width(column);
    cells_printf(cells, x, y, width, look ? STYLE_WARN : STYLE_VALUE, "%*s%s", width - 1, value,
                 look ? "!" : " ");
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
    /* What everything here is need not be said on every line; the title has the whole name. */
    static const char suffix[] = ".weight";
    size_t cut = sizeof suffix - 1;
    if (!module && length > cut && memcmp(label + length - cut, suffix, cut) == 0)
        length -= cut;
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

static void draw_row(const struct session *session, const struct columns *columns, size_t row,
                     struct cells *cells, struct rect line)
{
    const struct tree_node *node = &session->tree->node[session->tree->row[row]];
    int x = line.x + line.width - columns->width;
    draw_name(session, node, cells, line.x, line.y, line.width - columns->width - 1);
    for (int i = 0; i < columns->count; i++) {
        int width = column_width(columns->column[i]);
        if (node->tensor != TREE_NO_TENSOR)
            draw_value(session, node->tensor, columns->column[i], cells, x, line.y);
        else if (columns->column[i] == COLUMN_SIZE) {
            char value[TEXT_NUMBER];
            cells_printf(cells, x, line.y, width, STYLE_DIM, "%*s", width - 1,
                         text_count(value, node->elements));
        }
        x += width;
    }
    if (row == session->cursor)
        cells_reverse(cells, line);
}

static void draw_titles(const struct session *session, const struct columns *columns,
                        struct cells *cells, struct rect rect)
{
    bool ascii = session->options.glyphs == GLYPHS_ASCII;
    int end = rect.x + rect.width - columns->width;
    for (int i = 0; i < columns->count; i++) {
        enum column column = columns->column[i];
        const char *name = title(column, ascii);
        int width = (int)utf8_width(name, strlen(name));
        end += column_width(column);
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
    struct columns columns = choose_columns(session, rect.width);
    size_t height = (size_t)rect.height, rows = session->tree->rows;
    session->page = rect.height;
    if (session->cursor < session->top)
        session->top = session->cursor;
    if (session->cursor >= session->top + height)
        session->top = session->cursor - height + 1;
    if (session->top + height > rows)
        session->top = rows > height ? rows - height : 0;
    draw_titles(session, &columns, cells, rect);
    for (size_t i = 0; i < height && session->top + i < rows; i++)
        draw_row(session, &columns, session->top + i, cells,
                 (struct rect){rect.x, rect.y + (int)i, rect.width, 1});
    if (rows == 0)
        cells_text(cells, rect.x + 1, rect.y, rect.width - 1, STYLE_DIM, "no tensors in this file");
    if (rows == 0 && height > 1 && session->model->metadata.count > 0)
        cells_text(cells, rect.x + 1, rect.y + 1, rect.width - 1, STYLE_DIM,
                   "M shows its metadata");
}
