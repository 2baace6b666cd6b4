/* SPDX-License-Identifier: MIT */
#include "engine/survey_plan.h"

#include <math.h>
#include <string.h>
#include <time.h>

#include "base/mem.h"

static const struct pass {
    unsigned part; /* of a record */
    const char *name;
} passes[PLAN_PASSES] = {
    {RECORD_FAST, "survey"},
    {RECORD_SCHEME, "scheme"},
    {RECORD_SLOW, "normality"},
};

#define ALL_PARTS ((unsigned)(RECORD_FAST | RECORD_SCHEME | RECORD_SLOW))

/* ---- time ---- */

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static double clock_read(const struct plan_clock *clock)
{
    return clock->before + (clock->running ? now() - clock->since : 0);
}

void plan_run(struct survey_plan *plan, bool running)
{
    if (plan->clock.running != running)
        plan->clock = (struct plan_clock){running, now(), clock_read(&plan->clock)};
}

/* ---- records ---- */

void plan_init(struct survey_plan *plan, const struct model *model)
{
    *plan = (struct survey_plan){.model = model, .pass = PLAN_PASSES};
    plan->store = record_store_new();
    plan->entry = mem_zero(model->count, sizeof *plan->entry);
    index_queue_init(&plan->changed, model->count);
    for (size_t i = 0; i < model->count; i++)
        plan->all_bytes += model->tensors[i].bytes;
}

void plan_done(struct survey_plan *plan)
{
    record_store_free(plan->store);
    mem_free(plan->entry);
    index_queue_done(&plan->changed);
    mem_free(plan->preferred);
}

bool plan_take(struct survey_plan *plan, size_t *tensor, struct survey_record *record)
{
    if (!index_queue_take(&plan->changed, tensor))
        return false;
    *record = *plan->entry[*tensor].record;
    return true;
}

/* Drops parts of all records. */
static void forget(struct survey_plan *plan, unsigned parts)
{
    for (size_t i = 0; i < plan->model->count; i++) {
        struct plan_entry *entry = &plan->entry[i];
        entry->tried &= ~parts;
        if (!entry->record)
            continue;
        entry->record->parts &= ~parts;
        /* What failed may do better now. */
        if (entry->record->failure[0] != '\0')
            entry->tried = entry->record->parts;
        entry->record->failure[0] = '\0';
        index_queue_add(&plan->changed, i);
    }
}

/* The scheme's figures wherever they are among the ladder's. */
static void take_from_ladder(struct survey_plan *plan)
{
    for (size_t i = 0; survey_on_ladder(&plan->settings) && i < plan->model->count; i++) {
        struct plan_entry *entry = &plan->entry[i];
        if (!(entry->tried & RECORD_FAST))
            continue;
        entry->tried |= RECORD_SCHEME;
        if (entry->record->parts & RECORD_FAST)
            survey_take_from_ladder(&plan->model->tensors[i], &plan->settings, entry->record);
    }
}

/* The parts that settings disagree about. */
static unsigned differing_parts(const struct survey_settings *a, const struct survey_settings *b)
{
    if (!survey_same_weights(a, b))
        return ALL_PARTS;
    return scheme_equal(&a->scheme, &b->scheme) && a->belief == b->belief ? 0 : RECORD_SCHEME;
}

unsigned plan_ask(struct survey_plan *plan, const struct survey_settings *settings)
{
    const unsigned parts = plan->asked ? differing_parts(&plan->settings, settings) : ALL_PARTS;
    plan->settings = *settings;
    plan->asked = true;
    if (parts == 0)
        return 0;
    forget(plan, parts);
    take_from_ladder(plan);
    memset(plan->next, 0, sizeof plan->next);
    plan->pass = PLAN_PASSES; /* so that what is done is counted again */
    return parts;
}

/* ---- the order of the work ---- */

