/* SPDX-License-Identifier: MIT */
#include "ui/bits_table.h"

#include <math.h>
#include <stdlib.h>

#include "base/mem.h"

struct line {
    const char *title;
    struct comparison_figures figures;
    bool present; /* it is the scheme at hand */
};

/* The highest SQNR first; what is not known last. */
static int compare(const void *a, const void *b)
{
    const double x = ((const struct line *)a)->figures.sqnr_db;
    const double y = ((const struct line *)b)->figures.sqnr_db;
    if (isnan(x) || isnan(y))
        return isnan(x) - isnan(y);
    return (x < y) - (x > y);
}

static size_t collect(const struct report *report, struct line line[])
{
    const struct comparison *comparison = report->comparison;
    const struct scheme *present = &report->request.scheme;
    size_t n = 0;
    for (size_t i = 0; i < comparison->count; i++) {
        const struct comparison_entry *entry = &comparison->entry[i];
        if (entry->scheme.bits == present->bits)
            line[n++] = (struct line){entry->contender->title, comparison_figures(comparison, i),
                                      scheme_equal(&entry->scheme, present)};
    }
    qsort(line, n, sizeof *line, compare);
    return n;
}

static void draw_line(struct cells *cells, struct rect rect, const struct line *line)
{
    char bits[TEXT_NUMBER], measured[TEXT_NUMBER], theory[TEXT_NUMBER];
    const enum style style = line->present ? STYLE_TITLE : STYLE_TEXT;
    cells_printf(cells, rect.x, rect.y, rect.width, style, "%c %-*s%6s%8s%8s",
                 line->present ? '@' : ' ', LINEUP_TITLE, line->title,
                 text_number(bits, line->figures.bits_per_weight, 3),
                 text_number(measured, line->figures.sqnr_db, 4),
                 text_number(theory, line->figures.theory_sqnr_db, 4));
}

void bits_table_draw(const struct report *report, struct cells *cells, struct rect rect)
{
    struct line *line = mem_alloc(report->comparison->count, sizeof *line);
    const size_t n = collect(report, line);
    struct rect row = {rect.x, rect.y, rect.width, 1};
    cells_printf(cells, row.x, row.y, row.width, STYLE_DIM, "  %-*s%6s%8s%8s", LINEUP_TITLE,
                 n ? "scheme" : "no schemes of this width", "bits", "SQNR", "theory");
    for (size_t i = 0; i < n && (int)i + 1 < rect.height; i++) {
        row.y++;
        draw_line(cells, row, &line[i]);
    }
    mem_free(line);
}
