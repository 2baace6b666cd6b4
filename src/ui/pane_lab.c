/* SPDX-License-Identifier: MIT
 *
 * The left pane in the lab: what is drawn and where it lies, and below it the lesson's text or the
 * list of lessons.
 */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/lesson_player.h"
#include "ui/pane.h"

/* Lines are written from the top; those above the rectangle's first are scrolled away. */
struct writer {
    struct cells *cells;
    struct rect rect;
    int y;
};

static void setting(struct writer *writer, const char *name, const char *keys, const char *value)
{
    struct rect rect = writer->rect;
    int y = writer->y++;
    if (y >= rect.y + rect.height)
        return;
    cells_text(writer->cells, rect.x + 1, y, 8, STYLE_DIM, name);
    cells_text(writer->cells, rect.x + 9, y, rect.width - 15, STYLE_VALUE, value);
    cells_text(writer->cells, rect.x + rect.width - 5, y, 5, STYLE_KEY, keys);
}

/* A paragraph in as many lines as it needs, all but the first indented. */
static void paragraph(struct writer *writer, enum style style, int indent, const char *text)
{
    struct rect rect = writer->rect;
    int x = 1;
    for (const char *at = text; *at; at += strspn(at, " "), x = 1 + indent) {
        struct text line = {0};
        int columns = rect.width - 1 - x > 1 ? rect.width - 1 - x : 1;
        text_add(&line, at, pane_line(at, (size_t)columns));
        if (writer->y >= rect.y && writer->y < rect.y + rect.height)
            cells_text(writer->cells, rect.x + x, writer->y, columns, style, line.data);
        writer->y++;
        at += line.length;
        text_done(&line);
    }
}

/* The phase is a share of the step, or the mean itself where only the sample tells the step. */
static const char *mean_name(bool known_step, bool ascii)
{
    if (known_step)
        return ascii ? "mean/q" : "µ/q";
    return ascii ? "mean" : "µ";
}

/* Where a vector of draws lies on the grid. */
static void draw_place(const struct session *session, struct writer *writer)
{
    const struct settings *settings = &session->settings;
    const struct lab *lab = &settings->lab;
    bool ascii = session->options.glyphs == GLYPHS_ASCII;
    char value[TEXT_NUMBER];
    bool known = lab_knows_step(&settings->scheme);
    snprintf(value, sizeof value, "by the sample");
    if (known)
        snprintf(value, sizeof value, "%.4g", lab_step(&settings->scheme));
    setting(writer, ascii ? "q/std" : "q/σ", ascii ? "< >" : "← →", value);
    snprintf(value, sizeof value, "%.5g", lab->phase);
    setting(writer, mean_name(known, ascii), ascii ? "^ v" : "↑ ↓", value);
}

static void draw_settings(const struct session *session, struct writer *writer)
{
    const struct lab *lab = &session->settings.lab;
    const bool is_layer = synthetic_layer_is(&lab->layer);
    char value[SOURCE_NAME];
    setting(writer, "source", "s", source_print(&lab->law, value));
    if (is_layer) {
        struct text layer = {0};
        text_puts(&layer, "layer ");
        synthetic_layer_print(&lab->layer, &layer);
        paragraph(writer, STYLE_VALUE, 2, layer.data);
        text_done(&layer);
    } else {
        setting(writer, "draws", "{ }", text_count(value, lab->draws));
    }
    snprintf(value, sizeof value, "%lu", lab->seed);
    setting(writer, "seed", "r", value);
    if (!is_layer)
        draw_place(session, writer);
}

/* In a lesson the words need the room: the settings in two lines. */
static void draw_layer_briefly(const struct lab *lab, struct writer *writer)
{
    char law[SOURCE_NAME];
    struct text line = {0};
    text_printf(&line, "%s  seed %lu", source_print(&lab->law, law), lab->seed);
    paragraph(writer, STYLE_VALUE, 0, line.data);
    text_clear(&line);
    synthetic_layer_print(&lab->layer, &line);
    paragraph(writer, STYLE_VALUE, 0, line.data);
    text_done(&line);
}

