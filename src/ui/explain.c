/* SPDX-License-Identifier: MIT */
#include "ui/explain.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/glossary.h"
#include "ui/keys.h"
#include "ui/pane.h"

/* Columns of the headings beside what the chosen entry means. */
#define HEADING 12

/* Columns that the longest key takes. */
#define KEY_WIDTH 20

void explain_open(struct session *session, int key)
{
    (void)key;
    session->mode = MODE_EXPLAIN;
}

void explain_key(struct session *session, int key)
{
    long last = (long)glossary_count - 1;
    long row = keys_row(key, (long)session->explained, last + 1, session->page);
    session->explained = (size_t)(row < 0 ? 0 : row > last ? last : row);
    if (key == 'i' || key == 'q' || key == KEY_ENTER_CODE || key == KEY_ESCAPE)
        session->mode = MODE_BROWSE;
}

/* The value as the list shows it, "" where it is not a number. */
static const char *print_value(const struct glossary_entry *entry, const struct report *report,
                               char out[TEXT_NUMBER])
{
    double value = entry->value && report ? entry->value(report) : (double)NAN;
    out[0] = '\0';
    if (!entry->value)
        return out;
    if (entry->unit == UNIT_COUNT && value >= 0)
        return text_count(out, (uint64_t)value);
    return text_number(out, value, 6);
}

static void list(const struct session *session, struct cells *cells, struct rect rect, bool ascii)
{
    const struct report *report = session_report(session);
    int chosen = (int)session->explained, count = (int)glossary_count;
    int top = chosen - rect.height / 2;
    if (top > count - rect.height)
        top = count - rect.height;
    if (top < 0)
        top = 0;
    int value_width = rect.width < 40 ? 12 : 20, key_at = 22 + value_width;
    int name_width = rect.width > value_width + 12 ? rect.width - value_width : rect.width;
    name_width = name_width < 20 ? name_width : 20;
    for (int i = 0; i < rect.height && top + i < count; i++) {
        const struct glossary_entry *entry = &glossary[top + i];
        char value[TEXT_NUMBER];
        int y = rect.y + i;
        cells_text(cells, rect.x, y, name_width, STYLE_TEXT, glossary_text(&entry->name, ascii));
        cells_text(cells, rect.x + name_width + 1, y, rect.width - name_width - 1, STYLE_VALUE,
                   print_value(entry, report, value));
        if (rect.width >= key_at + KEY_WIDTH)
            cells_text(cells, rect.x + key_at, y, KEY_WIDTH, STYLE_DIM, entry->key);
        if (top + i == chosen)
            cells_reverse(cells, (struct rect){rect.x, y, rect.width, 1});
    }
}

/* A heading and its text in as many lines as that needs, from line y of rect on; returns the line
 * behind.  Draws if cells is not NULL, what is in rect. */
static int paragraph(struct cells *cells, struct rect rect, int y, const char *heading,
                     const char *text)
{
    int column = rect.width < 50 ? 0 : HEADING, width = rect.width - column;
    if (!text)
        return y;
    if (cells && column > 0 && y < rect.height)
        cells_text(cells, rect.x, rect.y + y, column - 1, STYLE_DIM, heading);
    for (; *text; y++) {
        struct text line = {0};
        text_add(&line, text, pane_line(text, width > 1 ? (size_t)width : 1));
        if (cells && y < rect.height)
            cells_text(cells, rect.x + column, rect.y + y, width, STYLE_TEXT, line.data);
        text += line.length;
        text += strspn(text, " ");
        text_done(&line);
    }
    return y;
}

/* What an entry means, most important first; returns the lines it takes. */
static int meaning(const struct glossary_entry *entry, struct cells *cells, struct rect rect,
                   bool ascii)
{
    int y = paragraph(cells, rect, 0, "definition", entry->definition);
    y = paragraph(cells, rect, y, "formula", glossary_text(&entry->formula, ascii));
    y = paragraph(cells, rect, y, "source", glossary_text(&entry->source, ascii));
    return paragraph(cells, rect, y, "unit", glossary_unit(entry->unit));
}

/* The most lines that an entry takes at this width, so that the list keeps its height. */
static int meaning_height(int width, bool ascii)
{
    int most = 0;
    for (size_t i = 0; i < glossary_count; i++) {
        int lines = meaning(&glossary[i], NULL, (struct rect){0, 0, width, 0}, ascii);
        most = lines > most ? lines : most;
    }
    return most;
}

void explain_draw(struct session *session, struct cells *cells, struct rect rect)
{
    bool ascii = session->options.glyphs == GLYPHS_ASCII;
    const struct report *report = session_report(session);
    bool sampled = report && (report->sampled || report->spread_sampled || report->family_sampled ||
                              report->normality_sampled);
    pane_box(cells, rect, sampled ? "The facts explained (sample)" : "The facts explained", ascii);
    struct rect inside = {rect.x + 2, rect.y + 1, rect.width - 4, rect.height - 2};
    /* The meaning gets what it needs, but leaves the list a third, and at least a line. */
    int lines = meaning_height(inside.width, ascii), most = inside.height * 2 / 3 - 1;
    lines = lines < most ? lines : most;
    struct rect upper = inside, lower = inside;
    upper.height = lines > 0 ? inside.height - lines - 1 : inside.height;
    lower.y = upper.y + upper.height + 1;
    lower.height = lines > 0 ? lines : 0;
    session->page = upper.height;
    list(session, cells, upper, ascii);
    for (int x = rect.x + 1; lines > 0 && x < rect.x + rect.width - 1; x++)
        cells_put(cells, x, lower.y - 1, ascii ? '-' : 0x2500, STYLE_FRAME);
    meaning(&glossary[session->explained], cells, lower, ascii);
    cells_printf(cells, rect.x + 2, rect.y + rect.height - 1, rect.width - 4, STYLE_DIM,
                 " %zu of %zu, %s choose, Enter closes ", session->explained + 1, glossary_count,
                 ascii ? "j k" : "↑ ↓");
}
