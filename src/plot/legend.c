/* SPDX-License-Identifier: MIT */
#include "plot/legend.h"

#include <string.h>

#include "base/utf8.h"

#define SAMPLE 3 /* columns of a sample and the space behind it */
#define GAP    2 /* columns between entries */

/* Bytes of a label, up to a comma or parenthesis if it is to be brief. */
static size_t label_bytes(const char *label, bool brief)
{
    size_t length = brief ? strcspn(label, ",(") : strlen(label);
    while (brief && length > 0 && label[length - 1] == ' ')
        length--;
    return length;
}

static int entry_width(const struct legend_entry *entry, bool brief)
{
    return SAMPLE + (int)utf8_width(entry->label, label_bytes(entry->label, brief));
}

/* How entries fall into rows. */
struct layout {
    bool brief;
    size_t count;
    int rows, width; /* width of the widest row */
};

/* Breaks the entries into rows of at most `width` columns; false if one alone is wider. */
static bool lay_out(struct layout *layout, const struct legend_entry *entries, int width)
{
    int used = 0;
    layout->rows = layout->count > 0;
    layout->width = 0;
    for (size_t i = 0; i < layout->count; i++) {
        int wide = entry_width(&entries[i], layout->brief);
        if (wide > width)
            return false;
        if (used > 0 && used + GAP + wide > width) {
            layout->rows++;
            used = 0;
        }
        used += (used > 0 ? GAP : 0) + wide;
        if (used > layout->width)
            layout->width = used;
    }
    return true;
}

/* The best layout that fits: all in words, all in brief, both with more rows, then fewer. */
static struct layout choose_layout(struct rect rect, const struct legend_entry *entries,
                                   size_t count)
{
    struct layout layout;
    for (int rows = 1; rows <= rect.height; rows++)
        for (int brief = 0; brief <= 1; brief++) {
            layout = (struct layout){.brief = brief, .count = count};
            if (lay_out(&layout, entries, rect.width) && layout.rows <= rows)
                return layout;
        }
    layout = (struct layout){.brief = true, .count = count};
    while (layout.count > 0 &&
           (!lay_out(&layout, entries, rect.width) || layout.rows > rect.height))
        layout.count--;
    if (layout.count == 0)
        layout.rows = 0;
    return layout;
}

bool legend_fits(struct rect rect, const struct legend_entry *entries, size_t count)
{
    return choose_layout(rect, entries, count).count == count;
}

int legend_draw(struct cells *cells, struct rect rect, const struct legend_entry *entries,
                size_t count)
{
    struct layout layout = choose_layout(rect, entries, count);
    int left = rect.x + rect.width - layout.width;
    int x = left, y = rect.y;
    for (size_t i = 0; i < layout.count; i++) {
        const struct legend_entry *entry = &entries[i];
        int wide = entry_width(entry, layout.brief);
        if (x > left && x + wide > rect.x + rect.width) {
            x = left;
            y++;
        }
        cells_text(cells, x, y, SAMPLE - 1, entry->style, entry->sample);
        cells_printf(cells, x + SAMPLE, y, wide - SAMPLE, STYLE_TEXT, "%.*s",
                     (int)label_bytes(entry->label, layout.brief), entry->label);
        x += wide + GAP;
    }
    return layout.rows;
}
