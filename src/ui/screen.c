/* SPDX-License-Identifier: MIT */
#include "ui/screen.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/about.h"
#include "ui/explain.h"
#include "ui/facts.h"
#include "ui/layout.h"
#include "ui/pane.h"

/* Drawing characters of the frame in Unicode and ASCII. */
enum line {
    LINE_H,
    LINE_V,
    LINE_TL,
    LINE_TR,
    LINE_BL,
    LINE_BR,
    LINE_DOWN,
    LINE_UP,
    LINE_RIGHT,
    LINE_LEFT,
    LINE_COUNT
};
/* clang-format off */
static const uint32_t lines[2][LINE_COUNT] = {
    { 0x2500, 0x2502, 0x250c, 0x2510, 0x2514, 0x2518, 0x252c, 0x2534, 0x251c, 0x2524 },
    { '-', '|', '+', '+', '+', '+', '+', '+', '+', '+' },
};
/* clang-format on */

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

/* One piece of a title, between blanks over the frame line; returns the columns it took with the
 * line that follows. */
static int title_piece(const struct drawing *drawing, int x, int width, enum style style,
                       const char *text)
{
    return cells_printf(drawing->cells, x, drawing->layout.title, width, style, " %s ", text) + 1;
}

/* "Error density ─ name ─ 256 channels · n 88 064", of what the picture shows.  The name matters
 * most and takes what it needs; what it is a view of comes behind it where there is room. */
static void draw_title(const struct drawing *drawing, int x, int width)
{
    const struct session *session = drawing->session;
    const struct report *report = drawing->report;
    char law[SOURCE_NAME];
    const char *name = drawing->tensor ? drawing->tensor->label : NULL;
    const int end = x + width;
    if (session_is_whole(session)) {
        x += title_piece(drawing, x, width, STYLE_TITLE, session->view->title);
        title_piece(drawing, x, end - x, STYLE_TEXT,
                    session->view->outliers ? "all tensors"
                    : session->view->layers ? "all layers"
                                            : "all matrices");
        return;
    }
    if (session->in_lab)
        name = source_print(report ? &report->request.law : &session->settings.lab.law, law);
    if (drawing->layout.split || !name)
        x += title_piece(drawing, x, width, STYLE_TITLE, session->view->title);
    if (!name || end - x <= 8)
        return;
    struct text text = {0};
    pane_name(&text, name, strlen(name), (size_t)(end - x - 3), drawing->ascii);
    text_puts(&text, "");
    x += title_piece(drawing, x, end - x, STYLE_TEXT, text.data);
    text_clear(&text);
    /* With type and shape if there is room, else without. */
    bool fits = false;
    for (int storage = 1; report && report->errors && !fits && storage >= 0; storage--) {
        text_clear(&text);
        view_describe(&text, report, storage, drawing->ascii);
        fits = x + (int)utf8_width(text.data, text.length) + 3 <= end;
    }
    if (fits)
        title_piece(drawing, x, end - x, STYLE_DIM, text.data);
    text_done(&text);
}

/* A text in the middle of rect, in as many lines as it needs. */
static void say(const struct drawing *drawing, struct rect rect, enum style style, const char *text)
{
    size_t columns = (size_t)rect.width - 2;
    int count = 0;
    for (const char *at = text; *at; at += strspn(at, " "), count++)
        at += pane_line(at, columns);
    int y = rect.y + (rect.height > count ? (rect.height - count) / 2 : 0);
    for (const char *at = text; *at && y < rect.y + rect.height; at += strspn(at, " "), y++) {
        struct text line = {0};
        text_add(&line, at, pane_line(at, columns));
        cells_text(drawing->cells, rect.x + 1, y, rect.width - 1, style, line.data);
        at += line.length;
        text_done(&line);
    }
}

/* A GGUF of a vocabulary alone, or an archive of other things. */
static void describe_no_tensors(const struct model *model, char out[], size_t size)
{
    size_t entries = model->metadata.count;
    if (entries > 0)
        snprintf(out, size, "%s without tensors: M shows its metadata, %zu entr%s", model->format,
                 entries, entries == 1 ? "y" : "ies");
    else
        snprintf(out, size, "%s without tensors, and without metadata", model->format);
}

/* What to say where there is no picture. */
static void draw_empty(const struct drawing *drawing, struct rect rect)
{
    const struct session *session = drawing->session;
    const struct tensor *tensor = session_tensor(session);
    const char *reason;
    char text[512];
    if (session->in_lab) {
        say(drawing, rect, STYLE_DIM, "drawing ...");
    } else if (session->tree->rows == 0 && session->filter) {
        snprintf(text, sizeof text, "no tensor passes %s: :filter shows all",
                 filter_text(session->filter));
        say(drawing, rect, STYLE_DIM, text);
    } else if (session->tree->rows == 0) {
        describe_no_tensors(session->model, text, sizeof text);
        say(drawing, rect, STYLE_DIM, text);
    } else if (!tensor) {
        const struct tree_node *node = &session->tree->node[session->tree->row[session->cursor]];
        char tensors[TEXT_NUMBER], elements[TEXT_NUMBER];
        snprintf(text, sizeof text, "a module of %s tensors, %s weights: Enter %s it",
                 text_count(tensors, node->tensors), text_count(elements, node->elements),
                 node->folded ? "unfolds" : "folds");
        say(drawing, rect, STYLE_DIM, text);
    } else if (!tensor_readable(tensor, &reason)) {
        /* Most reasons name the type. */
        size_t named = strlen(tensor->dtype_name);
        if (strncmp(reason, tensor->dtype_name, named) == 0)
            snprintf(text, sizeof text, "%s", reason);
        else
            snprintf(text, sizeof text, "%s: %s", tensor->dtype_name, reason);
        say(drawing, rect, STYLE_WARN, text);
    } else {
        say(drawing, rect, STYLE_DIM, "reading ...");
    }
}

