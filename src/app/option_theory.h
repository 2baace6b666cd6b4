/* SPDX-License-Identifier: MIT
 *
 * Arguments of the options of `theory`: a source, a grid, and what is wanted of them.  `codebook`
 * takes a source, too.
 */
#ifndef APP_OPTION_THEORY_H
#define APP_OPTION_THEORY_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"

/* Readers as struct option_row wants them. */
bool option_read_source(struct options *options, const char *argument, struct error *error);
bool option_read_mean(struct options *options, const char *argument, struct error *error);
bool option_read_std(struct options *options, const char *argument, struct error *error);
bool option_read_step(struct options *options, const char *argument, struct error *error);
bool option_read_offset(struct options *options, const char *argument, struct error *error);
bool option_read_levels(struct options *options, const char *argument, struct error *error);
bool option_read_density(struct options *options, const char *argument, struct error *error);
bool option_read_sweep(struct options *options, const char *argument, struct error *error);

#endif
