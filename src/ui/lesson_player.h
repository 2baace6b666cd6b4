/* SPDX-License-Identifier: MIT
 *
 * Lessons on the screen: each step sets the lab, its text speaks of the report that follows.
 */
#ifndef UI_LESSON_PLAYER_H
#define UI_LESSON_PLAYER_H

#include "ui/lesson.h"
#include "ui/session.h"

/* Lessons in the order of their names. */
struct lesson_set {
    const struct lesson **lesson;
    size_t count;
};

/* Goes into the lab and begins a lesson; ends the one being taken, leaving the lab as it is. */
void lesson_open(struct session *session, const struct lesson *lesson);
void lesson_close(struct session *session);

/* Actions: the next step (behind the last the lesson ends; without one the marked lesson of the
 * list begins), the previous one, and the mark in the list (key 'n' or 'p'). */
void lesson_forward(struct session *session, int key);
void lesson_back(struct session *session, int key);
void lesson_mark(struct session *session, int key);

/* Action: scrolls the words (key PgUp or PgDn); the pane brings lesson_top into range. */
void lesson_scroll(struct session *session, int key);

/* Appends a text of the step with the figures of the report on the screen. */
void lesson_render(const struct session *session, const char *text, struct text *out);

#endif
