/* SPDX-License-Identifier: MIT
 *
 * From styles to a terminal's attributes: 8, 256 or true colours, or none.
 */
#ifndef UI_TERM_PALETTE_H
#define UI_TERM_PALETTE_H

#include <curses.h>
#include <stdbool.h>

#include "plot/cells.h"

struct palette {
    attr_t attribute[STYLE_COUNT];
    int pair[STYLE_COUNT];   /* 0: the terminal's own colours */
    int filled[STYLE_COUNT]; /* the same over a bar of STYLE_DATA */
};

/* Fills the palette for the terminal that curses has just opened. */
void palette_init(struct palette *palette, bool colour);

#endif
