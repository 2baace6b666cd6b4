/* SPDX-License-Identifier: MIT */
#include "app/option_layers.h"

#include <string.h>

#include "app/option_value.h"
#include "linear/token_grid.h"

bool option_read_activations(struct options *options, const char *argument, struct error *error)
{
    if (!*argument)
        return error_set(error, ERROR_USAGE, "the name of a file is wanted");
    options->layers.activations = argument;
    return true;
}

bool option_read_activation_kind(struct options *options, const char *argument, struct error *error)
{
    return activation_kind_parse(argument, &options->layers.kind, error);
}

bool option_read_map(struct options *options, const char *argument, struct error *error)
{
    return name_map_add(&options->layers.rules.entries, argument, error);
}

bool option_read_group(struct options *options, const char *argument, struct error *error)
{
    return layer_grouping_parse(argument, &options->layers.rules.groups, error);
}

bool option_read_transform(struct options *options, const char *argument, struct error *error)
{
    if (strcmp(argument, "all") == 0)
        return error_set(error, ERROR_USAGE,
                         "all is for sqnr, which compares several; here one is wanted");
    return transform_spec_parse(argument, &options->transform, error);
}

bool option_read_transforms(struct options *options, const char *argument, struct error *error)
{
    options->layers.all_transforms = strcmp(argument, "all") == 0;
    return options->layers.all_transforms || option_read_transform(options, argument, error);
}

bool option_read_activation_bits(struct options *options, const char *argument, struct error *error)
{
    long bits;
    bool ok = option_whole(argument, TOKEN_GRID_BITS_LEAST, TOKEN_GRID_BITS_MOST, &bits, error);
    if (ok)
        options->layers.inputs.bits = (int)bits;
    return ok;
}

bool option_read_activation_symmetric(struct options *options, const char *argument,
                                      struct error *error)
{
    (void)argument, (void)error;
    options->layers.inputs.symmetric = true;
    return true;
}

bool option_read_activation_static(struct options *options, const char *argument,
                                   struct error *error)
{
    (void)argument, (void)error;
    options->layers.inputs.fixed = true;
    return true;
}
