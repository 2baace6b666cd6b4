/* SPDX-License-Identifier: MIT
 *
 * A table of records for people: aligned columns of a few significant digits.
 */
#ifndef APP_COLUMNS_H
#define APP_COLUMNS_H

#include <stdbool.h>
#include <stddef.h>

#include "app/emit.h"
#include "base/text.h"

struct columns;

/* Columns for the fields that have a heading; fields are lent.  Without utf8 everything is folded
 * to ASCII. */
struct columns *columns_new(const struct emit_field fields[], size_t field_count, bool header,
                            bool utf8);
void columns_free(struct columns *columns);

void columns_add(struct columns *columns, const void *record);

/* Appends the table; or, for a single record that is no table, a line for each field. */
void columns_print(const struct columns *columns, bool table, struct text *out);

/* Appends a member in full precision, as TSV has it. */
void columns_print_exact(struct text *out, enum emit_type type, const void *member);

#endif
