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
#include <stdint.h>

#include "base/text.h"
#include "engine/report.h"
#include "plot/cells.h"
#include "quant/theory.h"
#include "stats/regression.h"
#include "ui/view_model.h"

/* Of all layers of a model: concentration of weights and of inputs, alignment, the plane of SQNRs. */
enum sqnr_picture { SQNR_WEIGHTS, SQNR_INPUTS, SQNR_ALIGNMENT, SQNR_PLANE, SQNR_PICTURES };

struct view_options {
    enum glyphs glyphs;
    bool log;         /* logarithmic y axis */
    bool means;       /* compare means of the error, not standard deviations */
    bool normal_only; /* leave channels out that are not normal */
    int64_t channel;  /* picked among all of them; negative: none */
    size_t outlier;   /* of the list of outliers: the selected one */
    size_t model_outlier; /* of that of the whole model */
    enum sqnr_picture sqnr_picture; /* of the whole model: the first one shown */
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
    unsigned comparison; /* or its comparison, at these bit widths */
    bool lineup; /* or what transforms would do for its layer */
    bool outliers; /* draws its outliers and the audit, which have to be too */
    bool channels; /* draws all channels, the one picked among them */
    bool layers;   /* of the whole model: draws the survey of its layers, which has to go on */
    /* Draws the same of the whole model, from the records of its survey; NULL: it cannot. */
    void (*draw_model)(const struct view_model *model, const struct view_options *options,
                       struct cells *cells, struct rect rect);
};

extern const struct view *const views[];
extern const size_t view_count;

const struct view *view_find(const char *name);

/* What part of its tensor the picture is of, for a title: "channel 7 · axis 1 · hadamard:64 · n
 * 4 096", with "(sample)" where it is one; with storage, its type and shape too; appended to
 * out. */
void view_describe(struct text *out, const struct report *report, bool storage, bool ascii);

/* What theory took the weights of the report for: "Gaussian". */
const char *view_source(const struct report *report);

/* What views of channels share. */

/* The row of a report that is the channel picked, or VIEW_NONE. */
#define VIEW_NONE SIZE_MAX
size_t view_picked(const struct report *report, const struct view_options *options);

/* Writes a text into the top of *rect, in as many lines as it needs, and takes those off. */
void view_say(struct cells *cells, struct rect *rect, enum style style, const char *text);

/* Says why a vector is no matrix of one channel, if the report is of one. */
void view_set_apart(const struct report *report, struct cells *cells, struct rect *rect);

/* The slope of a fit; NaN if theory hardly varies, as that of means at many bits, so that it would
 * say nothing. */
double view_slope(const struct regression *fit);

/* Appends "all:    slope 1.001  R² 0.9991  n 256". */
void view_describe_fit(struct text *out, const char *name, const struct regression *fit,
                       bool ascii);

/* What an axis from low to high leaves at its ends. */
double view_room(double low, double high);

/* q/σ at which a Gaussian's error deviates so much from uniform. */
double view_limit(double deviation);

extern const struct view view_error;
extern const struct view view_weights;
extern const struct view view_qq;
extern const struct view view_channels;
extern const struct view view_ratio;
extern const struct view view_outliers;
extern const struct view view_sqnr;
extern const struct view view_bits;
extern const struct view view_cf;
extern const struct view view_clip;

#endif
