/* SPDX-License-Identifier: MIT */
#include "app/option.h"

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "quant/theory.h"

/* A whole number from least to most, nothing else. */
static bool read_whole(const char *text, long least, long most, long *value, struct error *error)
{
    char *end;
    errno = 0;
    *value = strtol(text, &end, 10);
    bool plain = (*text >= '0' && *text <= '9') || *text == '-';
    if (!plain || *end || end == text || errno || *value < least || *value > most)
        return error_set(error, ERROR_USAGE, "a whole number from %ld to %ld is wanted", least,
                         most);
    return true;
}

/* A finite number.  strtod takes '.' because LC_NUMERIC is never set. */
static bool read_number(const char *text, double *value, struct error *error)
{
    char *end;
    *value = strtod(text, &end);
    if (end == text || *end || !isfinite(*value) || strchr(" \t\n\v\f\r", *text))
        return error_set(error, ERROR_USAGE, "a number is wanted");
    return true;
}

/* Steps, standard deviations and places: the squares of their ratios stay doubles. */
#define LENGTH_LEAST 1e-60
#define LENGTH_MOST  1e60

static bool read_place(const char *text, double *value, struct error *error)
{
    if (!read_number(text, value, error))
        return false;
    return fabs(*value) <= LENGTH_MOST ||
           error_set(error, ERROR_USAGE, "a number from %g to %g is wanted", -LENGTH_MOST,
                     LENGTH_MOST);
}

static bool read_length(const char *text, double *value, struct error *error)
{
    if (read_number(text, value, NULL) && *value >= LENGTH_LEAST && *value <= LENGTH_MOST)
        return true;
    return error_set(error, ERROR_USAGE, "a number above 0 is wanted, from %g to %g", LENGTH_LEAST,
                     LENGTH_MOST);
}

static bool read_bits(struct options *options, const char *argument, struct error *error)
{
    long bits;
    bool ok = read_whole(argument, SCHEME_BITS_LEAST, SCHEME_BITS_MOST, &bits, error);
    if (ok)
        options->scheme.bits = (int)bits;
    return ok;
}

static bool read_clip(struct options *options, const char *argument, struct error *error)
{
    return clip_parse(argument, &options->scheme.clip, error);
}

static bool read_transform(struct options *options, const char *argument, struct error *error)
{
    return transform_parse(argument, &options->transform, error);
}

static bool read_belief(struct options *options, const char *argument, struct error *error)
{
    return belief_parse(argument, &options->belief, NULL) ||
           error_set(error, ERROR_USAGE, "gaussian, laplace, auto or empirical is wanted");
}

static bool read_tensor(struct options *options, const char *argument, struct error *error)
{
    (void)error;
    options->globs = mem_resize(options->globs, options->glob_count + 1, sizeof *options->globs);
    options->globs[options->glob_count++] = argument;
    return true;
}

static bool read_channel(struct options *options, const char *argument, struct error *error)
{
    long channel;
    bool ok = read_whole(argument, 0, (long)ROWS_CHANNELS_MOST, &channel, error);
    if (ok)
        options->channel = channel;
    return ok;
}

static bool read_json(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->form = FORM_JSON;
    return true;
}

static bool read_tsv(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->form = FORM_TSV;
    return true;
}

static bool read_no_header(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->no_header = true;
    return true;
}

static bool read_threads(struct options *options, const char *argument, struct error *error)
{
    long threads;
    bool ok = read_whole(argument, 1, OPTIONS_THREADS_MOST, &threads, error);
    if (ok)
        options->threads = (unsigned)threads;
    return ok;
}

static bool read_output(struct options *options, const char *argument, struct error *error)
{
    if (!*argument)
        return error_set(error, ERROR_USAGE, "the name of a file is wanted");
    options->output = strcmp(argument, "-") == 0 ? NULL : argument;
    return true;
}

static bool read_view(struct options *options, const char *argument, struct error *error)
{
    const struct view *view = view_find(argument);
    if (view) {
        options->view = view;
        return true;
    }
    struct text names = {0};
    for (size_t i = 0; i < view_count; i++)
        text_printf(&names, "%s%s", i ? ", " : "", views[i]->name);
    error_set(error, ERROR_USAGE, "one of %s is wanted", names.data);
    text_done(&names);
    return false;
}

static bool read_size(struct options *options, const char *argument, struct error *error)
{
    int width, height, end = 0;
    /* %4d: a longer number is too large anyway, and would overflow. */
    bool ok = sscanf(argument, "%4dx%4d%n", &width, &height, &end) == 2 && !argument[end];
    if (!ok || width < 1 || height < 1 || width > OPTIONS_SIZE_MOST || height > OPTIONS_SIZE_MOST)
        return error_set(error, ERROR_USAGE, "columns x lines are wanted, as 80x24, up to %d",
                         OPTIONS_SIZE_MOST);
    options->width = width;
    options->height = height;
    options->size_given = true;
    return true;
}

static bool read_glyphs(struct options *options, const char *argument, struct error *error)
{
    static const char *const names[GLYPHS_COUNT] = {"braille", "blocks", "ascii"};
    for (int i = 0; i < GLYPHS_COUNT; i++) {
        if (strcmp(argument, names[i]) == 0) {
            options->glyphs = (enum glyphs)i;
            /* Who asks for them has a terminal for them, whatever the locale says. */
            options->utf8 |= options->glyphs != GLYPHS_ASCII;
            return true;
        }
    }
    return error_set(error, ERROR_USAGE, "braille, blocks or ascii is wanted");
}

