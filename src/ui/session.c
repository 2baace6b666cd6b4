/* SPDX-License-Identifier: MIT */
#include "ui/session.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "ui/session_list.h"

/* The first matrix that can be read: what people came to see. */
static size_t first_matrix(const struct tree *tree)
{
    const char *reason;
    for (size_t i = 0; i < tree->nodes; i++) {
        if (tree->node[i].tensor == TREE_NO_TENSOR)
            continue;
        const struct tensor *tensor = &tree->model->tensors[tree->node[i].tensor];
        if (tensor->rank >= 2 && tensor->elements > 0 && tensor_readable(tensor, &reason))
            return i;
    }
    return 0;
}

/* Keeps in mind which width the user wants, if it is one that could have been another. */
static void remember_bits(struct settings *settings)
{
    int least, most;
    levels_bits(&settings->scheme.levels, &least, &most);
    if (least < most || settings->bits_wanted == 0)
        settings->bits_wanted = settings->scheme.bits;
}

/* The lab's settings to begin with, beside those outside of it. */
static struct settings lab_settings(const struct settings *settings)
{
    struct settings lab = *settings;
    lab.view = (struct tensor_view){0};
    lab.scheme = scheme_default();
    lab.scheme.bits = settings->bits_wanted;
    lab.scheme.clip = (struct clip){CLIP_STEP, 1};
    lab.channel = REQUEST_ALL_CHANNELS;
    lab.belief = BELIEF_LAW;
    return lab;
}

struct session *session_new(const struct model *model, struct engine *engine, enum glyphs glyphs,
                            const struct settings *settings)
{
    struct session *session = mem_zero(1, sizeof *session);
    session->model = model;
    session->engine = engine;
    session->tree = tree_new(model);
    session->settings = *settings;
    session->settings.lab = lab_default();
    remember_bits(&session->settings);
    session->elsewhere = lab_settings(&session->settings);
    session->view = views[0];
    session->options.glyphs = glyphs;
    session->limits = outlier_limits_default();
    session->ascii_only = glyphs == GLYPHS_ASCII;
    session->listing = listing_new(model);
    session->records = record_store_new();
    session->record = mem_zero(model->count, sizeof *session->record);
    session->shown = model->count;
    session->page = 10;
    if (session->tree->nodes > 0)
        session->cursor = tree_reveal(session->tree, first_matrix(session->tree));
    session_ask(session);
    return session;
}

void session_free(struct session *session)
{
    if (!session)
        return;
    part_unref((const struct part *)session->report);
    record_store_free(session->records);
    mem_free(session->record);
    tree_free(session->tree);
    model_layers_free(session->model_layers);
    listing_free(session->listing);
    filter_free(session->filter);
    mem_free(session);
}

const struct tensor *session_tensor(const struct session *session)
{
    if (session->in_lab || session->tree->rows == 0)
        return NULL;
    size_t tensor = session->tree->node[session->tree->row[session->cursor]].tensor;
    return tensor == TREE_NO_TENSOR ? NULL : &session->model->tensors[tensor];
}

bool session_is_whole(const struct session *session)
{
    return session->whole && !session->in_lab && session->view->draw_model;
}

const struct layer_index *session_layers(const struct session *session)
{
    return session->layers ? layers_index(session->layers, session->settings.view) : NULL;
}

void session_ask(struct session *session)
{
    const struct settings *settings = &session->settings;
    struct request request = {
        .tensor = session_tensor(session),
        .view = settings->view,
        .channel = session->view->channels || session->view->lineup ? REQUEST_ALL_CHANNELS
                                                                    : settings->channel,
        .transform = settings->transform,
        .layers = session_layers(session),
        .scheme = settings->scheme,
        .belief = settings->belief,
        .spectrum = session->view->spectrum,
        .curve = session->view->curve,
        .lineup = session->view->lineup && !session_is_whole(session),
        .inputs = settings->inputs,
        .comparison = session->view->comparison,
        .outliers = session->view->outliers,
        .limits = session->limits,
        .region = session->region,
    };
    const char *reason;
    if (session->in_lab)
        lab_request(&request, &settings->lab, &settings->scheme);
    else if (!request.tensor || !tensor_readable(request.tensor, &reason))
        return;
    if (session->has_asked && request_equal(&request, &session->asked))
        return;
    session->has_asked = true;
    session->asked = request;
    engine_ask(session->engine, &request);
}

