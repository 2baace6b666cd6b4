/* SPDX-License-Identifier: MIT
 *
 * The two lines at the bottom: the settings, and below them the keys, a message, or what is typed.
 */
#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/action.h"
#include "ui/input_settings.h"
#include "ui/keys.h"
#include "ui/pane.h"
#include "ui/scheme_words.h"

/* What a narrow line leaves out of the settings, one after the other. */
enum brevity {
    BREVITY_NONE,
    BREVITY_TRANSFORM,   /* that there is no transform */
    BREVITY_GAPS,        /* three blanks between settings: two have to do */
    BREVITY_WORDS,       /* long words: "bpw" is bits/weight, "sym" symmetric, "ch 3" a channel */
    BREVITY_SYMMETRY,    /* that the grid is symmetric, as most are */
    BREVITY_SOURCE,      /* what theory assumes */
    BREVITY_LEVELS,      /* that levels are uniform, or the bits that their name tells */
    BREVITY_GRANULARITY, /* that it is by channel */
    BREVITY_COST,        /* bits per weight */
    BREVITY_COUNT
};

/* The settings in words, in the order of the screen. */
enum said {
    SAID_BITS,
    SAID_LEVELS,
    SAID_GRANULARITY,
    SAID_CHANNEL,
    SAID_SYMMETRY,
    SAID_CLIP,
    SAID_COST,
    SAID_CORRECTION,
    SAID_TRANSFORM,
    SAID_SCALED,
    SAID_SOURCE,
    SAID_COUNT
};

/* "4 bits", "uniform"; of levels whose name tells their bits, as FP8's, that will do. */
static void describe_levels(const struct scheme *scheme, enum brevity brevity, struct text said[])
{
    const bool tells_bits = levels_title_has_bits(&scheme->levels);
    if (scheme_words_given_step(scheme))
        text_puts(&said[SAID_BITS], "grid without ends");
    else if (!tells_bits || brevity < BREVITY_LEVELS)
        text_printf(&said[SAID_BITS], "%d bit%s", scheme->bits, scheme->bits == 1 ? "" : "s");
    if (scheme->levels.kind != LEVELS_UNIFORM ||
        (brevity < BREVITY_LEVELS && !scheme_words_given_step(scheme)))
        levels_title(&said[SAID_LEVELS], &scheme->levels, scheme->bits);
}

/* "W4 A8" in the place of "4 bits", or behind levels whose name tells theirs. */
static void describe_inputs(const struct settings *settings, struct text said[])
{
    if (settings->inputs.bits > 0)
        text_clear(&said[SAID_BITS]);
    input_settings_describe(&said[SAID_BITS], settings);
}

/* What shares a scale, where in the lab's one channel there can be a question; and whether the
 * levels lie the same way on both sides of 0. */
static void describe_grids(const struct session *session, enum brevity brevity, struct text said[])
{
    const struct scheme *scheme = &session->settings.scheme;
    const struct granularity unit = scheme_granularity(scheme);
    const bool by_channel = granularity_equal(&unit, &GRANULARITY_CHANNEL);
    if (unit.columns > 0 || (!session->in_lab && !(by_channel && brevity >= BREVITY_GRANULARITY)))
        scheme_words_granularity(&said[SAID_GRANULARITY], scheme);
    const char *symmetry = scheme_words_symmetry(scheme, brevity >= BREVITY_WORDS);
    if (symmetry && (brevity < BREVITY_SYMMETRY || scheme->asymmetric || scheme->full_range))
        text_puts(&said[SAID_SYMMETRY], symmetry);
}

/* Which channel is shown, and what counts the channels if it is not the rows. */
static void describe_channel(const struct session *session, enum brevity brevity, struct text *text)
{
    const struct settings *settings = &session->settings;
    const struct tensor *tensor = session_tensor(session);
    if (session->in_lab)
        return;
    if (settings->channel >= 0 && brevity >= BREVITY_WORDS)
        text_printf(text, "ch %lld", (long long)settings->channel);
    else if (settings->channel >= 0 && tensor)
        text_printf(text, "channel %lld of %llu", (long long)settings->channel,
                    (unsigned long long)tensor_channels(tensor, settings->view));
    if (settings->view.axis > 0 && !(tensor && tensor->rank < 2) &&
        (settings->channel < 0 || brevity < BREVITY_WORDS))
        text_printf(text, "%saxis %u", text->length > 0 ? ", " : "", settings->view.axis);
}

/* "clip aciq (Laplace)" as soon as the report tells which formula it came to. */
static void describe_clip(const struct session *session, struct text *text)
{
    const struct report *report = session_report(session);
    const struct scheme *scheme = &session->settings.scheme;
    if (!levels_take_clip(&scheme->levels))
        return;
    if (scheme_words_given_step(scheme)) {
        text_printf(text, "step %.4g", scheme->clip.parameter);
        return;
    }
    text_puts(text, "clip ");
    clip_print(text, &scheme->clip);
    if (scheme->clip.rule == CLIP_ACIQ && report && report->errors && report->errors->clip_source)
        text_printf(text, " (%s)", report->errors->clip_source->title);
}

/* "4.25 bits/weight" of the tensor shown, or of the lab's sample. */
static void describe_cost(const struct session *session, enum brevity brevity, struct text *text)
{
    const struct settings *settings = &session->settings;
    const struct tensor *tensor = session_tensor(session);
    uint64_t rows, columns;
    if (brevity >= BREVITY_COST || scheme_words_given_step(&settings->scheme) ||
        !(tensor || session->in_lab))
        return;
    if (tensor) {
        rows = tensor_channels(tensor, settings->view);
        columns = tensor_channel_length(tensor, settings->view);
    } else {
        lab_shape(&settings->lab, &rows, &columns);
    }
    const double bits = scheme_bits_per_weight(&settings->scheme, rows, columns);
    if (!isnan(bits))
        text_printf(text, "%.4g %s", bits, brevity < BREVITY_WORDS ? "bits/weight" : "bpw");
}

