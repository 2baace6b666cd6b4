/* SPDX-License-Identifier: MIT */
#include "engine/layer_plan.h"

#include <stdio.h>
#include <string.h>

#include "base/mem.h"

/* ---- settings ---- */

static bool same_rounding(const struct layer_survey_settings *a,
                          const struct layer_survey_settings *b)
{
    return scheme_equal(&a->scheme, &b->scheme) && input_grid_equal(&a->inputs, &b->inputs);
}

bool layer_survey_settings_equal(const struct layer_survey_settings *a,
                                 const struct layer_survey_settings *b)
{
    bool equal = a->layers == b->layers && same_rounding(a, b) && a->transforms == b->transforms;
    for (size_t i = 0; equal && i < a->transforms; i++)
        equal = transform_spec_equal(&a->transform[i], &b->transform[i]);
    return equal;
}

size_t layer_survey_settings_find(const struct layer_survey_settings *settings,
                                  const struct transform_spec *transform)
{
    size_t i = 0;
    while (i < settings->transforms && !transform_spec_equal(&settings->transform[i], transform))
        i++;
    return i;
}

/* ---- records ---- */

void layer_plan_init(struct layer_plan *plan, const struct model *model)
{
    *plan = (struct layer_plan){.model = model};
    plan->record = mem_zero(model->count, sizeof *plan->record);
    index_queue_init(&plan->changed, model->count);
}

void layer_plan_done(struct layer_plan *plan)
{
    for (size_t i = 0; i < plan->model->count; i++)
        mem_free(plan->record[i]);
    mem_free(plan->record);
    mem_free(plan->preferred);
    index_queue_done(&plan->changed);
}

/* A record under other settings of the same layers. */
static struct layer_record carry_over(const struct layer_record *record,
                                      const struct layer_survey_settings *before,
                                      const struct layer_survey_settings *after)
{
    const bool same = same_rounding(before, after);
    struct layer_record carried = *record;
    carried.known = carried.aligned = carried.tried = 0;
    carried.failure[0] = '\0'; /* what failed may do better now */
    for (size_t i = 0; i < after->transforms; i++) {
        const size_t from = layer_survey_settings_find(before, &after->transform[i]);
        if (from == before->transforms)
            continue;
        carried.figures[i] = record->figures[from];
        carried.aligned |= (record->aligned >> from & 1) << i;
        if (same)
            carried.known |= (record->known >> from & 1) << i;
    }
    carried.tried = carried.known;
    return carried;
}

static unsigned all_transforms(const struct layer_plan *plan)
{
    return (1u << plan->settings.transforms) - 1;
}

/* A layer of which nothing is known yet but what its shape says. */
static void begin_record(struct layer_plan *plan, size_t tensor)
{
    const struct tensor *subject = &plan->model->tensors[tensor];
    const struct tensor_view view = plan->settings.layers->view;
    struct layer_name name;
    const bool named = layer_name_parse(subject->label, &name);
    if (!plan->record[tensor])
        plan->record[tensor] = mem_alloc(1, sizeof **plan->record);
    *plan->record[tensor] = (struct layer_record){
        .role = named ? name.role : LAYER_ROLES,
        .columns = (size_t)tensor_channel_length(subject, view),
        .rows = (size_t)tensor_channels(subject, view),
    };
}

/* Brings the record of a tensor up to the settings; before: those that it was made with, NULL for
 * other layers or none. */
static void renew(struct layer_plan *plan, size_t tensor,
                  const struct layer_survey_settings *before)
{
    const char *reason;
    const bool has = layer_index_has(plan->settings.layers, tensor, &reason);
    if (!has && !reason)
        return;
    if (before && plan->record[tensor])
        *plan->record[tensor] = carry_over(plan->record[tensor], before, &plan->settings);
    else
        begin_record(plan, tensor);
    struct layer_record *record = layer_plan_change(plan, tensor);
    if (!has) {
        record->tried = all_transforms(plan);
        snprintf(record->failure, sizeof record->failure, "%s", reason);
    }
    plan->layers++;
    plan->done += record->tried == all_transforms(plan);
}

bool layer_plan_ask(struct layer_plan *plan, const struct layer_survey_settings *settings)
{
    if (plan->asked && layer_survey_settings_equal(&plan->settings, settings))
        return false;
    const struct layer_survey_settings before = plan->settings;
    const bool related = plan->asked && before.layers == settings->layers;
    plan->settings = *settings;
    plan->asked = true;
    plan->version++;
    plan->next = plan->layers = plan->done = 0;
    for (size_t i = 0; i < plan->model->count; i++)
        renew(plan, i, related ? &before : NULL);
    return true;
}

struct layer_record *layer_plan_change(struct layer_plan *plan, size_t tensor)
{
    index_queue_add(&plan->changed, tensor);
    return plan->record[tensor];
}

void layer_plan_tried(struct layer_plan *plan, size_t tensor, unsigned transforms)
{
    struct layer_record *record = layer_plan_change(plan, tensor);
    const bool before = record->tried == all_transforms(plan);
    record->tried |= transforms;
    plan->done += !before && record->tried == all_transforms(plan);
}

bool layer_plan_take(struct layer_plan *plan, size_t *tensor, struct layer_record *record)
{
    if (!index_queue_take(&plan->changed, tensor))
        return false;
    *record = *plan->record[*tensor];
    return true;
}

/* ---- the order of the work ---- */

void layer_plan_prefer(struct layer_plan *plan, const size_t tensor[], size_t n)
{
    plan->preferred = mem_resize(plan->preferred, n, sizeof *plan->preferred);
    for (size_t i = 0; i < n; i++)
        plan->preferred[i] = tensor[i];
    plan->preferred_count = n;
}

unsigned layer_plan_missing(const struct layer_plan *plan, size_t tensor)
{
    const struct layer_record *record = plan->record[tensor];
    return record ? all_transforms(plan) & ~record->tried : 0;
}

bool layer_plan_next(struct layer_plan *plan, size_t *tensor)
{
    for (size_t i = 0; plan->asked && i < plan->preferred_count; i++)
        if (layer_plan_missing(plan, plan->preferred[i])) {
            *tensor = plan->preferred[i];
            return true;
        }
    while (plan->asked && plan->next < plan->model->count && !layer_plan_missing(plan, plan->next))
        plan->next++;
    *tensor = plan->next;
    return plan->asked && plan->next < plan->model->count;
}
