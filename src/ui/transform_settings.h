/* SPDX-License-Identifier: MIT
 *
 * The transform of the input side as a setting: keys that go through the usual ones, a command that
 * takes any.  What comes of it is said to the user.
 */
#ifndef UI_TRANSFORM_SETTINGS_H
#define UI_TRANSFORM_SETTINGS_H

#include <stdbool.h>

#include "base/error.h"
#include "ui/session.h"

/* Actions that take the next and the previous of none, hadamard, cat and align:1; from any other
 * they go to none. */
void transform_settings_next_key(struct session *session, int key);
void transform_settings_previous_key(struct session *session, int key);

/* Sets what people type; false with ERROR_USAGE. */
bool transform_settings_set(struct session *session, const char *text, struct error *error);

#endif
