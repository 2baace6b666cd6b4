/* SPDX-License-Identifier: MIT
 *
 * A session's view of all linear layers: their survey goes on only while that is on the screen.
 */
#ifndef UI_SESSION_LAYERS_H
#define UI_SESSION_LAYERS_H

#include <stdbool.h>

#include "engine/layer_survey.h"
#include "ui/session.h"

/* Has a survey, which is lent, tell about the layers from here on. */
void session_attach_layers(struct session *session, struct layer_survey *survey);

/* Asks it for what the session shows now, or has it stand still where that is not its layers; to be
 * called after keys.  Takes what it has found out: true if the screen has to change. */
bool session_follow_layers(struct session *session);

/* Has it wait for the engine while that is busy; whether it goes on. */
bool session_watch_layers(const struct session *session, bool engine_busy);

/* Readable when there is something to take; -1 without a survey. */
int session_layers_descriptor(const struct session *session);

#endif
