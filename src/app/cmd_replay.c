/* SPDX-License-Identifier: MIT
 *
 * Keys in, frames out: the explorer without a terminal, for tests and pictures.
 *
 * A script has one instruction a line:
 *   size 80x24          the frame's size from here on
 *   glyphs ascii        braille, blocks or ascii
 *   keys j j Enter 2    keys by name (ui/keys.h); text:abc types a, b and c
 *   survey              surveys all tensors in the background, as the explorer does
 *   frame TITLE         waits for exact figures and prints the frame under the title
 * Blank lines and lines that begin with # are passed over.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/command.h"
#include "app/explorer.h"
#include "app/lessons.h"
#include "app/output.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "ui/action.h"
#include "ui/keys.h"
#include "ui/screen.h"
#include "ui/session_layers.h"

struct replay {
    const struct options *options;
    struct session *session;
    struct engine *engine;
    struct survey *survey; /* NULL before the script asks for it */
    struct layer_survey *layer_survey;
    struct cells *cells;
    struct text *out;
};

/* Brings the session to rest: engine and survey idle, what they found received. */
static void settle(struct replay *replay)
{
    if (replay->survey)
        survey_wait(replay->survey);
    session_survey(replay->session);
    engine_wait(replay->engine);
    session_receive(replay->session);
    session_follow_layers(replay->session); /* asks for what is shown now */
    if (replay->layer_survey)
        layer_survey_wait(replay->layer_survey);
    session_follow_layers(replay->session);
}

static bool do_survey(struct replay *replay, char *argument, struct error *error)
{
    (void)argument;
    if (replay->survey)
        return error_set(error, ERROR_USAGE, "the survey has begun already");
    replay->survey = survey_new(replay->session->model, replay->options->threads, error);
    if (replay->survey)
        replay->layer_survey =
            layer_survey_new(replay->session->model, replay->options->threads, error);
    if (!replay->layer_survey)
        return false;
    session_attach(replay->session, replay->survey);
    session_attach_layers(replay->session, replay->layer_survey);
    settle(replay);
    return true;
}

static bool do_size(struct replay *replay, char *argument, struct error *error)
{
    int width, height;
    char end;
    if (sscanf(argument, "%dx%d%c", &width, &height, &end) != 2 || width < 1 || height < 1 ||
        width > OPTIONS_SIZE_MOST || height > OPTIONS_SIZE_MOST)
        return error_set(error, ERROR_USAGE, "size takes WIDTHxHEIGHT, not \"%.40s\"", argument);
    cells_free(replay->cells);
    replay->cells = cells_new(width, height);
    return true;
}

static bool do_glyphs(struct replay *replay, char *argument, struct error *error)
{
    static const char *const names[GLYPHS_COUNT] = {"braille", "blocks", "ascii"};
    for (int i = 0; i < GLYPHS_COUNT; i++)
        if (strcmp(argument, names[i]) == 0) {
            replay->session->options.glyphs = (enum glyphs)i;
            replay->session->ascii_only = i == GLYPHS_ASCII;
            return true;
        }
    return error_set(error, ERROR_USAGE, "glyphs takes braille, blocks or ascii");
}

/* Composing between keys keeps scroll positions as they would be on a screen. */
static void press(struct replay *replay, int key)
{
    struct engine_progress idle = {.busy = false};
    session_key(replay->session, key);
    settle(replay);
    screen_compose(replay->session, &idle, replay->cells);
}

static bool do_keys(struct replay *replay, char *argument, struct error *error)
{
    char *rest = NULL;
    for (char *word = strtok_r(argument, " ", &rest); word; word = strtok_r(NULL, " ", &rest)) {
        if (strncmp(word, "text:", 5) == 0) {
            size_t length = strlen(word);
            uint32_t point;
            for (size_t at = 5, size; at < length; at += size) {
                size = utf8_decode(word + at, length - at, &point);
                if (size == 0)
                    return error_set(error, ERROR_USAGE, "the text is not UTF-8");
                press(replay, (int)point);
            }
            continue;
        }
        int key = key_of_name(word);
        if (key == KEY_NONE)
            return error_set(error, ERROR_USAGE, "there is no key \"%.40s\"", word);
        press(replay, key);
    }
    return true;
}

