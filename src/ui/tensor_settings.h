/* SPDX-License-Identifier: MIT
 *
 * Settings of how a tensor is looked at: which dimension counts its channels, and whether its
 * values are multiplied by their scales.  What comes of them is said to the user.
 */
#ifndef UI_TENSOR_SETTINGS_H
#define UI_TENSOR_SETTINGS_H

#include "ui/session.h"

/* Channels are the indices of this dimension, 0 or 1; a channel that there is not any more gives
 * way to all of them. */
void tensor_settings_turn(struct session *session, unsigned axis);

void tensor_settings_scale(struct session *session, bool scaled);

/* Actions that take the other axis, and switch the scales. */
void tensor_settings_turn_key(struct session *session, int key);
void tensor_settings_scale_key(struct session *session, int key);

/* Appends what an axis makes channels of: "columns (axis 1)", or "axis 1" where there are more than
 * two dimensions; likewise "rows (axis 0)".  tensor may be NULL. */
void tensor_settings_describe_axis(struct text *out, const struct tensor *tensor, unsigned axis);

#endif
