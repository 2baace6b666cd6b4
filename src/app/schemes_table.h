/* SPDX-License-Identifier: MIT
 *
 * A comparison as a table for people: a row for each contender, a column for each width.
 */
#ifndef APP_SCHEMES_TABLE_H
#define APP_SCHEMES_TABLE_H

#include "base/text.h"
#include "engine/comparison.h"

/* Appends the tables of SQNR, MSE, bits stored for a weight and theory's SQNR, side by side as far
 * as 80 columns allow.  The best of each width (comparison_best) has a star. */
void schemes_table_print(struct text *out, const struct comparison *comparison, unsigned widths);

#endif