static void describe_transform(const struct session *session, enum brevity brevity,
                               struct text *text)
{
    const struct transform_spec *transform = &session->settings.transform;
    if (session->in_lab && !synthetic_layer_is(&session->settings.lab.layer))
        return;
    if (transform->count > 0)
        transform_spec_print(transform, text);
    else if (brevity < BREVITY_TRANSFORM)
        text_puts(text, "no transform");
}

/* "source auto (Laplace)" as soon as the report tells which one it came to. */
static void describe_source(const struct session *session, struct text *text)
{
    const struct report *report = session_report(session);
    const struct lab *lab = &session->settings.lab;
    enum belief belief = session->settings.belief;
    if (session->in_lab)
        belief = lab_belief(lab, belief);
    text_printf(text, "source %s", belief_title(belief, NULL, &lab->law));
    if (belief == BELIEF_FAMILY && report && report->family && !isnan(report->family->ks_gaussian))
        text_printf(text, " (%s)", belief_title(belief, report->family, NULL));
}

static void describe_settings(const struct session *session, enum brevity brevity,
                              struct text said[])
{
    const struct settings *settings = &session->settings;
    const struct scheme *scheme = &settings->scheme;
    const struct tensor *tensor = session_tensor(session);
    for (int i = 0; i < SAID_COUNT; i++)
        text_clear(&said[i]);
    describe_levels(scheme, brevity, said);
    describe_inputs(settings, said);
    describe_grids(session, brevity, said);
    describe_channel(session, brevity, &said[SAID_CHANNEL]);
    describe_clip(session, &said[SAID_CLIP]);
    describe_cost(session, brevity, &said[SAID_COST]);
    if (scheme->correct_mean || scheme->correct_norm)
        text_printf(&said[SAID_CORRECTION], "correct %s", scheme_words_correction(scheme));
    describe_transform(session, brevity, &said[SAID_TRANSFORM]);
    if (tensor && tensor->scale)
        text_puts(&said[SAID_SCALED], settings->view.scaled ? "scaled" : "raw codes");
    if (brevity < BREVITY_SOURCE)
        describe_source(session, &said[SAID_SOURCE]);
}

/* Columns of the settings that are said, with gaps between them. */
static int settings_width(const struct text said[], int gap)
{
    int width = -gap;
    for (int i = 0; i < SAID_COUNT; i++)
        width += said[i].length > 0 ? (int)said[i].length + gap : 0;
    return width;
}

void pane_settings(const struct session *session, struct cells *cells, struct rect rect)
{
    struct text said[SAID_COUNT] = {{0}};
    int gap = 3;
    for (int brevity = BREVITY_NONE; brevity < BREVITY_COUNT; brevity++) {
        gap = brevity < BREVITY_GAPS ? 3 : 2;
        describe_settings(session, (enum brevity)brevity, said);
        if (settings_width(said, gap) <= rect.width)
            break;
    }
    for (int i = 0, x = 0; i < SAID_COUNT; i++) {
        if (said[i].length > 0)
            x += gap +
                 cells_text(cells, rect.x + x, rect.y, rect.width - x, STYLE_VALUE, said[i].data);
        text_done(&said[i]);
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

/* What an entry of the line of keys says of its key, and the columns that it takes. */
static int measure_key(const struct session *session, const struct action *action, struct text *key)
{
    if (action->keys)
        text_puts(key, action->keys);
    else
        key_name_add(key, action->key[0], session->options.glyphs == GLYPHS_ASCII);
    return (int)utf8_width(key->data, key->length) + (int)strlen(action->name) + 3;
}

/* One entry of the line of keys; returns the columns it took, 0 if it does not fit. */
static int draw_key(const struct session *session, const struct action *action, struct cells *cells,
                    int x, int y, int end)
{
    struct text key = {0};
    int need = measure_key(session, action, &key);
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

static bool is_lab_key(int key)
{
    for (size_t i = 0; i < lab_action_count; i++)
        for (size_t k = 0; k < ACTION_KEYS && lab_actions[i].key[k]; k++)
            if (lab_actions[i].key[k] == key)
                return true;
    return false;
}

/* The keys that matter most, from the tables: those with a name for this line.  Those of the place
 * come first; in the lab those of the tensors or of the same key not at all.  The last one of the
 * table, the way out, always has its room. */
static void draw_keys(const struct session *session, struct cells *cells, struct rect rect)
{
    const struct action *way_out = &actions[action_count - 1];
    struct text key = {0};
    int x = rect.x, end = rect.x + rect.width - measure_key(session, way_out, &key);
    text_done(&key);
    size_t local_count;
    const struct action *local = action_local(session, &local_count);
    for (size_t i = 0; i < local_count; i++)
        if (local[i].name)
            x += draw_key(session, &local[i], cells, x, rect.y, end);
    for (size_t i = 0; i + 1 < action_count; i++) {
        const struct action *action = &actions[i];
        bool of_tensors =
            strcmp(action->group, "Tensors") == 0 || action->key[0] == 'x' || action->key[0] == '.';
        if (action->name && !(session->in_lab && (of_tensors || is_lab_key(action->key[0]))))
            x += draw_key(session, action, cells, x, rect.y, end);
    }
    draw_key(session, way_out, cells, x, rect.y, rect.x + rect.width);
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
