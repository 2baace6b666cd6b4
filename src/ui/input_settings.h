/* SPDX-License-Identifier: MIT
 *
 * How inputs of linear layers are rounded: what keys and commands make of it, and how it is told.
 */
#ifndef UI_INPUT_SETTINGS_H
#define UI_INPUT_SETTINGS_H

#include <stdbool.h>

#include "base/error.h"
#include "base/text.h"
#include "ui/session.h"

/* So many bits, or 0 for inputs that are left as they are; ERROR_USAGE for what there is not. */
bool input_settings_choose(struct session *session, int bits, struct error *error);

/* The same from a command's argument: a number or "none". */
bool input_settings_parse(struct session *session, const char *argument, struct error *error);

/* Action: a bit more, from the weights' width on if there were none, or a bit less, to none. */
void input_settings_bits_key(struct session *session, int key);

/* Appends "W4 A8", with "static" and "symmetric" where the grid is; nothing for inputs that are left
 * as they are. */
void input_settings_describe(struct text *out, const struct settings *settings);

#endif