void plan_prefer(struct survey_plan *plan, const size_t tensor[], size_t n)
{
    plan->preferred = mem_resize(plan->preferred, n, sizeof *plan->preferred);
    for (size_t i = 0; i < n; i++)
        plan->preferred[i] = tensor[i];
    plan->preferred_count = n;
}

static bool is_tried(const struct survey_plan *plan, size_t tensor, size_t pass)
{
    return plan->entry[tensor].tried & passes[pass].part;
}

static bool find_in_pass(struct survey_plan *plan, size_t pass, size_t *tensor)
{
    for (size_t i = 0; i < plan->preferred_count; i++)
        if (!is_tried(plan, plan->preferred[i], pass)) {
            *tensor = plan->preferred[i];
            return true;
        }
    size_t *next = &plan->next[pass];
    while (*next < plan->model->count && is_tried(plan, *next, pass))
        (*next)++;
    *tensor = *next;
    return *next < plan->model->count;
}

/* Counts what has been done of a pass, when it begins or begins anew. */
static void begin_pass(struct survey_plan *plan, size_t pass, bool held)
{
    plan->pass = pass;
    plan->done_tensors = 0;
    plan->done_bytes = 0;
    for (size_t i = 0; i < plan->model->count; i++)
        if (is_tried(plan, i, pass)) {
            plan->done_tensors++;
            plan->done_bytes += plan->model->tensors[i].bytes;
        }
    plan->first_bytes = plan->done_bytes;
    plan->clock = (struct plan_clock){!held, now(), 0};
    plan->last_done = 0;
}

bool plan_next(struct survey_plan *plan, bool held, size_t *tensor)
{
    for (size_t pass = 0; plan->asked && pass < PLAN_PASSES; pass++)
        if (find_in_pass(plan, pass, tensor)) {
            if (pass != plan->pass)
                begin_pass(plan, pass, held);
            return true;
        }
    return false;
}

unsigned plan_begin(const struct survey_plan *plan, size_t tensor, struct survey_record *record)
{
    const unsigned part = passes[plan->pass].part;
    if (plan->entry[tensor].record)
        *record = *plan->entry[tensor].record;
    else
        survey_begin(&plan->model->tensors[tensor], record);
    /* On the ladder the scheme's figures come with the rest. */
    return part == RECORD_FAST && survey_on_ladder(&plan->settings) ? part | RECORD_SCHEME : part;
}

bool plan_put(struct survey_plan *plan, size_t tensor, const struct survey_settings *settings,
              unsigned parts, const struct survey_record *record)
{
    struct plan_entry *entry = &plan->entry[tensor];
    const unsigned stale = differing_parts(settings, &plan->settings);
    parts &= ~stale;
    if (parts == 0)
        return false;
    if (!entry->record)
        entry->record = record_store_take(plan->store);
    *entry->record = *record;
    entry->record->parts &= ~stale;
    entry->tried |= parts | entry->record->parts;
    index_queue_add(&plan->changed, tensor);
    if (stale)
        take_from_ladder(plan);
    plan->done_tensors++;
    plan->done_bytes += plan->model->tensors[tensor].bytes;
    plan->last_done = clock_read(&plan->clock);
    return true;
}

/* ---- progress ---- */

const char *plan_pass(const struct survey_plan *plan)
{
    return plan->pass < PLAN_PASSES ? passes[plan->pass].name : NULL;
}

bool plan_works_on(const struct survey_plan *plan, enum record_parts part)
{
    return plan->pass < PLAN_PASSES && passes[plan->pass].part == (unsigned)part;
}

/* By what the tensors that are done have taken, or if there is none yet, by the one at hand. */
double plan_seconds_left(const struct survey_plan *plan, double at_hand)
{
    const double time = clock_read(&plan->clock);
    const double done = (double)plan->done_bytes, all = (double)plan->all_bytes;
    const double timed = done - (double)plan->first_bytes;
    if (timed > 0)
        return fmax((all - done) / timed * plan->last_done - (time - plan->last_done), 0);
    return at_hand > 0 ? (all - done - at_hand) / at_hand * time : (double)NAN;
}
