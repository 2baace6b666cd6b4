/* SPDX-License-Identifier: MIT
 *
 * The two lines at the bottom: the settings, and below them the keys, a message, or what is typed.
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/action.h"
#include "ui/keys.h"
#include "ui/pane.h"
#include "ui/tensor_settings.h"

#define SETTINGS 7

/* "source auto (Laplace)" as soon as the report tells which one it came to. */
static void describe_source(const struct session *session, struct text *text)
{
    const struct report *report = session_report(session);
    enum belief belief = session->settings.belief;
    text_printf(text, "source %s", belief_title(belief, NULL, &session->settings.lab.law));
    if (belief == BELIEF_FAMILY && report && report->family && !isnan(report->family->ks_gaussian))
        text_printf(text, " (%s)", belief_title(belief, report->family, NULL));
}

/* "clip aciq (Laplace)" as soon as the report tells which formula it came to. */
static void describe_clip(const struct session *session, struct text *text)
{
    const struct report *report = session_report(session);
    const struct clip *clip = &session->settings.scheme.clip;
    text_puts(text, "clip ");
    clip_print(text, clip);
    if (clip->rule == CLIP_ACIQ && report && report->errors && report->errors->clip_source)
        text_printf(text, " (%s)", report->errors->clip_source->title);
}

/* Which channels are rounded on grids of their own, and which of them is shown. */
static void describe_channels(const struct session *session, struct text *text)
{
    const struct settings *settings = &session->settings;
    const struct tensor *tensor = session_tensor(session);
    if (settings->channel >= 0 && tensor) {
        text_printf(text, "channel %lld of %llu", (long long)settings->channel,
                    (unsigned long long)tensor_channels(tensor, settings->view));
        if (settings->view.axis > 0 && tensor->rank >= 2)
            text_printf(text, ", axis %u", settings->view.axis);
    } else if (settings->view.axis == 0) {
        text_puts(text, "per channel");
    } else {
        text_puts(text, "channels: ");
        tensor_settings_describe_axis(text, tensor, settings->view.axis);
    }
}

/* The settings in the order of the screen, into text[0..SETTINGS-1]. */
static void describe_settings(const struct session *session, struct text text[])
{
    const struct settings *settings = &session->settings;
    const struct tensor *tensor = session_tensor(session);
    bool step = settings->scheme.clip.rule == CLIP_STEP;
    if (step)
        text_puts(&text[0], "grid without ends");
    else
        text_printf(&text[0], "%d bit%s", settings->scheme.bits,
                    settings->scheme.bits == 1 ? "" : "s");
    if (session->in_lab)
        text_clear(&text[1]);
    else
        describe_channels(session, &text[1]);
    text_puts(&text[2], "symmetric");
    if (step)
        text_printf(&text[3], "step %.4g", settings->scheme.clip.parameter);
    else
        describe_clip(session, &text[3]);
    if (session->in_lab)
        text_clear(&text[4]);
    else if (settings->transform == TRANSFORM_NONE)
        text_puts(&text[4], "no transform");
    else if (tensor && tensor->rank >= 2)
        transform_print(&text[4], settings->transform,
                        tensor_channel_length(tensor, settings->view));
    else
        text_puts(&text[4], transform_name(settings->transform));
    if (tensor && tensor->scale)
        text_puts(&text[5], settings->view.scaled ? "scaled" : "raw codes");
    describe_source(session, &text[6]);
}

/* "ch 3" or, of all channels, "axis 1"; nothing where all rows are meant. */
static void describe_channels_shortly(const struct session *session, struct text *text)
{
    const struct settings *settings = &session->settings;
    text_clear(text);
    if (settings->channel >= 0)
        text_printf(text, "ch %lld", (long long)settings->channel);
    else if (settings->view.axis > 0)
        text_printf(text, "axis %u", settings->view.axis);
}

/* Columns of the settings that are said, with gaps between them. */
static int settings_width(const struct text text[], int gap)
{
    int width = -gap;
    for (int i = 0; i < SETTINGS; i++)
        width += text[i].length > 0 ? (int)text[i].length + gap : 0;
    return width;
}

