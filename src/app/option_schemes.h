/* SPDX-License-Identifier: MIT
 *
 * The options of `schemes` alone.
 */
#ifndef APP_OPTION_SCHEMES_H
#define APP_OPTION_SCHEMES_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"

/* Readers as struct option_row has them. */
bool option_read_widths(struct options *options, const char *argument, struct error *error);
bool option_read_scale_granularity(struct options *options, const char *argument,
                                   struct error *error);
bool option_read_layers(struct options *options, const char *argument, struct error *error);

#endif
