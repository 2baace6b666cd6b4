/* SPDX-License-Identifier: MIT
 *
 * The record of one tensor, by plain calls; and of one tensor after the other.
 */
#ifndef ENGINE_SURVEY_TENSOR_H
#define ENGINE_SURVEY_TENSOR_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "engine/belief.h"
#include "engine/pool.h"
#include "engine/record.h"
#include "engine/analysis.h"
#include "model/model.h"
#include "quant/scheme.h"

/* What records depend on: all of them on the first three, the scheme's figures on the rest too. */
struct survey_settings {
    struct tensor_view view;
    struct transform_spec transform;
    const struct layer_index *layers; /* of that view, lent; NULL: as in a request */
    struct scheme scheme;
    enum belief belief;
};

/* Whether records that were made with the one say the same with the other, but for the scheme. */
bool survey_same_weights(const struct survey_settings *a, const struct survey_settings *b);

/* Whether the scheme's figures are among the ladder's: then they need no weights. */
bool survey_on_ladder(const struct survey_settings *settings);

/* Fills the scheme's figures from the ladder's, which the record must have. */
void survey_take_from_ladder(const struct tensor *tensor, const struct survey_settings *settings,
                             struct survey_record *record);

/* A record of nothing but what the file's header says. */
void survey_begin(const struct tensor *tensor, struct survey_record *record);

/* Adds parts (of enum record_parts) to a record; RECORD_SLOW brings RECORD_FAST with it.  A tensor
 * that cannot be read is no failure: the record says why, as it does when the file breaks.  Of the
 * analysis pool, watch and bases are used.  False with ERROR_CANCELLED, and the record as it was. */
bool survey_tensor(const struct analysis *analysis, const struct tensor *tensor,
                   const struct survey_settings *settings, unsigned parts,
                   struct survey_record *record, struct error *error);

/* Called with each record, in the order of the list; false with *error to stop. */
typedef bool survey_done(void *user, size_t tensor, const struct survey_record *record,
                         struct error *error);

/* Whole records of n tensors of the model, by their indices, one after the other.  False with
 * *error: the callback's, or ERROR_CANCELLED. */
bool survey_run(struct pool *pool, struct watch *watch, const struct model *model,
                const size_t tensor[], size_t n, const struct survey_settings *settings,
                survey_done *done, void *user, struct error *error);

#endif
