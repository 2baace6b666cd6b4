/* SPDX-License-Identifier: MIT */
#include "engine/layer_survey.h"

#include <stdio.h>

#include "base/mem.h"
#include "engine/background.h"
#include "engine/layer_plan.h"

struct layer_survey {
    struct background *background; /* whose lock guards the plan */
    struct layer_plan plan;
};

_Static_assert(LAYER_SURVEY_HOLDS <= BACKGROUND_HOLDS, "not enough reasons to hold it");

/* ---- the thread ---- */

/* A group, and what is to be found out about it. */
struct job {
    struct layer_survey *survey;
    struct layer_survey_settings settings;
    unsigned version; /* of the settings: figures of another one come too late */
    unsigned missing; /* transforms */
    struct layer_list list;
    const struct layer_group *group;
};

static bool next_group(void *owner, bool held)
{
    (void)held;
    struct layer_survey *survey = owner;
    size_t tensor;
    return layer_plan_next(&survey->plan, &tensor);
}

static size_t tensor_of(const struct job *job, size_t member)
{
    return (size_t)(job->list.tensor[member] - job->survey->plan.model->tensors);
}

/* Ends the waiting for figures that there will not be.  Cancelled work is tried again. */
static void fail(const struct job *job, unsigned transforms, const struct error *why)
{
    struct layer_plan *plan = &job->survey->plan;
    background_lock(job->survey->background);
    for (size_t i = 0;
         why->code != ERROR_CANCELLED && plan->version == job->version && i < job->list.count;
         i++) {
        struct layer_record *record = layer_plan_change(plan, tensor_of(job, i));
        snprintf(record->failure, sizeof record->failure, "%.*s", (int)sizeof record->failure - 1,
                 why->text);
        layer_plan_tried(plan, tensor_of(job, i), transforms);
    }
    background_tell(job->survey->background);
    background_unlock(job->survey->background);
}

static void put(const struct job *job, size_t transform, const struct layer *layer)
{
    struct layer_plan *plan = &job->survey->plan;
    background_lock(job->survey->background);
    for (size_t i = 0; plan->version == job->version && i < layer->count; i++) {
        struct layer_record *record = layer_plan_change(plan, tensor_of(job, i));
        record->inputs = job->group->inputs->kind;
        record->tokens = job->group->inputs->tokens;
        record->figures[transform] = layer->member[i];
        record->known |= 1u << transform;
        record->aligned |= 1u << transform;
        layer_plan_tried(plan, tensor_of(job, i), 1u << transform);
    }
    background_tell(job->survey->background);
    background_unlock(job->survey->background);
}

static bool make_group(struct job *job, struct error *error)
{
    struct transform_spec wanted[LAYER_RECORD_TRANSFORMS];
    struct layer_group_request request = {.tensors = job->list.tensor,
                                          .count = job->list.count,
                                          .view = job->settings.layers->view,
                                          .match = job->list.match,
                                          .transforms = wanted};
    for (size_t i = 0; i < job->settings.transforms; i++)
        if (job->missing >> i & 1)
            wanted[request.transform_count++] = job->settings.transform[i];
    job->group = layer_group_compute(&request, background_watch(job->survey->background), error);
    return job->group;
}

/* One transform.  False if the work was cancelled: a broken file breaks them all the same way. */
static bool try_transform(const struct job *job, size_t transform)
{
    struct background *background = job->survey->background;
    const struct layer_request request = {.transform = job->settings.transform[transform],
                                          .scheme = job->settings.scheme,
                                          .inputs = job->settings.inputs};
    struct error error = {0};
    const struct layer *layer = layer_compute(
        background_pool(background), background_watch(background), job->group, &request, &error);
    if (!layer) {
        fail(job, 1u << transform, &error);
        return error.code != ERROR_CANCELLED;
    }
    put(job, transform, layer);
    part_unref(&layer->part);
    return true;
}

/* All of a job that needs no lock. */
static void compute(struct job *job)
{
    struct error error = {0};
    if (!make_group(job, &error)) {
        fail(job, job->missing, &error);
        return;
    }
    bool going_on = true;
    for (size_t i = 0; going_on && i < job->settings.transforms; i++)
        if (job->missing >> i & 1)
            going_on = try_transform(job, i);
    part_unref(&job->group->part);
}

static void work(void *owner)
{
    struct layer_survey *survey = owner;
    size_t tensor;
    if (!layer_plan_next(&survey->plan, &tensor))
        return;
    struct job job = {.survey = survey,
                      .settings = survey->plan.settings,
                      .version = survey->plan.version,
                      .missing = layer_plan_missing(&survey->plan, tensor)};
    background_begin(survey->background);
    job.list = layer_index_group(job.settings.layers, tensor);
    compute(&job);
    layer_list_done(&job.list);
    background_end(survey->background);
}

/* ---- calls ---- */

struct layer_survey *layer_survey_new(const struct model *model, unsigned threads,
                                      struct error *error)
{
    static const struct background_jobs jobs = {next_group, work};
    struct layer_survey *survey = mem_zero(1, sizeof *survey);
    layer_plan_init(&survey->plan, model);
    survey->background = background_new(&jobs, survey, threads, error);
    if (survey->background)
        return survey;
    layer_survey_free(survey);
    return NULL;
}

void layer_survey_free(struct layer_survey *survey)
{
    if (!survey)
        return;
    background_free(survey->background);
    layer_plan_done(&survey->plan);
    mem_free(survey);
}

void layer_survey_ask(struct layer_survey *survey, const struct layer_survey_settings *settings)
{
    background_lock(survey->background);
    if (layer_plan_ask(&survey->plan, settings)) {
        background_cancel(survey->background);
        background_tell(survey->background);
        background_wake(survey->background);
    }
    background_unlock(survey->background);
}

void layer_survey_prefer(struct layer_survey *survey, const size_t tensor[], size_t n)
{
    background_lock(survey->background);
    layer_plan_prefer(&survey->plan, tensor, n);
    background_unlock(survey->background);
}

void layer_survey_hold(struct layer_survey *survey, enum layer_survey_hold reason, bool hold)
{
    background_lock(survey->background);
    background_hold(survey->background, reason, hold);
    background_unlock(survey->background);
}

int layer_survey_descriptor(const struct layer_survey *survey)
{
    return background_descriptor(survey->background);
}

bool layer_survey_take(struct layer_survey *survey, size_t *tensor, struct layer_record *record)
{
    background_lock(survey->background);
    const bool any = layer_plan_take(&survey->plan, tensor, record);
    if (!any)
        background_quiet(survey->background);
    background_unlock(survey->background);
    return any;
}

struct layer_survey_progress layer_survey_progress(struct layer_survey *survey)
{
    background_lock(survey->background);
    const struct layer_survey_progress progress = {.busy = background_is_busy(survey->background),
                                                   .held = background_is_held(survey->background),
                                                   .layers = survey->plan.done,
                                                   .of = survey->plan.layers};
    background_unlock(survey->background);
    return progress;
}

void layer_survey_wait(struct layer_survey *survey)
{
    background_wait(survey->background);
}
