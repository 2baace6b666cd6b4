/* SPDX-License-Identifier: MIT */
#include "app/option_theory.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/option_value.h"
#include "quant/theory.h"

bool option_read_source(struct options *options, const char *argument, struct error *error)
{
    options->source_given = true;
    return source_parse(argument, &options->source, error);
}

bool option_read_mean(struct options *options, const char *argument, struct error *error)
{
    options->source_given = true;
    return option_place(argument, &options->mean, error);
}

bool option_read_std(struct options *options, const char *argument, struct error *error)
{
    options->source_given = true;
    return option_length(argument, &options->std, error);
}

bool option_read_step(struct options *options, const char *argument, struct error *error)
{
    return option_length(argument, &options->step, error);
}

bool option_read_offset(struct options *options, const char *argument, struct error *error)
{
    return option_place(argument, &options->offset, error);
}

bool option_read_levels(struct options *options, const char *argument, struct error *error)
{
    long levels;
    bool ok = option_whole(argument, 0, OPTIONS_LEVELS_MOST, &levels, error);
    if (ok)
        options->levels_each_side = (int)levels;
    return ok;
}

bool option_read_density(struct options *options, const char *argument, struct error *error)
{
    long points;
    bool ok = option_whole(argument, 0, OPTIONS_DENSITY_MOST, &points, error);
    if (ok)
        options->density = (size_t)points;
    return ok;
}

/* "A:B:N" or "A:B:N:log". */
static bool read_sweep_values(const char *text, struct sweep *sweep)
{
    char first[32], last[32], n[16], log[8] = "";
    long count;
    int end = 0,
        words = sscanf(text, "%31[^:]:%31[^:]:%15[^:]%n:%7[^:]%n", first, last, n, &end, log, &end);
    if (words < 3 || text[end] || (words == 4 && strcmp(log, "log") != 0))
        return false;
    sweep->logarithmic = words == 4;
    bool (*read)(const char *text, double *value, struct error *error) =
        sweep->over == SWEEP_MEAN && !sweep->logarithmic ? option_place : option_length;
    if (!option_whole(n, 1, OPTIONS_SWEEP_MOST, &count, NULL))
        return false;
    sweep->n = (size_t)count;
    return read(first, &sweep->first, NULL) && read(last, &sweep->last, NULL);
}

bool option_read_sweep(struct options *options, const char *argument, struct error *error)
{
    static const char *const names[] = {
        [SWEEP_STEP] = "step=", [SWEEP_STD] = "std=", [SWEEP_MEAN] = "mean="};
    for (int over = SWEEP_STEP; over <= SWEEP_MEAN; over++) {
        const size_t length = strlen(names[over]);
        struct sweep sweep = {.over = (enum sweep_over)over};
        if (strncmp(argument, names[over], length) == 0 &&
            read_sweep_values(argument + length, &sweep)) {
            options->sweep = sweep;
            return true;
        }
    }
    return error_set(
        error, ERROR_USAGE,
        "step=A:B:N, std=A:B:N or mean=A:B:N is wanted, N values up to %d, or A:B:N:log; "
        "a step, a std and all of log are above 0",
        OPTIONS_SWEEP_MOST);
}
