/* SPDX-License-Identifier: MIT */
#include "app/option_codebook.h"

#include <string.h>

#include "app/option_value.h"

bool option_read_codebook_clip(struct options *options, const char *argument, struct error *error)
{
    static const char prefix[] = "value:";
    const size_t length = sizeof prefix - 1;
    return (strncmp(argument, prefix, length) == 0 &&
            option_length(argument + length, &options->codebook.clip, NULL)) ||
           error_set(error, ERROR_USAGE, "value:C is wanted, C above 0");
}

bool option_read_steps(struct options *options, const char *argument, struct error *error)
{
    long steps;
    bool ok = option_whole(argument, 0, OPTIONS_STEPS_MOST, &steps, error);
    if (ok)
        options->codebook.steps = (int)steps;
    return ok;
}
