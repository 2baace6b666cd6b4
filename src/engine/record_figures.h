/* SPDX-License-Identifier: MIT
 *
 * The figures of a record by name, for conditions that people type: the names of `stats` and of
 * scan files, and short ones beside them.
 */
#ifndef ENGINE_RECORD_FIGURES_H
#define ENGINE_RECORD_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "base/expression.h"
#include "engine/record.h"
#include "model/tensor.h"

/* What expression_parse is to know. */
extern const struct expression_names record_figure_names;

/* All names, long ones first, for help: "channels", ...; NULL behind the last one. */
const char *record_figure_name(size_t index, const char **short_name);

/* Whether the condition holds of a record.  One that mentions bits is asked for each width of the
 * ladder, with the errors of that width; others of the survey's own scheme.  *bits is the first
 * width at which it holds, 0 for the scheme. */
bool record_meets(const struct expression *condition, const struct tensor *tensor,
                  const struct survey_record *record, int *bits);

#endif