/* Where they do not fit, what never changes goes first, then what
 * theory assumes; then the rest is said in fewer words. */
void pane_settings(const struct session *session, struct cells *cells, struct rect rect)
{
    static const int dispensable[] = {2, 6};
    struct text text[SETTINGS] = {{0}};
    describe_settings(session, text);
    int gap = 3;
    for (int i = 0; i < 2 && settings_width(text, gap) > rect.width; i++)
        text_clear(&text[dispensable[i]]);
    if (settings_width(text, gap) > rect.width) {
        gap = 2;
        describe_channels_shortly(session, &text[1]);
    }
    if (settings_width(text, gap) > rect.width && session->settings.transform == TRANSFORM_NONE)
        text_clear(&text[4]);
    if (settings_width(text, gap) > rect.width && session->settings.channel < 0)
        text_clear(&text[1]);
    for (int i = 0, x = 0; i < SETTINGS; i++) {
        if (text[i].length > 0)
            x += gap +
                 cells_text(cells, rect.x + x, rect.y, rect.width - x, STYLE_VALUE, text[i].data);
        text_done(&text[i]);
    }
}

static void draw_line(const struct session *session, struct cells *cells, struct rect rect)
{
    /* Of a long line the end is shown, and the cursor behind it. */
    const char *line = session->line;
    size_t length = strlen(line), room = (size_t)rect.width - 2;
    while (utf8_width(line, length) > room) {
        uint32_t point;
        size_t size = utf8_decode(line, length, &point);
        line += size;
        length -= size;
    }
    cells_fill(cells, rect, ' ', STYLE_TEXT);
    int used = cells_printf(cells, rect.x, rect.y, rect.width, STYLE_TITLE, "%c%s",
                            session->mode == MODE_COMMAND ? ':' : '/', line);
    cells_reverse(cells, (struct rect){rect.x + used, rect.y, 1, 1});
    if (session->message[0])
        cells_text(cells, rect.x + used + 3, rect.y, rect.width - used - 3, session->message_style,
                   session->message);
}

/* One entry of the line of keys; returns the columns it took, 0 if it does not fit. */
static int draw_key(const struct session *session, const struct action *action, struct cells *cells,
                    int x, int y, int end)
{
    struct text key = {0};
    if (action->keys)
        text_puts(&key, action->keys);
    else
        key_name_add(&key, action->key[0], session->options.glyphs == GLYPHS_ASCII);
    int need = (int)utf8_width(key.data, key.length) + (int)strlen(action->name) + 3;
    if (x + need > end)
        need = 0;
    else {
        cells_put(cells, x, y, ' ', STYLE_TEXT);
        int at = 1 + cells_text(cells, x + 1, y, need, STYLE_KEY, key.data);
        cells_printf(cells, x + at, y, need, STYLE_DIM, " %s ", action->name);
    }
    text_done(&key);
    return need;
}

/* The keys that matter most, from the tables: those with a name for this line.  In the lab its own
 * come first, and those of the tensors or of the same key not at all. */
static void draw_keys(const struct session *session, struct cells *cells, struct rect rect)
{
    int x = rect.x, end = rect.x + rect.width;
    for (size_t i = 0; session->in_lab && i < lab_action_count; i++)
        if (lab_actions[i].name)
            x += draw_key(session, &lab_actions[i], cells, x, rect.y, end);
    for (size_t i = 0; i < action_count; i++) {
        const struct action *action = &actions[i];
        bool of_tensors = strcmp(action->group, "Tensors") == 0 || action->key[0] == 'c' ||
                          action->key[0] == 'x' || action->key[0] == '.';
        if (action->name && !(session->in_lab && of_tensors))
            x += draw_key(session, action, cells, x, rect.y, end);
    }
}

void pane_prompt(const struct session *session, struct cells *cells, struct rect rect)
{
    if (session->mode == MODE_SEARCH || session->mode == MODE_COMMAND ||
        session->mode == MODE_ABOUT_SEARCH)
        draw_line(session, cells, rect);
    else if (session->message[0])
        cells_printf(cells, rect.x, rect.y, rect.width, session->message_style, " %s ",
                     session->message);
    else
        draw_keys(session, cells, rect);
}
