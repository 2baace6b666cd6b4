/* SPDX-License-Identifier: MIT
 *
 * The legend: for every series a sample of its shape and its name in words.
 */
#ifndef PLOT_LEGEND_H
#define PLOT_LEGEND_H

#include <stdbool.h>
#include <stddef.h>

#include "plot/cells.h"

struct legend_entry {
    const char *sample; /* two columns of the series' own glyphs */
    const char *label;
    enum style style;   /* of the sample */
};

/* True if all entries fit into rect, though their labels may have to be shortened. */
bool legend_fits(struct rect rect, const struct legend_entry *entries, size_t count);

/* Draws the entries into the top of rect, in as few rows as they need, against its right side.
 * When they do not fit, labels lose what follows a comma or a parenthesis, then entries are
 * dropped from the end.  Returns the rows used, 0 to rect.height. */
int legend_draw(struct cells *cells, struct rect rect, const struct legend_entry *entries,
                size_t count);

#endif
