/* SPDX-License-Identifier: MIT
 *
 * The survey of a model's linear layers in the background: group by group of those that share their
 * input, so that no more than one group's moments and samples are in memory.  Records appear
 * transform by transform; what does not depend on a changed setting is kept.
 *
 * A survey has a thread and a pool of its own, and does nothing before it is asked.  All calls are
 * for one other thread, that of the interface, and none but layer_survey_wait and layer_survey_free
 * waits.
 */
#ifndef ENGINE_LAYER_SURVEY_H
#define ENGINE_LAYER_SURVEY_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "engine/layer_record.h"
#include "model/model.h"

/* Why it stands still: the user wants it to, the engine is busy with what the user waits for, or
 * nobody sees what it finds.  The reasons are independent; it goes on when there is none. */
enum layer_survey_hold {
    LAYER_SURVEY_HOLD_USER,
    LAYER_SURVEY_HOLD_ENGINE,
    LAYER_SURVEY_HOLD_UNSEEN,
    LAYER_SURVEY_HOLDS
};

struct layer_survey;

/* The model is lent.  NULL with ERROR_SYSTEM. */
struct layer_survey *layer_survey_new(const struct model *model, unsigned threads,
                                      struct error *error);
void layer_survey_free(struct layer_survey *survey);

/* Begins, or goes on with other settings; the same ones change nothing. */
void layer_survey_ask(struct layer_survey *survey, const struct layer_survey_settings *settings);

/* Tensors whose groups come first from now on, in this order. */
void layer_survey_prefer(struct layer_survey *survey, const size_t tensor[], size_t n);

/* Holds it within a unit of work, or lets it go on where it was. */
void layer_survey_hold(struct layer_survey *survey, enum layer_survey_hold reason, bool hold);

/* Readable when layer_survey_take has something new. */
int layer_survey_descriptor(const struct layer_survey *survey);

/* Takes the next tensor whose record has changed since it was taken last; false if none has. */
bool layer_survey_take(struct layer_survey *survey, size_t *tensor, struct layer_record *record);

struct layer_survey_progress {
    bool busy, held;
    size_t layers, of; /* done, and in all */
};
struct layer_survey_progress layer_survey_progress(struct layer_survey *survey);

/* Waits until all is done, held or not asked for. */
void layer_survey_wait(struct layer_survey *survey);

#endif