static void draw_whole(const struct drawing *drawing)
{
    const struct session *session = drawing->session;
    const struct layout *layout = &drawing->layout;
    const struct tensor *tensor = session_tensor(session);
    const struct view_model model = {
        .model = session->model,
        .record = session->record,
        .bits = session->settings.scheme.bits,
        .tensor = tensor ? (size_t)(tensor - session->model->tensors) : session->model->count,
        .layers = session->model_layers,
    };
    session->view->draw_model(&model, &session->options, drawing->cells, layout->view);
    if (session->view->outliers)
        return; /* which depend on no settings */
    const bool layers = session->view->layers;
    if (layers)
        view_model_sqnr_table(&model, &session->options, drawing->cells, layout->facts);
    else
        view_model_table(&model, &session->options, drawing->cells, layout->facts);
    if (layout->facts_title >= 0)
        cells_text(drawing->cells, layout->divider + 2, layout->facts_title, 20, STYLE_TITLE,
                   layers ? " By transform " : " By bits ");
}

static void draw_view(const struct drawing *drawing)
{
    const struct session *session = drawing->session;
    const struct layout *layout = &drawing->layout;
    const struct report *report = drawing->report;
    if (session_is_whole(session)) {
        draw_whole(drawing);
        return;
    }
    if (!report) {
        draw_empty(drawing, layout->view);
    } else if (report->error.code != ERROR_NONE) {
        say(drawing, layout->view, STYLE_BAD, report->error.text);
    } else if (report->figures.elements == 0) {
        say(drawing, layout->view, STYLE_DIM, "no elements");
    } else {
        struct view_options options = session->options;
        options.channel = session->in_lab ? REQUEST_ALL_CHANNELS : session->settings.channel;
        session->view->draw(report, &options, drawing->cells, layout->view);
        facts_draw(report, session->options.glyphs, drawing->cells, layout->facts);
    }
    if (layout->facts_title >= 0)
        cells_text(drawing->cells, layout->divider + 2, layout->facts_title, 20, STYLE_TITLE,
                   " Facts ");
}

static int wanted_facts(void *user, int width)
{
    const struct session *session = user;
    const struct report *report = session_report(session);
    if (session_is_whole(session))
        return session->view->outliers ? 0
               : session->view->layers ? view_model_sqnr_lines(session->model_layers)
                                       : VIEW_MODEL_LINES;
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
        !session->report || !session->report->request.tensor || !progress->busy ||
        progress->seconds >= PANE_PATIENCE)
        return;
    drawing->report = session->report;
    drawing->tensor = session->report->request.tensor;
}

static void draw_left(const struct drawing *drawing, int x)
{
    const struct layout *layout = &drawing->layout;
    const struct session *session = drawing->session;
    const bool lab = session->in_lab;
    char shown[TEXT_NUMBER], all[TEXT_NUMBER];
    if (lab)
        pane_lab(drawing->session, drawing->cells, layout->tree);
    else
        pane_tree(drawing->session, drawing->cells, layout->tree);
    if (!lab && session->filter)
        cells_printf(drawing->cells, x, layout->title, 24, STYLE_TITLE, " %s of %s ",
                     text_count(shown, session->shown), text_count(all, session->model->count));
    else
        cells_text(drawing->cells, x, layout->title, 20, STYLE_TITLE, lab ? " Lab " : " Tensors ");
}

/* A box over the panes, in the middle and no wider than it can be read. */
static struct rect box_of(const struct cells *cells, int most)
{
    int width = cells->width < most ? cells->width : most;
    return (struct rect){(cells->width - width) / 2, 1, width, cells->height - 2};
}

static void draw_over(struct session *session, struct cells *cells)
{
    if (session->mode == MODE_HELP)
        pane_help(session, cells, box_of(cells, 84));
    else if (session->mode == MODE_EXPLAIN)
        explain_draw(session, cells, box_of(cells, 84));
    else if (session->mode == MODE_ABOUT || session->mode == MODE_ABOUT_SEARCH)
        about_draw(session, cells, box_of(cells, 140));
}

void screen_compose(struct session *session, const struct engine_progress *progress,
                    struct cells *cells)
{
    cells_clear(cells);
    if (cells->width < LAYOUT_LEAST_WIDTH || cells->height < LAYOUT_LEAST_HEIGHT) {
        cells_text(cells, 0, 0, cells->width, STYLE_WARN, "too small");
        return;
    }
    struct drawing drawing = {session,
                              cells,
                              layout_of(cells->width, cells->height, wanted_facts, session),
                              session->options.glyphs == GLYPHS_ASCII,
                              NULL,
                              NULL};
    choose_report(&drawing, progress);
    const struct layout *layout = &drawing.layout;
    pane_header(session, progress, cells);
    draw_frame(&drawing);
    if (layout->split) {
        draw_left(&drawing, 2);
        draw_title(&drawing, layout->divider + 2, cells->width - layout->divider - 4);
        draw_view(&drawing);
    } else if (session->focus == FOCUS_TREE) {
        draw_left(&drawing, 1);
    } else {
        draw_title(&drawing, 1, cells->width - 2);
        draw_view(&drawing);
    }
    int margin = layout->split ? 2 : 0, width = cells->width - 2 * margin;
    pane_settings(session, cells, (struct rect){margin, layout->settings, width, 1});
    pane_prompt(session, cells, (struct rect){margin, layout->help, width, 1});
    draw_over(session, cells);
}