static bool read_ascii(struct options *options, const char *argument, struct error *error)
{
    (void)argument;
    return read_glyphs(options, "ascii", error);
}

static bool read_color(struct options *options, const char *argument, struct error *error)
{
    static const char *const names[] = {"auto", "always", "never"};
    for (int i = COLOR_AUTO; i <= COLOR_NEVER; i++) {
        if (strcmp(argument, names[i]) == 0) {
            options->color = (enum color)i;
            return true;
        }
    }
    return error_set(error, ERROR_USAGE, "auto, always or never is wanted");
}

static bool read_source(struct options *options, const char *argument, struct error *error)
{
    return source_parse(argument, &options->source, error);
}

static bool read_mean(struct options *options, const char *argument, struct error *error)
{
    return read_place(argument, &options->mean, error);
}

static bool read_std(struct options *options, const char *argument, struct error *error)
{
    return read_length(argument, &options->std, error);
}

static bool read_step(struct options *options, const char *argument, struct error *error)
{
    return read_length(argument, &options->step, error);
}

static bool read_offset(struct options *options, const char *argument, struct error *error)
{
    return read_place(argument, &options->offset, error);
}

static bool read_levels(struct options *options, const char *argument, struct error *error)
{
    long levels;
    bool ok = read_whole(argument, 0, OPTIONS_LEVELS_MOST, &levels, error);
    if (ok)
        options->levels_each_side = (int)levels;
    return ok;
}

static bool read_density(struct options *options, const char *argument, struct error *error)
{
    long points;
    bool ok = read_whole(argument, 0, OPTIONS_DENSITY_MOST, &points, error);
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
        sweep->over == SWEEP_MEAN && !sweep->logarithmic ? read_place : read_length;
    if (!read_whole(n, 1, OPTIONS_SWEEP_MOST, &count, NULL))
        return false;
    sweep->n = (size_t)count;
    return read(first, &sweep->first, NULL) && read(last, &sweep->last, NULL);
}

static bool read_sweep(struct options *options, const char *argument, struct error *error)
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

static bool read_help(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->help = true;
    return true;
}

static bool read_version(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->version = true;
    return true;
}

const struct option_row option_rows[] = {
    {"bits", 0, "B", OPTIONS_QUANTIZER, "bit width, 1 to 16; 4 if not given", read_bits},
    {"clip", 0, "RULE", OPTIONS_QUANTIZER, "max (the default), sigma:K, percentile:P or value:C",
     read_clip},
    {"transform", 0, "T", OPTIONS_QUANTIZER, "transform of the input side: none or hadamard",
     read_transform},
    {"source", 0, "S", OPTIONS_QUANTIZER, "theory's: gaussian, laplace, auto or empirical",
     read_belief},
    {"tensor", 0, "GLOB", OPTIONS_TENSORS,
     "only tensors whose name matches, as *.mlp.*;\n"
     "may be given several times",
     read_tensor},
    {"channel", 0, "N", OPTIONS_CHANNEL, "only this channel, counted from 0", read_channel},
    {"view", 0, "V", OPTIONS_VIEW, "error (the default), weights, qq or cf", read_view},
    {"size", 0, "WxH", OPTIONS_SIZE, "columns and lines of the picture, as 80x24", read_size},
    {"glyphs", 0, "SET", OPTIONS_GLYPHS, "draw with braille, blocks or ascii", read_glyphs},
    {"ascii", 0, NULL, OPTIONS_GLYPHS, "the same as --glyphs ascii", read_ascii},
    {"color", 0, "WHEN", OPTIONS_COLOR, "auto (the default), always or never", read_color},
    {"source", 0, "S", OPTIONS_SOURCE,
     "density of the weights: gaussian (the default),\n"
     "laplace, uniform, logistic, t:NU, and\n"
     "mixture:SHARE:RATIO, a SHARE of the elements with\n"
     "RATIO times the standard deviation of the others",
     read_source},
    {"mean", 0, "M", OPTIONS_SOURCE, "its mean; 0 if not given", read_mean},
    {"std", 0, "S", OPTIONS_SOURCE, "its standard deviation, above 0", read_std},
    {"step", 0, "Q", OPTIONS_SOURCE, "distance of the grid's levels, above 0", read_step},
    {"offset", 0, "D", OPTIONS_SOURCE, "where the grid has a level; 0 if not given", read_offset},
    {"levels-each-side", 0, "N", OPTIONS_SOURCE,
     "levels above and below 0; 0 means the two levels\n"
     "+Q/2 and -Q/2; a grid without end if not given",
     read_levels},
    {"density", 0, "N", OPTIONS_SOURCE, "also the error's density at N even points", read_density},
    {"sweep", 0, "RANGE", OPTIONS_SOURCE,
     "a record for each of N values of the step, std or\n"
     "mean, as step=A:B:N, or step=A:B:N:log for ratios",
     read_sweep},
    {"json", 0, NULL, OPTIONS_TABLE, "print JSON", read_json},
    {"tsv", 0, NULL, OPTIONS_TABLE, "print values separated by tabs", read_tsv},
    {"no-header", 0, NULL, OPTIONS_TABLE, "no line of column names", read_no_header},
    {"threads", 'j', "N", OPTIONS_THREADS, "threads that work; one a processor if not given",
     read_threads},
    {"output", 'o', "FILE", OPTIONS_OUTPUT, "write to FILE, which appears when it is complete",
     read_output},
    {"help", 'h', NULL, OPTIONS_ALWAYS, "print this help", read_help},
    {"version", 'V', NULL, OPTIONS_ALWAYS, "print the version", read_version},
};

const size_t option_count = sizeof option_rows / sizeof option_rows[0];
