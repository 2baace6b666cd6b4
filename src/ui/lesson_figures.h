/* SPDX-License-Identifier: MIT
 *
 * The figures of a report that lessons can name, and those of its true source beside them.
 */
#ifndef UI_LESSON_FIGURES_H
#define UI_LESSON_FIGURES_H

#include <stdbool.h>
#include <stddef.h>

#include "ui/lesson_key.h"

/* The key of that name of `length` bytes, NULL if there is none. */
const struct lesson_key *lesson_key_find(const char *name, size_t length);

/* The figure of that name in *value; false while it is not known. */
typedef bool lesson_lookup(void *user, const char *name, double *value);

/* A lookup over a `const struct report *`, which may be NULL: nothing is known yet.  Keys of the
 * law are not known for the report on a tensor, those of what its grid makes of it not for codebooks,
 * groups, asymmetric grids and corrected weights; keys of layers (ui/lesson_layer.h) only where a
 * line-up was asked for. */
lesson_lookup lesson_report_lookup;

#endif
