/* SPDX-License-Identifier: MIT
 *
 * A session's list of tensors while reports, records and settings come and go: what ui/session.c
 * tells it.
 */
#ifndef UI_SESSION_LIST_H
#define UI_SESSION_LIST_H

#include "ui/session.h"

/* Keeps what a report tells of its tensor, if it is one of a whole tensor. */
void session_learn_report(struct session *session, const struct report *report);

/* The settings were others before: forgets what depends on them, and asks the survey for the rest. */
void session_survey_again(struct session *session, const struct settings *before);

void session_forget_records(struct session *session);

#endif
