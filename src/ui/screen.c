/* SPDX-License-Identifier: MIT */
#include "ui/screen.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/action.h"
#include "ui/facts.h"
#include "ui/keys.h"
#include "ui/layout.h"
#include "ui/pane.h"

/* Seconds: work shorter than this is not worth a progress bar. */
#define PATIENCE 0.2

/* Drawing characters of the frame in Unicode and ASCII. */
enum line { LINE_H, LINE_V, LINE_TL, LINE_TR, LINE_BL, LINE_BR, LINE_DOWN, LINE_UP, LINE_RIGHT,
            LINE_LEFT, LINE_COUNT };
static const uint32_t lines[2][LINE_COUNT] = {
    { 0x2500, 0x2502, 0x250c, 0x2510, 0x2514, 0x2518, 0x252c, 0x2534, 0x251c, 0x2524 },
    { '-', '|', '+', '+', '+', '+', '+', '+', '+', '+' },
};

struct drawing {
    struct session *session;
    struct cells *cells;
    struct layout layout;
    bool ascii;
    const struct report *report; /* shown in the view pane, or NULL */
    const struct tensor *tensor; /* that the view pane is about, or NULL */
};

static void put_line(const struct drawing *drawing, int x, int y, enum line line)
{
    cells_put(drawing->cells, x, y, lines[drawing->ascii][line], STYLE_FRAME);
}

static void rule(const struct drawing *drawing, int from, int to, int y, enum line left,
                 enum line right)
{
    for (int x = from + 1; x < to; x++)
        put_line(drawing, x, y, LINE_H);
    put_line(drawing, from, y, left);
    put_line(drawing, to, y, right);
}

static void draw_frame(const struct drawing *drawing)
{
    const struct layout *layout = &drawing->layout;
    int right = drawing->cells->width - 1, bottom = layout->settings - 1;
    if (!layout->split) {
        rule(drawing, -1, right + 1, layout->title, LINE_H, LINE_H);
        return;
    }
    rule(drawing, 0, right, layout->title, LINE_TL, LINE_TR);
    rule(drawing, 0, right, drawing->cells->height - 1, LINE_BL, LINE_BR);
    for (int y = layout->title + 1; y < drawing->cells->height - 1; y++) {
        put_line(drawing, 0, y, LINE_V);
        put_line(drawing, right, y, LINE_V);
        if (y < bottom)
            put_line(drawing, layout->divider, y, LINE_V);
    }
    rule(drawing, 0, right, bottom, LINE_RIGHT, LINE_LEFT);
    put_line(drawing, layout->divider, layout->title, LINE_DOWN);
    put_line(drawing, layout->divider, bottom, LINE_UP);
    if (layout->facts_title >= 0)
        rule(drawing, layout->divider, right, layout->facts_title, LINE_RIGHT, LINE_LEFT);
}

/* A bar of ten cells and the stage's name, at the right of the header. */
static void draw_progress(const struct drawing *drawing, const struct engine_progress *progress)
{
    if (!progress->busy || progress->seconds < PATIENCE || !progress->stage)
        return;
    char text[64];
    int width = drawing->cells->width, cells = 10, full = (int)(progress->fraction * cells);
    snprintf(text, sizeof text, "%s ", progress->stage);
    int x = width - (int)strlen(text) - cells - 7;
    if (x < 12)
        return;
    cells_text(drawing->cells, x, 0, width, STYLE_DIM, text);
    x += (int)strlen(text);
    for (int i = 0; i < cells; i++)
        cells_put(drawing->cells, x + i, 0,
                  drawing->ascii ? (i < full ? '#' : '.') : (i < full ? 0x2588 : 0x2591),
                  STYLE_DATA);
    cells_printf(drawing->cells, x + cells, 0, 6, STYLE_DIM, " %3.0f %%",
                 100 * progress->fraction);
}

/* The one element type of the model, or a word for several. */
static const char *element_types(const struct model *model)
{
    for (size_t i = 1; i < model->count; i++)
        if (strcmp(model->tensors[i].dtype_name, model->tensors[0].dtype_name) != 0)
            return "mixed types";
    return model->count > 0 ? model->tensors[0].dtype_name : "";
}

static void draw_header(const struct drawing *drawing, const struct engine_progress *progress)
{
    const struct model *model = drawing->session->model;
    char tensors[TEXT_NUMBER], elements[TEXT_NUMBER];
    int width = drawing->cells->width;
    int x = 1 + cells_text(drawing->cells, 1, 0, width - 1, STYLE_TITLE, "roundoff") + 2;
    struct text name = { 0 };
    utf8_cut_middle(&name, model->label, strlen(model->label), width / 2 > 10 ? (size_t)width / 2 : 10,
                    drawing->ascii);
    x += cells_text(drawing->cells, x, 0, width - x, STYLE_TEXT, name.data ? name.data : "") + 2;
    text_done(&name);
    cells_printf(drawing->cells, x, 0, width - x, STYLE_DIM, "%s tensor%s  %s weights  %s",
                 text_count(tensors, model->count), model->count == 1 ? "" : "s",
                 text_count(elements, model->elements), element_types(model));
    draw_progress(drawing, progress);
}

