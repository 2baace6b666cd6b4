/* SPDX-License-Identifier: MIT
 *
 * What a survey of linear layers knows, and what it has to do next: the records, and the order of
 * the work, which goes by groups of layers that share their input.  Nothing here waits or knows of
 * threads; who shares a plan locks it.
 */
#ifndef ENGINE_LAYER_PLAN_H
#define ENGINE_LAYER_PLAN_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/index_queue.h"
#include "engine/layer_record.h"
#include "model/model.h"

struct layer_plan {
    const struct model *model;
    struct layer_survey_settings settings;
    bool asked;                   /* whether there are settings yet */
    unsigned version;             /* counts the settings there have been */
    struct layer_record **record; /* by tensor; NULL for what is no linear layer */
    struct index_queue changed;   /* tensors whose records have */
    size_t *preferred, preferred_count;
    size_t next;         /* tensors before it are done */
    size_t layers, done; /* linear layers, and those of them with nothing left to try */
};

void layer_plan_init(struct layer_plan *plan, const struct model *model);
void layer_plan_done(struct layer_plan *plan);

/* Takes other settings and drops what depends on what has changed; false if nothing has. */
bool layer_plan_ask(struct layer_plan *plan, const struct layer_survey_settings *settings);

/* Tensors that come first from now on. */
void layer_plan_prefer(struct layer_plan *plan, const size_t tensor[], size_t n);

/* A layer whose group is to be worked on; false if there is none left. */
bool layer_plan_next(struct layer_plan *plan, size_t *tensor);

/* The set of transforms that are still to be tried on a layer. */
unsigned layer_plan_missing(const struct layer_plan *plan, size_t tensor);

/* The record of a layer, to be changed; it is told again. */
struct layer_record *layer_plan_change(struct layer_plan *plan, size_t tensor);

/* These transforms have been tried on a layer. */
void layer_plan_tried(struct layer_plan *plan, size_t tensor, unsigned transforms);

/* The next record that has changed since it was taken last; false if none has. */
bool layer_plan_take(struct layer_plan *plan, size_t *tensor, struct layer_record *record);

#endif
