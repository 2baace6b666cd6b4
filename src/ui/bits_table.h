/* SPDX-License-Identifier: MIT
 *
 * Beside the picture of view 7: the schemes of the present bit width, the best one first.
 */
#ifndef UI_BITS_TABLE_H
#define UI_BITS_TABLE_H

#include "engine/report.h"
#include "plot/cells.h"

#define BITS_TABLE_WIDTH (LINEUP_TITLE + 24)

/* Draws into rect, which is as wide as the table; the report has a comparison. */
void bits_table_draw(const struct report *report, struct cells *cells, struct rect rect);

#endif
