/* SPDX-License-Identifier: MIT
 *
 * The views of all channels, of outliers and of layers, of a whole model: from the records of its
 * surveys.
 */
#ifndef UI_VIEW_MODEL_H
#define UI_VIEW_MODEL_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/record.h"
#include "model/model.h"
#include "plot/cells.h"
#include "ui/model_layers.h"

struct view_options;

struct view_model {
    const struct model *model;
    struct survey_record *const *record; /* by tensor; NULL where there is none yet */
    int bits;                            /* of the ladder, or none that it has */
    size_t tensor;                       /* the one to mark; of no meaning beyond the last */
    const struct model_layers *layers;   /* NULL: nothing surveys them */
};

/* Each matrix a dot, at the mean over its channels of what theory says and of what was measured;
 * the fits are over the channels. */
void view_model_channels(const struct view_model *model, const struct view_options *options,
                         struct cells *cells, struct rect rect);

/* q/σ over the channels of all matrices. */
void view_model_ratio(const struct view_model *model, const struct view_options *options,
                      struct cells *cells, struct rect rect);

/* The worst elements of all tensors, vectors too, and how many outliers there are. */
void view_model_outliers(const struct view_model *model, const struct view_options *options,
                         struct cells *cells, struct rect rect);

/* The figures of the first two at every width of the ladder, a line each below a heading. */
#define VIEW_MODEL_LINES (RECORD_WIDTHS + 1)
void view_model_table(const struct view_model *model, const struct view_options *options,
                      struct cells *cells, struct rect rect);

/* The linear layers by role and transform, as many pictures as there is room for; below a heading a
 * line for each transform. */
void view_model_sqnr(const struct view_model *model, const struct view_options *options,
                     struct cells *cells, struct rect rect);
void view_model_sqnr_table(const struct view_model *model, const struct view_options *options,
                           struct cells *cells, struct rect rect);
int view_model_sqnr_lines(const struct model_layers *layers);

#endif
