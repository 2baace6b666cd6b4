/* SPDX-License-Identifier: MIT
 *
 * What a lesson's words say, so that a program can see whether it is true (ui/lesson.h tells the
 * format).
 */
#ifndef UI_LESSON_CHECK_H
#define UI_LESSON_CHECK_H

#include <stdbool.h>

#include "base/error.h"
#include "model/arena.h"
#include "ui/lesson_value.h"

enum lesson_relation { LESSON_EQUAL, LESSON_NEAR, LESSON_BELOW, LESSON_ABOVE };

struct lesson_check {
    struct lesson_value left, right;
    enum lesson_relation relation;
    double within;             /* for equal: the tolerance; for near: standard errors */
    struct lesson_value noise; /* for near: the standard error of left */
    const char *text;          /* as it is written, behind the word `check` */
    unsigned line;
};

/* Reads what stands behind the word `check` of a line; the text is kept in the arena.  ERROR_FILE
 * without a place. */
bool lesson_check_parse(struct lesson_check *check, const char *text, unsigned line,
                        struct arena *arena, struct error *error);

/* Whether it holds; else *error says what the figures are, its code being ERROR_NONE: nothing has
 * gone wrong but the lesson. */
bool lesson_check_holds(const struct lesson_check *check, lesson_lookup *lookup, void *user,
                        struct error *error);

#endif
