/* SPDX-License-Identifier: MIT
 *
 * What a survey knows and what it has to do next: the records, the order of the work, the progress.
 * Nothing here waits or knows of threads; who shares a plan locks it.
 */
#ifndef ENGINE_SURVEY_PLAN_H
#define ENGINE_SURVEY_PLAN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "engine/index_queue.h"
#include "engine/record.h"
#include "engine/record_store.h"
#include "engine/survey_tensor.h"
#include "model/model.h"

/* The passes over all tensors: the ladder, a scheme that is not on it, and the slow rest. */
#define PLAN_PASSES 3

/* What is known of a tensor. */
struct plan_entry {
    struct survey_record *record; /* NULL before the first */
    unsigned tried;               /* parts that were added, or failed */
};

/* Time that work has taken, without that when it was held. */
struct plan_clock {
    bool running;
    double since, before;
};

struct survey_plan {
    const struct model *model;
    struct survey_settings settings;
    bool asked;                 /* whether there are settings yet */
    struct record_store *store; /* where the records lie */
    struct plan_entry *entry;   /* by tensor */
    struct index_queue changed; /* tensors whose records have */
    size_t *preferred, preferred_count;
    size_t next[PLAN_PASSES]; /* tensors before it have been tried */

    size_t pass;         /* at work; PLAN_PASSES: none */
    size_t done_tensors; /* of this pass */
    uint64_t done_bytes, all_bytes;
    uint64_t first_bytes; /* done of this pass when its clock began */
    struct plan_clock clock;
    double last_done; /* what the clock said when a tensor was done last */
};

void plan_init(struct survey_plan *plan, const struct model *model);
void plan_done(struct survey_plan *plan);

/* Takes other settings and drops what depends on what has changed.  Returns the parts of records
 * that are to be made anew, of enum record_parts. */
unsigned plan_ask(struct survey_plan *plan, const struct survey_settings *settings);

/* Tensors that come first from now on. */
void plan_prefer(struct survey_plan *plan, const size_t tensor[], size_t n);

/* The next tensor of the first pass that is not done, which becomes the one at work; false if all
 * are.  held: the clock stands still. */
bool plan_next(struct survey_plan *plan, bool held, size_t *tensor);

/* What is to be added to a tensor's record in the pass at work, and the record so far. */
unsigned plan_begin(const struct survey_plan *plan, size_t tensor, struct survey_record *record);

/* Puts a record in its place to which parts were added, or failed to be, under these settings; what
 * has gone out of date meanwhile is dropped.  False if all has. */
bool plan_put(struct survey_plan *plan, size_t tensor, const struct survey_settings *settings,
              unsigned parts, const struct survey_record *record);

/* The next record that has changed since it was taken last; false if none has. */
bool plan_take(struct survey_plan *plan, size_t *tensor, struct survey_record *record);

/* Starts or stops the clock. */
void plan_run(struct survey_plan *plan, bool running);

/* "survey", "scheme", "normality"; NULL while nothing is at work. */
const char *plan_pass(const struct survey_plan *plan);

/* Whether the pass at work is the one that adds this part. */
bool plan_works_on(const struct survey_plan *plan, enum record_parts part);

/* Seconds until the pass at work is done; NaN until that can be told.  at_hand: bytes done of the
 * tensor at hand, as far as that is known. */
double plan_seconds_left(const struct survey_plan *plan, double at_hand);

#endif
