/* SPDX-License-Identifier: MIT
 *
 * Composes the session into one frame of cells.  Pure but for the scroll positions, which it
 * brings into range.
 */
#ifndef UI_SCREEN_H
#define UI_SCREEN_H

#include "engine/engine.h"
#include "plot/cells.h"
#include "ui/session.h"

void screen_compose(struct session *session, const struct engine_progress *progress,
                    struct cells *cells);

#endif
