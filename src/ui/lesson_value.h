/* SPDX-License-Identifier: MIT
 *
 * The figures in a lesson's words and checks: "theory_error_std/q*0.5:3" (ui/lesson.h tells the
 * format).
 */
#ifndef UI_LESSON_VALUE_H
#define UI_LESSON_VALUE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/text.h"
#include "ui/lesson_figures.h"

enum lesson_divisor { LESSON_PLAIN, LESSON_PER_STEP, LESSON_PER_PQN };

struct lesson_value {
    const struct lesson_key *key; /* NULL: the number `factor` */
    enum lesson_divisor divisor;
    double factor;
    int digits;
};

/* A whole plain decimal number of `length` bytes. */
bool lesson_number(const char *text, size_t length, double *number);

/* Reads FIGURE or NUMBER, or in a text (shown) FIGURE:DIGITS.  ERROR_FILE without a place. */
bool lesson_value_parse(const char *text, size_t length, bool shown, struct lesson_value *value,
                        struct error *error);

/* False if a figure is not known. */
bool lesson_value_get(const struct lesson_value *value, lesson_lookup *lookup, void *user,
                      double *number);

/* Whether every brace of a line is a figure or `{{`.  ERROR_FILE without a place. */
bool lesson_words_check(const char *words, struct error *error);

/* Appends words that were found good with their figures; "..." stands for one that is not known
 * yet.  A figure may take a millisecond: keep the result as long as the report is the same. */
void lesson_text(struct text *out, const char *words, lesson_lookup *lookup, void *user);

#endif