static void draw_vector_briefly(const struct session *session, struct writer *writer)
{
    const struct settings *settings = &session->settings;
    bool ascii = session->options.glyphs == GLYPHS_ASCII;
    char law[SOURCE_NAME], draws[TEXT_NUMBER], line[160];
    snprintf(line, sizeof line, "%s  n %s  seed %lu", source_print(&settings->lab.law, law),
             text_count(draws, settings->lab.draws), settings->lab.seed);
    paragraph(writer, STYLE_VALUE, 0, line);
    bool known = lab_knows_step(&settings->scheme);
    char step[40] = "q by the sample";
    if (known)
        snprintf(step, sizeof step, ascii ? "q/std %.4g" : "q/σ %.4g", lab_step(&settings->scheme));
    snprintf(line, sizeof line, "%s  %s %.5g", step, mean_name(known, ascii), settings->lab.phase);
    paragraph(writer, STYLE_VALUE, 0, line);
}

/* The step being taken: heading, words with the figures of the present report, what to do. */
static void draw_words(const struct session *session, struct writer *writer)
{
    const struct lesson_step *step = &session->lesson->step[session->lesson_step];
    paragraph(writer, STYLE_TITLE, 0, step->heading);
    for (size_t i = 0; i < step->paragraphs; i++) {
        struct text text = {0};
        lesson_render(session, step->paragraph[i], &text);
        paragraph(writer, STYLE_TEXT, 0, text.data ? text.data : "");
        text_done(&text);
        writer->y++;
    }
    const char *const what[] = {step->look, step->ask};
    for (int i = 0; i < 2; i++) {
        if (!what[i])
            continue;
        struct text text = {0};
        text_puts(&text, i == 0 ? "Look: " : "? ");
        lesson_render(session, what[i], &text);
        paragraph(writer, i == 0 ? STYLE_GOOD : STYLE_WARN, 0, text.data);
        text_done(&text);
    }
}

/* The words in what room there is, scrolled; the last line says if there is more. */
static void draw_lesson(struct session *session, struct writer *writer)
{
    char place[64];
    snprintf(place, sizeof place, "%zu of %zu  Space BS Esc", session->lesson_step + 1,
             session->lesson->steps);
    paragraph(writer, STYLE_TITLE, 0, session->lesson->title);
    paragraph(writer, STYLE_KEY, 0, place);
    writer->y++;
    struct rect room = writer->rect;
    room.height -= writer->y - room.y;
    room.y = writer->y;
    if (room.height < 1)
        return;
    struct writer nowhere = {writer->cells, {room.x, room.y, room.width, 0}, room.y};
    draw_words(session, &nowhere);
    int last = nowhere.y - room.y - room.height;
    if (session->lesson_top > last)
        session->lesson_top = last;
    if (session->lesson_top < 0)
        session->lesson_top = 0;
    bool more = session->lesson_top < last;
    room.height -= more && room.height > 1;
    struct writer words = {writer->cells, room, room.y - session->lesson_top};
    draw_words(session, &words);
    if (more)
        cells_text(writer->cells, room.x + 1, room.y + room.height, room.width - 2, STYLE_KEY,
                   "PgDn: more");
}

static void draw_list(const struct session *session, struct writer *writer)
{
    if (!session->lessons || session->lessons->count == 0) {
        paragraph(writer, STYLE_DIM, 0, "no lessons were found");
        return;
    }
    paragraph(writer, STYLE_TITLE, 0, "Lessons");
    paragraph(writer, STYLE_DIM, 0, "Space begins it, n and p choose");
    for (size_t i = 0; i < session->lessons->count; i++) {
        int y = writer->y;
        char line[256];
        snprintf(line, sizeof line, "%2zu  %s", i + 1, session->lessons->lesson[i]->title);
        paragraph(writer, STYLE_TEXT, 4, line);
        if (i == session->lesson_index && y < writer->rect.y + writer->rect.height)
            cells_reverse(writer->cells, (struct rect){writer->rect.x, y, writer->rect.width, 1});
    }
}

void pane_lab(struct session *session, struct cells *cells, struct rect rect)
{
    struct writer writer = {cells, rect, rect.y};
    if (!session->lesson)
        draw_settings(session, &writer);
    else if (synthetic_layer_is(&session->settings.lab.layer))
        draw_layer_briefly(&session->settings.lab, &writer);
    else
        draw_vector_briefly(session, &writer);
    writer.y++;
    if (session->lesson)
        draw_lesson(session, &writer);
    else
        draw_list(session, &writer);
}
