/* SPDX-License-Identifier: MIT
 *
 * Where things are on a screen of a given size.  Pure arithmetic.
 */
#ifndef UI_LAYOUT_H
#define UI_LAYOUT_H

#include <stdbool.h>

#include "plot/cells.h"

/* Smaller than this nothing can be shown but a word that says so. */
#define LAYOUT_LEAST_WIDTH  24
#define LAYOUT_LEAST_HEIGHT 6

struct layout {
    bool split;       /* tree and view side by side, in frames; else one at a time */
    struct rect tree, view, facts;
    int header, title, settings, help; /* rows */
    int divider;      /* column of the line between the panes, if split */
    int facts_title;  /* row of the line above the facts, or -1 */
};

/* facts_height(width) says how many lines the facts would like. */
struct layout layout_of(int width, int height, int (*facts_height)(void *user, int width),
                        void *user);

#endif
