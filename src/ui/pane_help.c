/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/action.h"
#include "ui/keys.h"
#include "ui/pane.h"
#include "ui/prompt.h"

void pane_box(struct cells *cells, struct rect rect, const char *title, bool ascii)
{
    const uint32_t horizontal = ascii ? '-' : 0x2500, vertical = ascii ? '|' : 0x2502;
    const uint32_t corner[] = {0x250c, 0x2510, 0x2514, 0x2518};
    int right = rect.x + rect.width - 1, bottom = rect.y + rect.height - 1;
    cells_fill(cells, rect, ' ', STYLE_TEXT);
    for (int x = rect.x; x <= right; x++) {
        cells_put(cells, x, rect.y, horizontal, STYLE_FRAME);
        cells_put(cells, x, bottom, horizontal, STYLE_FRAME);
    }
    for (int y = rect.y; y <= bottom; y++) {
        cells_put(cells, rect.x, y, vertical, STYLE_FRAME);
        cells_put(cells, right, y, vertical, STYLE_FRAME);
    }
    const int at[][2] = {{rect.x, rect.y}, {right, rect.y}, {rect.x, bottom}, {right, bottom}};
    for (int i = 0; i < 4; i++)
        cells_put(cells, at[i][0], at[i][1], ascii ? '+' : corner[i], STYLE_FRAME);
    cells_printf(cells, rect.x + 2, rect.y, rect.width - 4, STYLE_TITLE, " %s ", title);
}

/* Lines of the help are counted as they are drawn; only those in the window reach the cells. */
struct page {
    struct cells *cells;
    struct rect rect;
    int top, line;
};

static int visible_row(const struct page *page)
{
    int y = page->line - page->top;
    return y >= 0 && y < page->rect.height ? page->rect.y + y : -1;
}

static void heading(struct page *page, const char *text)
{
    if (page->line > 0)
        page->line++;
    int y = visible_row(page);
    if (y >= 0)
        cells_text(page->cells, page->rect.x, y, page->rect.width, STYLE_TITLE, text);
    page->line++;
}

size_t pane_line(const char *text, size_t columns)
{
    size_t length = strlen(text), end = 0;
    for (size_t i = 0, width = 0, size; i < length; i += size) {
        uint32_t point;
        size = utf8_decode(text + i, length - i, &point);
        size = size > 0 ? size : 1;
        if (text[i] == ' ')
            end = i;
        width += utf8_width(text + i, size);
        if (width > columns)
            return end > 0 ? end : i > 0 ? i : size;
    }
    return length;
}

/* Two columns, the right one in as many lines as it needs; in narrow boxes it begins closer. */
static void entry(struct page *page, const char *left, const char *right)
{
    int column = page->rect.width < 50 ? 12 : 17, width = page->rect.width - column;
    int x = page->rect.x, y = visible_row(page);
    if (y >= 0)
        cells_text(page->cells, x + 1, y, column - 2, STYLE_KEY, left);
    while (*right) {
        struct text line = {0};
        text_add(&line, right, pane_line(right, width > 1 ? (size_t)width : 1));
        y = visible_row(page);
        if (y >= 0)
            cells_text(page->cells, x + column, y, width, STYLE_TEXT, line.data);
        right += line.length;
        right += strspn(right, " ");
        text_done(&line);
        page->line++;
    }
}

static void action_entry(struct page *page, const struct action *action, bool ascii)
{
    struct text keys = {0};
    for (size_t i = 0; i < ACTION_KEYS && action->key[i]; i++) {
        text_puts(&keys, i > 0 ? " " : "");
        key_name_add(&keys, action->key[i], ascii);
    }
    entry(page, keys.data, action->help);
    text_done(&keys);
}

static void write_help(struct page *page, bool ascii)
{
    static const char *const groups[] = {"Tensors", "Views", "Quantizer", "General"};
    for (size_t g = 0; g < sizeof groups / sizeof *groups; g++) {
        heading(page, groups[g]);
        for (size_t i = 0; i < action_count; i++)
            if (strcmp(actions[i].group, groups[g]) == 0)
                action_entry(page, &actions[i], ascii);
    }
    heading(page, "Lab");
    for (size_t i = 0; i < lab_action_count; i++)
        action_entry(page, &lab_actions[i], ascii);
    heading(page, "Outliers (view 8, once Tab or Enter leads there)");
    for (size_t i = 0; i < outlier_action_count; i++)
        action_entry(page, &outlier_actions[i], ascii);
    heading(page, "Outliers of the whole model (view 8 after A)");
    for (size_t i = 0; i < model_outlier_action_count; i++)
        action_entry(page, &model_outlier_actions[i], ascii);
    heading(page, "Layers of the whole model (view 6 after A)");
    for (size_t i = 0; i < model_layer_action_count; i++)
        action_entry(page, &model_layer_actions[i], ascii);
    heading(page, "What the views show");
    for (size_t i = 0; i < view_count; i++) {
        const char key[2] = {(char)views[i]->key, '\0'};
        entry(page, key, views[i]->help);
    }
    heading(page, "Commands");
    for (size_t i = 0; i < prompt_command_count; i++) {
        const struct prompt_command *command = &prompt_commands[i];
        struct text left = {0};
        text_printf(&left, ":%s %s", command->name, command->arguments);
        entry(page, left.data, command->help);
        text_done(&left);
    }
}

void pane_help(struct session *session, struct cells *cells, struct rect rect)
{
    bool ascii = session->options.glyphs == GLYPHS_ASCII;
    pane_box(cells, rect, "Keys and commands", ascii);
    struct page page = {
        cells, {rect.x + 2, rect.y + 1, rect.width - 4, rect.height - 2}, 1 << 20, 0};
    write_help(&page, ascii); /* all of it lies above the window: this counts the lines */
    int last = page.line - page.rect.height;
    if (session->help_top > last)
        session->help_top = last;
    if (session->help_top < 0)
        session->help_top = 0;
    session->page = page.rect.height;
    page.top = session->help_top;
    page.line = 0;
    write_help(&page, ascii);
    if (last <= 0)
        return;
    struct text place = {0};
    text_printf(&place, " %d-%d of %d", page.top + 1, page.top + page.rect.height, page.line);
    if (rect.width >= 60)
        text_printf(&place, ", %s scroll, any other key closes", ascii ? "j k" : "↑ ↓");
    text_puts(&place, " ");
    cells_text(cells, rect.x + 2, rect.y + rect.height - 1, rect.width - 4, STYLE_DIM, place.data);
    text_done(&place);
}
