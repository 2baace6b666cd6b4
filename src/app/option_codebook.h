/* SPDX-License-Identifier: MIT
 *
 * Arguments of the options that only `codebook` takes.
 */
#ifndef APP_OPTION_CODEBOOK_H
#define APP_OPTION_CODEBOOK_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"

/* Readers as struct option_row wants them. */
bool option_read_codebook_clip(struct options *options, const char *argument, struct error *error);
bool option_read_steps(struct options *options, const char *argument, struct error *error);

#endif
