/* SPDX-License-Identifier: MIT
 *
 * The facts explained: the glossary as a list over the panes, with the selected report's values,
 * and below it what the one under the cursor means.
 */
#ifndef UI_EXPLAIN_H
#define UI_EXPLAIN_H

#include "plot/cells.h"
#include "ui/session.h"

/* The action that opens the list. */
void explain_open(struct session *session, int key);

/* A key while it is open. */
void explain_key(struct session *session, int key);

/* Draws it into a box of at least 24x4 cells. */
void explain_draw(struct session *session, struct cells *cells, struct rect rect);

#endif
