/* SPDX-License-Identifier: MIT
 *
 * What is known of every tensor, column by column: from the reports of those that were looked at
 * and from the records of a survey.
 */
#ifndef UI_LISTING_H
#define UI_LISTING_H

#include <stdbool.h>
#include <stddef.h>

#include "model/model.h"
#include "ui/column.h"
#include "ui/tree.h"

struct listing;

struct listing *listing_new(const struct model *model);
void listing_free(struct listing *listing);

/* Takes what a report of a whole tensor, or a record, tells; what it does not know stays. */
void listing_learn_report(struct listing *listing, size_t tensor, const struct report *report);
void listing_learn_record(struct listing *listing, size_t tensor,
                          const struct survey_record *record);

/* Forgets what depends on this and what comes behind it. */
void listing_forget(struct listing *listing, enum column_basis basis);

/* The values of a tensor, by column; NaN where they are not known. */
const double *listing_values(const struct listing *listing, size_t tensor);

/* The value of a column for a node of the model's tree: its tensor's, or what a module shows of
 * those known, which is kept until something is learnt or forgotten. */
double listing_value(struct listing *listing, const struct tree *tree, size_t node,
                     enum column column);

#endif
