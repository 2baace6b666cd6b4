/* SPDX-License-Identifier: MIT */
#include "engine/survey.h"

#include <math.h>

#include "base/mem.h"
#include "engine/background.h"
#include "engine/survey_plan.h"

struct survey {
    struct background *background; /* whose lock guards the rest */
    struct cache *bases;           /* of its thread */
    struct survey_plan plan;
    uint64_t at_hand; /* bytes of the tensor that is worked on; 0: none is */
};

_Static_assert(SURVEY_HOLDS <= BACKGROUND_HOLDS, "not enough reasons to hold it");

/* ---- the thread ---- */

static bool next_tensor(void *owner, bool held)
{
    struct survey *survey = owner;
    size_t tensor;
    return plan_next(&survey->plan, held, &tensor);
}

/* Works on one tensor. */
static void work(void *owner)
{
    struct survey *survey = owner;
    struct survey_plan *plan = &survey->plan;
    size_t tensor;
    if (!plan_next(plan, false, &tensor))
        return;
    const struct tensor *subject = &plan->model->tensors[tensor];
    const struct survey_settings settings = plan->settings;
    struct survey_record record;
    const unsigned parts = plan_begin(plan, tensor, &record);
    survey->at_hand = subject->bytes;
    background_begin(survey->background);
    struct error error;
    const struct analysis analysis = {.pool = background_pool(survey->background),
                                      .watch = background_watch(survey->background),
                                      .bases = survey->bases};
    const bool ok = survey_tensor(&analysis, subject, &settings, parts, &record, &error);
    background_end(survey->background);
    survey->at_hand = 0;
    if (ok && plan_put(plan, tensor, &settings, parts, &record))
        background_tell(survey->background);
}

/* ---- calls ---- */

struct survey *survey_new(const struct model *model, unsigned threads, struct error *error)
{
    static const struct background_jobs jobs = {next_tensor, work};
    struct survey *survey = mem_zero(1, sizeof *survey);
    survey->bases = cache_new(ANALYSIS_BASES);
    plan_init(&survey->plan, model);
    survey->background = background_new(&jobs, survey, threads, error);
    if (survey->background)
        return survey;
    survey_free(survey);
    return NULL;
}

void survey_free(struct survey *survey)
{
    if (!survey)
        return;
    background_free(survey->background);
    cache_free(survey->bases);
    plan_done(&survey->plan);
    mem_free(survey);
}

void survey_ask(struct survey *survey, const struct survey_settings *settings)
{
    background_lock(survey->background);
    const bool about_scheme = plan_works_on(&survey->plan, RECORD_SCHEME);
    const unsigned parts = plan_ask(&survey->plan, settings);
    /* Another scheme is no reason to lose work on what does not depend on it. */
    if ((parts & RECORD_FAST) || (parts && about_scheme))
        background_cancel(survey->background);
    if (survey->plan.changed.count > 0)
        background_tell(survey->background);
    background_wake(survey->background);
    background_unlock(survey->background);
}

void survey_prefer(struct survey *survey, const size_t tensor[], size_t n)
{
    background_lock(survey->background);
    plan_prefer(&survey->plan, tensor, n);
    background_unlock(survey->background);
}

void survey_hold(struct survey *survey, enum survey_hold reason, bool hold)
{
    background_lock(survey->background);
    background_hold(survey->background, reason, hold);
    plan_run(&survey->plan, !background_is_held(survey->background));
    background_unlock(survey->background);
}

int survey_descriptor(const struct survey *survey)
{
    return background_descriptor(survey->background);
}

bool survey_take(struct survey *survey, size_t *tensor, struct survey_record *record)
{
    background_lock(survey->background);
    const bool any = plan_take(&survey->plan, tensor, record);
    if (!any)
        background_quiet(survey->background);
    background_unlock(survey->background);
    return any;
}

/* Bytes of the tensor at hand that have been worked on, where that can be told: in the slow passes
 * stages follow each other whose share nobody knows. */
static double bytes_at_hand(struct survey *survey)
{
    struct watch *watch = background_watch(survey->background);
    const double total = (double)atomic_load(&watch->total);
    const double done = (double)atomic_load(&watch->done);
    if (!plan_works_on(&survey->plan, RECORD_FAST) || !(total > 0))
        return 0;
    return (double)survey->at_hand * fmin(done / total, 1);
}

struct survey_progress survey_progress(struct survey *survey)
{
    background_lock(survey->background);
    const struct survey_plan *plan = &survey->plan;
    struct survey_progress progress = {.busy = background_is_busy(survey->background),
                                       .held = background_is_held(survey->background),
                                       .of = plan->model->count,
                                       .bytes_of = plan->all_bytes,
                                       .seconds_left = NAN};
    if (progress.busy && plan_pass(plan)) {
        const double at_hand = bytes_at_hand(survey), all = (double)plan->all_bytes;
        progress.pass = plan_pass(plan);
        progress.tensors = plan->done_tensors;
        progress.bytes = plan->done_bytes + (uint64_t)at_hand;
        progress.fraction = all > 0 ? fmin((double)progress.bytes / all, 1) : 1;
        progress.seconds_left = plan_seconds_left(plan, at_hand);
    }
    background_unlock(survey->background);
    return progress;
}

void survey_wait(struct survey *survey)
{
    background_wait(survey->background);
}
