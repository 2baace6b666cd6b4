/* SPDX-License-Identifier: MIT */
#include "ui/session_layers.h"

#include "ui/model_layers.h"

void session_attach_layers(struct session *session, struct layer_survey *survey)
{
    session->model_layers = model_layers_new(session->model, survey);
    layer_survey_hold(survey, LAYER_SURVEY_HOLD_UNSEEN, true);
}

static void ask(struct session *session)
{
    const struct settings *settings = &session->settings;
    const struct tensor *tensor = session_tensor(session);
    const size_t selected = tensor ? (size_t)(tensor - session->model->tensors) : 0;
    struct model_layers *layers = session->model_layers;
    model_layers_ask(layers, layers_index(session->layers, settings->view), &settings->scheme,
                     &settings->inputs, &settings->transform);
    layer_survey_prefer(layers->survey, &selected, tensor != NULL);
}

bool session_follow_layers(struct session *session)
{
    struct model_layers *layers = session->model_layers;
    if (!layers || !session->layers)
        return false;
    const bool shown = session_is_whole(session) && session->view->layers;
    layer_survey_hold(layers->survey, LAYER_SURVEY_HOLD_USER, session->paused);
    layer_survey_hold(layers->survey, LAYER_SURVEY_HOLD_UNSEEN, !shown);
    if (shown)
        ask(session);
    return model_layers_take(layers);
}

bool session_watch_layers(const struct session *session, bool engine_busy)
{
    if (!session->model_layers)
        return false;
    struct layer_survey *survey = session->model_layers->survey;
    layer_survey_hold(survey, LAYER_SURVEY_HOLD_ENGINE, engine_busy);
    const struct layer_survey_progress progress = layer_survey_progress(survey);
    return progress.busy && !progress.held;
}

int session_layers_descriptor(const struct session *session)
{
    return session->model_layers ? layer_survey_descriptor(session->model_layers->survey) : -1;
}
