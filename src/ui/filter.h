/* SPDX-License-Identifier: MIT
 *
 * Which tensors the list shows: those whose names hold a text, or whose columns meet a condition.
 */
#ifndef UI_FILTER_H
#define UI_FILTER_H

#include <stdbool.h>

#include "base/error.h"
#include "ui/column.h"

struct filter;

/* A condition has a sign of comparison in it ("kurt>5 && name ~ \"*.mlp.*\"") and is about columns
 * (base/expression.h); any other text is a part of the name.  NULL with ERROR_USAGE. */
struct filter *filter_parse(const char *text, struct error *error);
void filter_free(struct filter *filter);

/* As it was typed. */
const char *filter_text(const struct filter *filter);

/* Whether a tensor passes; what is not known of it meets no condition. */
bool filter_passes(const struct filter *filter, const char *label,
                   const double value[COLUMN_COUNT]);

#endif
