/* SPDX-License-Identifier: MIT */
#include "ui/layout.h"

/* Below this size one pane is shown at a time. */
#define SPLIT_WIDTH  72
#define SPLIT_HEIGHT 16

static int clamp(int value, int low, int high)
{
    return value < low ? low : value > high ? high : value;
}

/* The facts get what they like, but leave the plot the larger part. */
static void divide(struct layout *layout, struct rect pane, int wanted, bool title)
{
    int lines = clamp(wanted, 0, pane.height * 9 / 20);
    int above = title && lines > 0;
    layout->view = pane;
    layout->view.height = pane.height - lines - above;
    layout->facts = pane;
    layout->facts.y = layout->view.y + layout->view.height + above;
    layout->facts.height = lines;
    layout->facts_title = above ? layout->facts.y - 1 : -1;
}

struct layout layout_of(int width, int height, int (*facts_height)(void *user, int width),
                        void *user)
{
    struct layout layout = {
        .split = width >= SPLIT_WIDTH && height >= SPLIT_HEIGHT,
        .header = 0,
        .title = 1,
        .help = height - 1,
    };
    if (layout.split) {
        int inside = height - 5;
        int tree = clamp(width * 2 / 5 - 6, 27, 70);
        layout.settings = height - 2;
        layout.divider = tree + 1;
        layout.tree = (struct rect){1, 2, tree, inside};
        struct rect pane = {tree + 3, 2, width - tree - 5, inside};
        divide(&layout, pane, facts_height(user, pane.width), true);
    } else {
        layout.settings = height - 2;
        layout.divider = -1;
        struct rect pane = {0, 2, width, height - 4};
        layout.tree = pane;
        divide(&layout, pane, facts_height(user, pane.width), false);
    }
    return layout;
}
