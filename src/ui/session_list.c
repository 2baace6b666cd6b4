/* SPDX-License-Identifier: MIT */
#include "ui/session_list.h"

#include "base/mem.h"

/* Hides what the filter does not let pass. */
static void choose(struct session *session)
{
    const struct model *model = session->model;
    bool *keep = mem_alloc(model->count, sizeof *keep);
    session->shown = 0;
    for (size_t i = 0; i < model->count; i++) {
        keep[i] = !session->filter || filter_passes(session->filter, model->tensors[i].label,
                                                    listing_values(session->listing, i));
        session->shown += keep[i];
    }
    tree_choose(session->tree, keep);
    mem_free(keep);
}

/* Brings the rows into the order of the column. */
static void order(struct session *session)
{
    struct tree *tree = session->tree;
    if (session->column == COLUMN_NAME) {
        tree_show_modules(tree);
        return;
    }
    double *value = mem_alloc(session->model->count, sizeof *value);
    for (size_t i = 0; i < session->model->count; i++)
        value[i] = listing_values(session->listing, i)[session->column];
    tree_show_sorted(tree, value, session->descending);
    mem_free(value);
}

/* Makes the rows anew; what is selected stays selected, and where it was on the screen. */
static void list(struct session *session)
{
    struct tree *tree = session->tree;
    size_t node = tree->rows > 0 ? tree->row[session->cursor] : 0;
    const size_t line = session->cursor - session->top;
    choose(session);
    order(session);
    while (tree->flat && node + 1 < tree->nodes && tree->node[node].tensor == TREE_NO_TENSOR)
        node++; /* a module gives way to its first tensor */
    const int64_t channel = session->settings.channel;
    session->cursor = tree->rows > 0 ? tree_reveal(tree, node) : 0;
    session->top = session->cursor > line ? session->cursor - line : 0;
    session->settings.channel = channel;
    session_ask(session);
}

void session_sort(struct session *session, enum column column, bool descending)
{
    session->column = column;
    session->descending = descending;
    list(session);
}

void session_choose(struct session *session, struct filter *filter)
{
    filter_free(session->filter);
    session->filter = filter;
    list(session);
}

void session_learn_report(struct session *session, const struct report *report)
{
    if (!report->errors || report->request.channel >= 0 || !report->request.tensor)
        return;
    const size_t tensor = (size_t)(report->request.tensor - session->model->tensors);
    listing_learn_report(session->listing, tensor, report);
}

void session_learn(struct session *session, size_t tensor, const struct survey_record *record)
{
    if (!session->record[tensor])
        session->record[tensor] = record_store_take(session->records);
    *session->record[tensor] = *record;
    listing_learn_record(session->listing, tensor, record);
}

void session_forget_records(struct session *session)
{
    for (size_t i = 0; i < session->model->count; i++)
        session->record[i] = NULL;
    record_store_clear(session->records);
}

/* A survey is of the model, whose settings wait elsewhere while the lab is shown. */
static void ask_survey(struct session *session)
{
    const struct settings *settings = session->in_lab ? &session->elsewhere : &session->settings;
    struct layers *layers = session->layers;
    const struct survey_settings wanted = {.view = settings->view,
                                           .transform = settings->transform,
                                           .layers = layers ? layers_index(layers, settings->view)
                                                            : NULL,
                                           .scheme = settings->scheme,
                                           .belief = settings->belief};
    if (session->survey)
        survey_ask(session->survey, &wanted);
}

void session_attach(struct session *session, struct survey *survey)
{
    session->survey = survey;
    ask_survey(session);
}

void session_survey_again(struct session *session, const struct settings *before)
{
    const struct settings *after = &session->settings;
    if (before->view.axis != after->view.axis || before->view.scaled != after->view.scaled ||
        !transform_spec_equal(&before->transform, &after->transform)) {
        listing_forget(session->listing, BASIS_WEIGHTS);
        session_forget_records(session);
    } else if (!scheme_equal(&before->scheme, &after->scheme)) {
        listing_forget(session->listing, BASIS_SCHEME);
    } else if (before->belief != after->belief) {
        listing_forget(session->listing, BASIS_BELIEF);
    } else {
        return;
    }
    ask_survey(session);
}

bool session_survey(struct session *session)
{
    size_t tensor;
    struct survey_record record;
    bool any = false;
    while (session->survey && survey_take(session->survey, &tensor, &record)) {
        session_learn(session, tensor, &record);
        any = true;
    }
    if (any && (session->filter || session->column > COLUMN_SIZE))
        list(session);
    return any;
}

void session_prefer_shown(const struct session *session)
{
    const struct tree *tree = session->tree;
    size_t *shown = mem_alloc((size_t)session->page, sizeof *shown), n = 0;
    for (size_t i = session->top; i < tree->rows && i < session->top + (size_t)session->page; i++)
        if (tree->node[tree->row[i]].tensor != TREE_NO_TENSOR)
            shown[n++] = tree->node[tree->row[i]].tensor;
    survey_prefer(session->survey, shown, n);
    mem_free(shown);
}
