/* SPDX-License-Identifier: MIT
 *
 * Arguments of the options that make a quantizer.
 */
#ifndef APP_OPTION_SCHEME_H
#define APP_OPTION_SCHEME_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"

/* Readers as struct option_row wants them. */
bool option_read_bits(struct options *options, const char *argument, struct error *error);
bool option_read_scheme(struct options *options, const char *argument, struct error *error);
bool option_read_granularity(struct options *options, const char *argument, struct error *error);
bool option_read_asymmetric(struct options *options, const char *argument, struct error *error);
bool option_read_full_range(struct options *options, const char *argument, struct error *error);
bool option_read_clip(struct options *options, const char *argument, struct error *error);
bool option_read_correct(struct options *options, const char *argument, struct error *error);

/* Once all are read, in whatever order: the bit width that they come to, and whether they go
 * together.  False with ERROR_USAGE. */
bool option_settle_scheme(struct options *options, struct error *error);

#endif
