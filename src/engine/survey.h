/* SPDX-License-Identifier: MIT
 *
 * The survey of a whole model in the background: a fast pass over all tensors, then a slow one.  A
 * record appears when a tensor's part of a pass is done; what does not depend on a changed setting
 * is kept.
 *
 * A survey has a thread and a pool of its own.  All calls are for one other thread, that of the
 * interface, and none but survey_wait and survey_free waits.
 */
#ifndef ENGINE_SURVEY_H
#define ENGINE_SURVEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "engine/record.h"
#include "engine/survey_tensor.h"
#include "model/model.h"

/* Why a survey stands still: the user wants it to, or the engine is busy with what the user waits
 * for.  The reasons are independent; it goes on when there is none. */
enum survey_hold { SURVEY_HOLD_USER, SURVEY_HOLD_ENGINE, SURVEY_HOLDS };

struct survey;

/* A survey of so many threads that waits for survey_ask.  The model is lent.  NULL with
 * ERROR_SYSTEM. */
struct survey *survey_new(const struct model *model, unsigned threads, struct error *error);

/* Stops within a unit of work and frees everything. */
void survey_free(struct survey *survey);

/* Begins, or goes on with other settings: records that depend on what has changed are made anew. */
void survey_ask(struct survey *survey, const struct survey_settings *settings);

/* Tensors of the model that come first from now on, in this order: those that are on the screen. */
void survey_prefer(struct survey *survey, const size_t tensor[], size_t n);

/* Holds it within a unit of work, or lets it go on where it was. */
void survey_hold(struct survey *survey, enum survey_hold reason, bool hold);

/* Readable when survey_take has something new. */
int survey_descriptor(const struct survey *survey);

/* Takes the next tensor whose record has changed since it was taken last; false if none has.  A
 * record with no parts and no failure has become out of date. */
bool survey_take(struct survey *survey, size_t *tensor, struct survey_record *record);

struct survey_progress {
    bool busy, held;
    const char *pass;   /* "survey", "scheme", "normality": what is being done; static text */
    size_t tensors, of; /* done of this pass, and in all */
    uint64_t bytes, bytes_of;
    double seconds_left; /* of this pass; NaN until it can be told */
    double fraction;     /* of this pass, by bytes, 0 .. 1 */
};
struct survey_progress survey_progress(struct survey *survey);

/* Waits until all is done, held or not asked for. */
void survey_wait(struct survey *survey);

#endif
