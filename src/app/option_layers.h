/* SPDX-License-Identifier: MIT
 *
 * Arguments of the options about linear layers: what is known of their inputs, how these are
 * transformed and rounded.
 */
#ifndef APP_OPTION_LAYERS_H
#define APP_OPTION_LAYERS_H

#include <stdbool.h>

#include "app/options.h"
#include "base/error.h"

/* Readers as struct option_row wants them. */
bool option_read_activations(struct options *options, const char *argument, struct error *error);
bool option_read_activation_kind(struct options *options, const char *argument,
                                 struct error *error);
bool option_read_map(struct options *options, const char *argument, struct error *error);
bool option_read_group(struct options *options, const char *argument, struct error *error);
bool option_read_transform(struct options *options, const char *argument, struct error *error);
bool option_read_transforms(struct options *options, const char *argument, struct error *error);
bool option_read_activation_bits(struct options *options, const char *argument,
                                 struct error *error);
bool option_read_activation_symmetric(struct options *options, const char *argument,
                                      struct error *error);
bool option_read_activation_static(struct options *options, const char *argument,
                                   struct error *error);

#endif