/* One piece of a title, between blanks over the frame line; returns the columns it took with the
 * line that follows. */
static int title_piece(const struct drawing *drawing, int x, int width, enum style style,
                       const char *text)
{
    return cells_printf(drawing->cells, x, drawing->layout.title, width, style, " %s ", text) + 1;
}

/* "Error density ─ name ─ 256 channels · n 88 064".  The name matters most: what it is a view of
 * goes before it is cut. */
static void draw_title(const struct drawing *drawing, int x, int width)
{
    const struct session *session = drawing->session;
    const struct tensor *tensor = drawing->tensor;
    const struct report *report = drawing->report;
    struct text about = { 0 }, name = { 0 };
    if (report && report->errors)
        view_describe(&about, report, drawing->ascii);
    int end = x + width;
    int name_width = tensor ? (int)utf8_width(tensor->label, strlen(tensor->label)) + 3 : 0;
    int about_width = about.data ? (int)utf8_width(about.data, about.length) + 3 : 0;
    if (drawing->layout.split || !tensor)
        x += title_piece(drawing, x, width, STYLE_TITLE, session->view->title);
    bool both = x + name_width + about_width <= end || name_width + about_width > 2 * (end - x);
    int left = end - x - (both ? about_width : 0);
    if (tensor && left > 8) {
        utf8_cut_middle(&name, tensor->label, strlen(tensor->label), (size_t)left - 3,
                        drawing->ascii);
        x += title_piece(drawing, x, left, STYLE_TEXT, name.data ? name.data : "");
    }
    if (about.data && x + about_width <= end)
        title_piece(drawing, x, end - x, STYLE_DIM, about.data);
    text_done(&name);
    text_done(&about);
}

static void say(const struct drawing *drawing, struct rect rect, enum style style,
                const char *text)
{
    cells_text(drawing->cells, rect.x + 1, rect.y + rect.height / 2, rect.width - 1, style, text);
}

/* What to say where there is no picture. */
static void draw_empty(const struct drawing *drawing, struct rect rect)
{
    const struct session *session = drawing->session;
    const struct tensor *tensor = session_tensor(session);
    const char *reason;
    char text[512];
    if (session->tree->rows == 0) {
        say(drawing, rect, STYLE_DIM, "nothing to show");
    } else if (!tensor) {
        const struct tree_node *node = &session->tree->node[session->tree->row[session->cursor]];
        char tensors[TEXT_NUMBER], elements[TEXT_NUMBER];
        snprintf(text, sizeof text, "a module of %s tensors, %s weights: Enter %s it",
                 text_count(tensors, node->tensors), text_count(elements, node->elements),
                 node->folded ? "unfolds" : "folds");
        say(drawing, rect, STYLE_DIM, text);
    } else if (!tensor_readable(tensor, &reason)) {
        snprintf(text, sizeof text, "%s: %s", tensor->dtype_name, reason);
        say(drawing, rect, STYLE_WARN, text);
    } else {
        say(drawing, rect, STYLE_DIM, "reading ...");
    }
}

static void draw_view(const struct drawing *drawing)
{
    const struct session *session = drawing->session;
    const struct layout *layout = &drawing->layout;
    const struct report *report = drawing->report;
    if (!report) {
        draw_empty(drawing, layout->view);
    } else if (report->error.code != ERROR_NONE) {
        say(drawing, layout->view, STYLE_BAD, report->error.text);
    } else if (report->figures.elements == 0) {
        say(drawing, layout->view, STYLE_DIM, "no elements");
    } else {
        session->view->draw(report, &session->options, drawing->cells, layout->view);
        facts_draw(report, session->options.glyphs, drawing->cells, layout->facts);
    }
    if (layout->facts_title >= 0)
        cells_text(drawing->cells, layout->divider + 2, layout->facts_title, 20, STYLE_TITLE,
                   " Facts ");
}

static void draw_settings(const struct drawing *drawing)
{
    const struct session *session = drawing->session;
    const struct settings *settings = &session->settings;
    const struct tensor *tensor = session_tensor(session);
    struct text text = { 0 };
    text_printf(&text, "%d bit%s   per channel   symmetric   clip ", settings->scheme.bits,
                settings->scheme.bits == 1 ? "" : "s");
    clip_print(&text, &settings->scheme.clip);
    text_puts(&text, "   ");
    if (settings->transform == TRANSFORM_NONE)
        text_puts(&text, "no transform");
    else
        transform_print(&text, settings->transform,
                        tensor && tensor->rank >= 2 ? tensor_channel_length(tensor) : 1);
    text_puts(&text, "   source Gaussian");
    int x = drawing->layout.split ? 2 : 0;
    cells_text(drawing->cells, x, drawing->layout.settings, drawing->cells->width - 2 * x,
               STYLE_VALUE, text.data);
    text_done(&text);
}

