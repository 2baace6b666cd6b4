/* SPDX-License-Identifier: MIT
 *
 * What keys do: one table that drives input, the help line and the help screen.
 */
#ifndef UI_ACTION_H
#define UI_ACTION_H

#include "ui/session.h"

#define ACTION_KEYS 10

struct action {
    int key[ACTION_KEYS];  /* 0 behind the last */
    const char *group;     /* heading in the help screen */
    const char *name;      /* one word for the help line; NULL: not there */
    const char *keys;      /* how the help line writes the keys; NULL: the first one */
    const char *help;      /* a sentence for the help screen */
    void (*run)(struct session *session, int key);
};

extern const struct action actions[];
extern const size_t action_count;

/* The lab's keys, looked up before the others there. */
extern const struct action lab_actions[];
extern const size_t lab_action_count;

/* Those of the view of outliers, looked up first while that has the focus. */
extern const struct action outlier_actions[];
extern const size_t outlier_action_count;

/* Those of its list of the whole model, in their place. */
extern const struct action model_outlier_actions[];
extern const size_t model_outlier_action_count;

/* Those of the pictures of all layers. */
extern const struct action model_layer_actions[];
extern const size_t model_layer_action_count;

/* Shows the outliers of the selected tensor, or on a module those of the whole model, the worst one
 * marked. */
void action_hunt(struct session *session, int key);

/* The table of keys that come before `actions` where the session is now; *count may be 0. */
const struct action *action_local(const struct session *session, size_t *count);

/* Handles a key in whatever mode the session is; the screen has to be drawn again. */
void session_key(struct session *session, int key);

#endif
