/* SPDX-License-Identifier: MIT
 *
 * Outliers and the audit in words and rows: what stands around the map of view 8.
 */
#ifndef UI_OUTLIER_WORDS_H
#define UI_OUTLIER_WORDS_H

#include "base/text.h"
#include "engine/audit.h"
#include "engine/outlier_costs.h"
#include "engine/outlier_limits.h"
#include "engine/outliers.h"
#include "plot/cells.h"

/* Columns that a list with everything takes. */
#define OUTLIER_LIST_WIDTH 57

/* Appends ">6σ 14   >6.0 none   >2 p99.9 31": how many there are by each definition. */
void outlier_words_counts(struct text *out, const struct outlier_limits *limits,
                          const uint64_t count[OUTLIER_RULES], bool ascii);

/* Appends where they gather: "input 200 holds 16 of 20, channel 33 holds 4 of 20"; nothing where
 * they do not. */
void outlier_words_gathering(struct text *out, const struct outliers *outliers);

/* Appends what the audit found, with coordinates, pieces apart by two blanks; `most` places are
 * named of each kind. */
void outlier_words_audit(struct text *out, const struct audit *audit, size_t most);

/* Writes a gain, "+0.14", and "-" where it is not known; returns out. */
char *outlier_words_decibels(char out[TEXT_NUMBER], double decibels);

/* Draws the worst elements into rect, a heading first, the selected one among them; columns that do
 * not fit are left out, the least important first.  costs may be NULL. */
void outlier_words_list(struct cells *cells, struct rect rect, const struct outliers *outliers,
                        const struct outlier_costs *costs, size_t selected, bool ascii);

#endif
