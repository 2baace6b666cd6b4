/* SPDX-License-Identifier: MIT
 *
 * A view: one way of looking at a report.  It draws from the report and a few display options
 * alone, so that the explorer, `plot` and the tests all see the same picture.  A new view is one
 * file and one row in view.c.
 */
#ifndef UI_VIEW_H
#define UI_VIEW_H

#include <stdbool.h>
#include <stddef.h>

#include "base/text.h"
#include "engine/report.h"
#include "plot/cells.h"

struct view_options {
    enum glyphs glyphs;
    bool log; /* logarithmic y axis */
    size_t outlier; /* of the list of outliers: the selected one */
};

struct view {
    int key;           /* '1' .. '9', or a letter */
    const char *name;  /* for --view and :view */
    const char *title; /* "Error density" */
    const char *help;  /* one line: what is drawn, how to read it */
    /* Draws into rect, a pane's inside.  The report has profile and errors; other parts may be
     * missing, which is then said in the picture. */
    void (*draw)(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect);
    bool spectrum; /* draws the report's spectrum, which has to be asked for */
    bool curve;    /* or its curve, which has to be too */
    bool outliers; /* draws its outliers and the audit, which have to be too */
};

extern const struct view *const views[];
extern const size_t view_count;

const struct view *view_find(const char *name);

/* What part of its tensor the picture is of, for a title: "channel 7 · axis 1 · hadamard:64 · n
 * 4 096", with "(sample)" where it is one; with storage, its type and shape too; appended to out. */
void view_describe(struct text *out, const struct report *report, bool storage, bool ascii);

/* What theory took the weights of the report for: "Gaussian". */
const char *view_source(const struct report *report);

extern const struct view view_error;
extern const struct view view_weights;
extern const struct view view_qq;
extern const struct view view_outliers;
extern const struct view view_cf;
extern const struct view view_clip;

#endif
