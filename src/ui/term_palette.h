/* SPDX-License-Identifier: MIT
 *
 * From styles to a terminal's attributes: 8, 256 or true colours, or none.
 */
#ifndef UI_TERM_PALETTE_H
#define UI_TERM_PALETTE_H

#include <stdbool.h>

#include "plot/cells.h"

enum look_attribute {
    LOOK_BOLD = 1 << 0,
    LOOK_DIM = 1 << 1,
    LOOK_UNDERLINE = 1 << 2,
    LOOK_REVERSE = 1 << 3,
};

/* How a character is shown.  Colours are the terminal's numbers, or -1 for its own. */
struct look {
    unsigned attributes; /* of enum look_attribute */
    int foreground, background;
};

struct palette {
    struct look look[STYLE_COUNT];
    int fill; /* background of what lies over a bar of STYLE_DATA; -1: it cannot be shown */
};

/* Fills the palette for a terminal of so many colours; fewer than 8: without any. */
void palette_init(struct palette *palette, int colours);

#endif
