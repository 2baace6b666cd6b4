/* SPDX-License-Identifier: MIT
 *
 * The outliers of a whole model, brought together from the records of its survey: how many there
 * are, and the worst elements of all tensors in one list.
 */
#ifndef UI_MODEL_OUTLIERS_H
#define UI_MODEL_OUTLIERS_H

#include <stddef.h>
#include <stdint.h>

#include "engine/outlier_limits.h"
#include "engine/record.h"
#include "model/model.h"

/* How many elements are listed.  A record names RECORD_WORST of its tensor at most, so that the
 * first RECORD_WORST of the list are those of the model, and only behind them some may lack. */
#define MODEL_OUTLIERS_MOST 64

struct model_outlier {
    size_t tensor;
    size_t place; /* in the list of its tensor */
    struct record_outlier element;
};

struct model_outliers {
    /* Tensors but for aliases of others; of them those whose outliers are known, and those that
     * cannot be surveyed. */
    size_t tensors, known, failed;
    struct outlier_limits limits; /* the records' */
    uint64_t count[OUTLIER_RULES];
    size_t listed;
    /* Furthest from its tensor's mean in σ first; of equals, the first one. */
    struct model_outlier worst[MODEL_OUTLIERS_MOST];
};

/* record is by tensor, NULL where there is none yet. */
struct model_outliers model_outliers_of(const struct model *model,
                                        struct survey_record *const record[]);

/* The one that is selected: the wanted one, the last of a shorter list, 0 of an empty one. */
size_t model_outliers_selected(const struct model_outliers *outliers, size_t wanted);

#endif
