/* SPDX-License-Identifier: MIT
 *
 * Keys of the views that show all channels: which of them are drawn, and picking one.
 */
#ifndef UI_CHANNEL_PICK_H
#define UI_CHANNEL_PICK_H

#include <stdbool.h>

#include "ui/session.h"

/* Compares standard deviations or means of the error. */
void channel_pick_moment_key(struct session *session, int key);

/* Draws all channels, or the normal ones alone. */
void channel_pick_normal_key(struct session *session, int key);

/* Picks the worst channel drawn, or of one that is picked the next better one: the furthest from
 * theory, or the one with the largest q/σ. */
void channel_pick_worst_key(struct session *session, int key);

/* Of this tensor, or of the whole model; of outliers, too. */
void channel_pick_whole_key(struct session *session, int key);

/* Goes from the channel picked to its error density; false if there is none. */
bool channel_pick_show(struct session *session);

#endif
