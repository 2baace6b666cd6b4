/* SPDX-License-Identifier: MIT
 *
 * The metadata over the panes: a list of its entries, and the one under the cursor at length.
 */
#ifndef UI_ABOUT_H
#define UI_ABOUT_H

#include "plot/cells.h"
#include "ui/session.h"

/* The action that opens it. */
void about_open(struct session *session, int key);

/* A key while it is open. */
void about_key(struct session *session, int key);

/* Moves the cursor to an entry (clamped). */
void about_select(struct session *session, long entry);

/* Moves it to the next entry from `from`, cyclic, forward or backward, whose key or value matches
 * session->pattern; `from` itself is tried first if inclusive.  Says so if there is none. */
void about_search(struct session *session, size_t from, bool forward, bool inclusive);

/* Draws it; clamps session->about_top. */
void about_draw(struct session *session, struct cells *cells, struct rect rect);

#endif
