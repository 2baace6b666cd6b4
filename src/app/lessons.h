/* SPDX-License-Identifier: MIT
 *
 * Finds and reads lessons: a file, or all *.lesson of a folder.
 */
#ifndef APP_LESSONS_H
#define APP_LESSONS_H

#include "base/error.h"
#include "ui/lesson_player.h"

/* Lessons that a folder may have. */
#define LESSONS_MOST 256

/* Reads a lesson, or the lessons of a folder (at least one, hidden files left out) in the natural
 * order of their names; the first that is wrong fails the whole.  NULL with ERROR_FILE. */
struct lesson_set *lessons_read(const char *path, struct error *error);

/* Those that come with the program: of $ROUNDOFF_DATA/lessons, else the installed ones. */
struct lesson_set *lessons_load(struct error *error);

/* NULL is allowed. */
void lessons_free(struct lesson_set *lessons);

#endif
