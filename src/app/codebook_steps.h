/* SPDX-License-Identifier: MIT
 *
 * Lloyd's plain alternation step by step, as `codebook --steps` prints it.
 */
#ifndef APP_CODEBOOK_STEPS_H
#define APP_CODEBOOK_STEPS_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"
#include "stats/source.h"

/* Prints a record for the levels at the start, evenly spaced, and one for those after each step.
 * False with *error. */
bool codebook_steps(const struct options *options, const struct source *source,
                    struct error *error);

#endif
