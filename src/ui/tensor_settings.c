/* SPDX-License-Identifier: MIT */
#include "ui/tensor_settings.h"

#include "base/text.h"

void tensor_settings_describe_axis(struct text *out, const struct tensor *tensor, unsigned axis)
{
    if (tensor && tensor->rank > 2)
        text_printf(out, "axis %u", axis);
    else
        text_printf(out, "%s (axis %u)", axis == 0 ? "rows" : "columns", axis);
}

void tensor_settings_turn(struct session *session, unsigned axis)
{
    const struct tensor *tensor = session_tensor(session);
    struct settings settings = session->settings;
    settings.view.axis = axis;
    if (tensor && settings.channel >= 0 &&
        (uint64_t)settings.channel >= tensor_channels(tensor, settings.view))
        settings.channel = REQUEST_ALL_CHANNELS;
    session_change(session, &settings);
    if (tensor && tensor->rank < 2) {
        session_say(session, STYLE_DIM, "axis %u changes nothing here: there is one channel", axis);
        return;
    }
    struct text channels = {0};
    tensor_settings_describe_axis(&channels, tensor, axis);
    session_say(session, STYLE_DIM, "channels: %s", channels.data);
    text_done(&channels);
}

static bool has_scales(const struct model *model)
{
    for (size_t i = 0; i < model->count; i++)
        if (model->tensors[i].scale)
            return true;
    return false;
}

void tensor_settings_scale(struct session *session, bool scaled)
{
    const struct tensor *tensor = session_tensor(session);
    if (!has_scales(session->model)) {
        session_say(session, STYLE_DIM,
                    "no tensor of this model has scales in a tensor of its own");
        return;
    }
    struct settings settings = session->settings;
    settings.view.scaled = scaled;
    session_change(session, &settings);
    if (tensor && !tensor->scale)
        session_say(session, STYLE_DIM, "this tensor has no scales: its values are as stored");
    else
        session_say(session, STYLE_DIM,
                    scaled ? "values are multiplied by their scales"
                           : "values are as stored, without their scales");
}

void tensor_settings_turn_key(struct session *session, int key)
{
    (void)key;
    tensor_settings_turn(session, session->settings.view.axis == 0 ? 1 : 0);
}

void tensor_settings_scale_key(struct session *session, int key)
{
    (void)key;
    tensor_settings_scale(session, !session->settings.view.scaled);
}
