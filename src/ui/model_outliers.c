/* SPDX-License-Identifier: MIT */
#include "ui/model_outliers.h"

#include <string.h>

_Static_assert(RECORD_OUTLIER_RULES == OUTLIER_RULES, "records know every definition");

/* Puts an element where it belongs in the list, or nowhere if all that are there are as bad. */
static void list_element(struct model_outliers *outliers, const struct model_outlier *element)
{
    size_t at = outliers->listed;
    while (at > 0 && outliers->worst[at - 1].element.sigmas < element->element.sigmas)
        at--;
    if (at == MODEL_OUTLIERS_MOST)
        return;
    if (outliers->listed < MODEL_OUTLIERS_MOST)
        outliers->listed++;
    memmove(&outliers->worst[at + 1], &outliers->worst[at],
            (outliers->listed - 1 - at) * sizeof outliers->worst[0]);
    outliers->worst[at] = *element;
}

static void add_record(struct model_outliers *outliers, const struct record_outliers *known,
                       size_t tensor)
{
    for (int rule = 0; rule < OUTLIER_RULES; rule++) {
        outliers->count[rule] += known->count[rule];
        outliers->limits.limit[rule] = known->limit[rule]; /* all records have the same */
    }
    for (size_t i = 0; i < known->listed; i++)
        list_element(outliers, &(struct model_outlier){tensor, i, known->worst[i]});
}

struct model_outliers model_outliers_of(const struct model *model,
                                        struct survey_record *const record[])
{
    struct model_outliers outliers = {.limits = outlier_limits_default()};
    for (size_t i = 0; i < model->count; i++) {
        if (model->tensors[i].alias_of)
            continue; /* its elements are counted where they are first */
        outliers.tensors++;
        if (!record[i])
            continue;
        if (record[i]->parts & RECORD_SLOW) {
            outliers.known++;
            add_record(&outliers, &record[i]->outliers, i);
        } else if (record[i]->failure[0]) {
            outliers.failed++;
        }
    }
    return outliers;
}

size_t model_outliers_selected(const struct model_outliers *outliers, size_t wanted)
{
    if (wanted < outliers->listed)
        return wanted;
    return outliers->listed > 0 ? outliers->listed - 1 : 0;
}
