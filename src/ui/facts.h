/* SPDX-License-Identifier: MIT
 *
 * The facts below a view: a report's figures in words, laid out to the width there is.
 */
#ifndef UI_FACTS_H
#define UI_FACTS_H

#include "engine/report.h"
#include "plot/cells.h"

/* Draws the facts into rect and returns the lines used; what does not fit is left out, least
 * important last. */
int facts_draw(const struct report *report, enum glyphs glyphs, struct cells *cells,
               struct rect rect);

/* Lines that all facts would take at this width. */
int facts_height(const struct report *report, enum glyphs glyphs, int width);

#endif