static bool do_frame(struct replay *replay, char *argument, struct error *error)
{
    (void)error;
    struct engine_progress idle = {.busy = false};
    settle(replay);
    screen_compose(replay->session, &idle, replay->cells);
    text_printf(replay->out, "== %s\n", argument);
    if (replay->options->color == COLOR_ALWAYS)
        cells_dump_colour(replay->cells, replay->out);
    else
        cells_dump(replay->cells, replay->out);
    return true;
}

static const struct {
    const char *name;
    bool (*run)(struct replay *replay, char *argument, struct error *error);
} instructions[] = {
    {"size", do_size},     {"glyphs", do_glyphs}, {"keys", do_keys},
    {"survey", do_survey}, {"frame", do_frame},
};

static bool do_line(struct replay *replay, char *line, struct error *error)
{
    line += strspn(line, " \t");
    line[strcspn(line, "\r\n")] = '\0';
    if (!*line || *line == '#')
        return true;
    size_t length = strcspn(line, " ");
    char *argument = line + length + strspn(line + length, " ");
    for (size_t i = 0; i < sizeof instructions / sizeof *instructions; i++)
        if (strlen(instructions[i].name) == length &&
            strncmp(instructions[i].name, line, length) == 0)
            return instructions[i].run(replay, argument, error);
    return error_set(error, ERROR_USAGE,
                     "no instruction \"%.*s\": size, glyphs, keys, survey and frame",
                     (int)(length < 40 ? length : 40), line);
}

static bool do_script(struct replay *replay, FILE *script, const char *name, struct error *error)
{
    char *line = NULL;
    size_t size = 0, number = 0;
    bool ok = true;
    while (ok && !replay->session->quit && getline(&line, &size, script) >= 0) {
        struct error inner;
        number++;
        ok = do_line(replay, line, &inner);
        if (!ok)
            error_set(error, inner.code, "%s: line %zu: %.900s", name, number, inner.text);
    }
    free(line);
    return ok;
}

static bool replay_start(const struct options *options, const struct model *model,
                         const struct explorer_start *start, FILE *script, struct text *out,
                         struct error *error)
{
    struct engine *engine = engine_new(options->threads, error);
    if (!engine)
        return false;
    struct replay replay = {.options = options,
                            .session = explorer_session(options, model, engine, start),
                            .engine = engine,
                            .cells = cells_new(options->width, options->height),
                            .out = out};
    settle(&replay);
    bool ok = do_script(&replay, script, options->operands[0], error);
    session_free(replay.session);
    layer_survey_free(replay.layer_survey);
    survey_free(replay.survey);
    cells_free(replay.cells);
    engine_free(engine);
    return ok;
}

static bool replay_model(const struct options *options, const struct model *model, FILE *script,
                         struct text *out, struct error *error)
{
    struct layer_source source;
    struct error broken;
    bool ok = layers_open_quietly(options, model, &source, &broken, error);
    if (ok) {
        struct lesson_set *lessons = lessons_load(NULL);
        const struct explorer_start start = {
            .lessons = lessons, .layers = source.layers, .warning = broken.text};
        ok = replay_start(options, model, &start, script, out, error);
        lessons_free(lessons);
    }
    layers_close(&source);
    return ok;
}

int cmd_replay(const struct options *options, struct error *error)
{
    const char *path = options->operands[0];
    FILE *script = strcmp(path, "-") == 0 ? stdin : fopen(path, "r");
    if (!script) {
        error_set(error, ERROR_FILE, "%.200s: %s", path, strerror(errno));
        return command_status(error);
    }
    struct model *model =
        command_open_model(options, options->operands + 1, options->operand_count - 1, error);
    struct text out = {0};
    bool ok = model && replay_model(options, model, script, &out, error);
    if (out.length > 0)
        fwrite(out.data, 1, out.length, stdout);
    text_done(&out);
    model_free(model);
    if (script != stdin)
        fclose(script);
    return ok ? 0 : command_status(error);
}