void session_enter_lab(struct session *session, bool enter)
{
    if (session->in_lab == enter)
        return;
    struct settings settings = session->settings;
    session->settings = session->elsewhere;
    session->elsewhere = settings;
    session->in_lab = enter;
    session->undo_count = 0;
    session_ask(session);
}

void session_show(struct session *session, const struct view *view)
{
    session->view = view;
    session_ask(session);
}

bool session_receive(struct session *session)
{
    const struct report *report = engine_take(session->engine);
    if (!report)
        return false;
    if (!request_equal(&report->request, &session->asked)) {
        part_unref(&report->part); /* overtaken by a key */
        return false;
    }
    part_unref((const struct part *)session->report);
    session->report = report;
    session_learn_report(session, report);
    return true;
}

const struct report *session_report(const struct session *session)
{
    const struct report *report = session->report;
    if (!report || session->in_lab != (report->request.draws > 0))
        return NULL;
    return session->in_lab || report->request.tensor == session_tensor(session) ? report : NULL;
}

static bool settings_equal(const struct settings *a, const struct settings *b)
{
    return a->view.axis == b->view.axis && a->view.scaled == b->view.scaled &&
           a->channel == b->channel && transform_spec_equal(&a->transform, &b->transform) && a->belief == b->belief &&
           scheme_equal(&a->scheme, &b->scheme) && input_grid_equal(&a->inputs, &b->inputs) &&
           lab_equal(&a->lab, &b->lab);
}

/* The place on the map of outliers means nothing in another matrix. */
static void forget_place(struct session *session)
{
    session->region = (struct outlier_region){0};
    session->options.outlier = 0;
}

static void apply(struct session *session, const struct settings *settings)
{
    const struct settings before = session->settings;
    session->settings = *settings;
    if (before.view.axis != settings->view.axis || before.channel != settings->channel)
        forget_place(session);
    remember_bits(&session->settings);
    if (!session->in_lab)
        session_survey_again(session, &before);
    session_ask(session);
}

void session_change(struct session *session, const struct settings *settings)
{
    if (settings_equal(&session->settings, settings))
        return;
    if (session->undo_count == SESSION_UNDO) {
        session->undo_count--;
        memmove(session->undo, session->undo + 1, session->undo_count * sizeof *session->undo);
    }
    session->undo[session->undo_count++] = session->settings;
    apply(session, settings);
}

void session_undo(struct session *session)
{
    if (session->undo_count == 0) {
        session_say(session, STYLE_DIM, "nothing to undo");
        return;
    }
    apply(session, &session->undo[--session->undo_count]);
}

/* The channels of a tensor that is being left mean nothing for another one: out of the settings
 * and the undo list, with the entries that have nothing left to bring back. */
static void forget_channels(struct session *session)
{
    size_t kept = 0;
    session->settings.channel = REQUEST_ALL_CHANNELS;
    for (size_t i = 0; i < session->undo_count; i++) {
        struct settings entry = session->undo[i];
        entry.channel = REQUEST_ALL_CHANNELS;
        if (kept == 0 || !settings_equal(&session->undo[kept - 1], &entry))
            session->undo[kept++] = entry;
    }
    if (kept > 0 && settings_equal(&session->undo[kept - 1], &session->settings))
        kept--;
    session->undo_count = kept;
}

void session_select(struct session *session, long row)
{
    long rows = (long)session->tree->rows;
    if (row >= rows)
        row = rows - 1;
    if (row < 0)
        row = 0;
    if ((size_t)row != session->cursor) {
        forget_channels(session);
        forget_place(session);
    }
    session->cursor = (size_t)row;
    session_ask(session);
}

void session_reveal(struct session *session, size_t node)
{
    if (session->tree->node[node].hidden)
        session_choose(session, NULL);
    session_select(session, (long)tree_reveal(session->tree, node));
}

void session_say(struct session *session, enum style style, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(session->message, sizeof session->message, format, arguments);
    va_end(arguments);
    session->message_style = style;
}