static void draw_prompt(const struct drawing *drawing, int x, int y, int width)
{
    const struct session *session = drawing->session;
    cells_fill(drawing->cells, (struct rect){ x, y, width, 1 }, ' ', STYLE_TEXT);
    int used = cells_printf(drawing->cells, x, y, width, STYLE_TITLE, "%c%s",
                            session->mode == MODE_SEARCH ? '/' : ':', session->line);
    cells_reverse(drawing->cells, (struct rect){ x + used, y, 1, 1 });
    if (session->message[0])
        cells_text(drawing->cells, x + used + 3, y, width - used - 3, session->message_style,
                   session->message);
}

/* The keys that matter most, from the table: those with a name for this line. */
static void draw_keys(const struct drawing *drawing, int x, int y, int width)
{
    int used = 0;
    for (size_t i = 0; i < action_count; i++) {
        const struct action *action = &actions[i];
        if (!action->name)
            continue;
        struct text key = { 0 };
        key_name_add(&key, action->key[0], drawing->ascii);
        if (strcmp(action->name, "views") == 0)
            text_puts(&key, "-3");
        else if (strcmp(action->name, "bits") == 0)
            text_puts(&key, " -");
        else if (strcmp(action->name, "channel") == 0)
            text_puts(&key, " ,");
        int need = (int)utf8_width(key.data, key.length) + (int)strlen(action->name) + 3;
        if (used + need <= width) {
            cells_put(drawing->cells, x + used, y, ' ', STYLE_TEXT);
            int at = 1 + cells_text(drawing->cells, x + used + 1, y, need, STYLE_KEY, key.data);
            cells_printf(drawing->cells, x + used + at, y, need, STYLE_DIM, " %s ", action->name);
            used += need;
        }
        text_done(&key);
    }
}

static void draw_bottom(const struct drawing *drawing)
{
    const struct session *session = drawing->session;
    int x = drawing->layout.split ? 2 : 0, y = drawing->layout.help;
    int width = drawing->cells->width - 2 * x;
    if (session->mode == MODE_SEARCH || session->mode == MODE_COMMAND)
        draw_prompt(drawing, x, y, width);
    else if (session->message[0])
        cells_printf(drawing->cells, x, y, width, session->message_style, " %s ",
                     session->message);
    else
        draw_keys(drawing, x, y, width);
}

static int wanted_facts(void *user, int width)
{
    const struct session *session = user;
    const struct report *report = session_report(session);
    /* Without figures the space is kept, so that the plot does not jump when they come. */
    if (!report || !report->errors)
        report = session->report;
    return report && report->errors ? facts_height(report, session->options.glyphs, width) : 6;
}

/* What the view pane shows: the selected tensor's report, or for a moment still the one before,
 * so that walking through the list does not flash empty panes; then the title names that one. */
static void choose_report(struct drawing *drawing, const struct engine_progress *progress)
{
    const struct session *session = drawing->session;
    drawing->tensor = session_tensor(session);
    drawing->report = session_report(session);
    const char *reason;
    if (drawing->report || !drawing->tensor || !tensor_readable(drawing->tensor, &reason) ||
        !session->report || !progress->busy || progress->seconds >= PATIENCE)
        return;
    drawing->report = session->report;
    drawing->tensor = session->report->request.tensor;
}

void screen_compose(struct session *session, const struct engine_progress *progress,
                    struct cells *cells)
{
    cells_clear(cells);
    if (cells->width < LAYOUT_LEAST_WIDTH || cells->height < LAYOUT_LEAST_HEIGHT) {
        cells_text(cells, 0, 0, cells->width, STYLE_WARN, "too small");
        return;
    }
    struct drawing drawing = {
        session, cells, layout_of(cells->width, cells->height, wanted_facts, session),
        session->options.glyphs == GLYPHS_ASCII, NULL, NULL
    };
    choose_report(&drawing, progress);
    const struct layout *layout = &drawing.layout;
    draw_header(&drawing, progress);
    draw_frame(&drawing);
    if (layout->split) {
        pane_tree(session, cells, layout->tree);
        cells_text(cells, 2, layout->title, 20, STYLE_TITLE, " Tensors ");
        draw_title(&drawing, layout->divider + 2, cells->width - layout->divider - 4);
        draw_view(&drawing);
    } else if (session->focus == FOCUS_TREE) {
        pane_tree(session, cells, layout->tree);
        cells_text(cells, 1, layout->title, 20, STYLE_TITLE, " Tensors ");
    } else {
        draw_title(&drawing, 1, cells->width - 2);
        draw_view(&drawing);
    }
    draw_settings(&drawing);
    draw_bottom(&drawing);
    if (session->mode == MODE_HELP) {
        int width = cells->width < 84 ? cells->width : 84;
        pane_help(session, cells, (struct rect){ (cells->width - width) / 2, 1, width,
                                                 cells->height - 2 });
    }
}
