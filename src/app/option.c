/* SPDX-License-Identifier: MIT */
#include "app/option.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/option_codebook.h"
#include "app/option_layers.h"
#include "app/option_scan.h"
#include "app/option_scheme.h"
#include "app/option_schemes.h"
#include "app/option_theory.h"
#include "app/option_value.h"
#include "base/mem.h"
#include "model/dtype.h"

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
    bool ok = option_whole(argument, 0, (long)ROWS_CHANNELS_MOST, &channel, error);
    if (ok)
        options->channel = channel;
    return ok;
}

static bool read_channel_axis(struct options *options, const char *argument, struct error *error)
{
    long axis;
    bool ok = option_whole(argument, 0, 1, &axis, error);
    if (ok)
        options->tensor_view.axis = (unsigned)axis;
    return ok;
}

static bool read_any_class(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->model.any_class = true;
    return true;
}

static bool read_all(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->model.training = true;
    return true;
}

static bool read_scaled(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->tensor_view.scaled = true;
    return true;
}

static bool read_void_as(struct options *options, const char *argument, struct error *error)
{
    static const struct {
        const char *name;
        const struct dtype *dtype;
    } types[] = {
        {"bf16", &dtype_bf16},
        {"f16", &dtype_f16},
        {"f8_e4m3", &dtype_e4m3},
        {"f8_e5m2", &dtype_e5m2},
    };
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
        if (strcmp(argument, types[i].name) == 0) {
            options->model.void_as = types[i].dtype;
            return true;
        }
    }
    return error_set(error, ERROR_USAGE, "bf16, f16, f8_e4m3 or f8_e5m2 is wanted");
}

static bool read_metadata(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->metadata = true;
    return true;
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
    bool ok = option_whole(argument, 1, OPTIONS_THREADS_MOST, &threads, error);
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

static bool read_outliers(struct options *options, const char *argument, struct error *error)
{
    return outlier_limits_parse(argument, &options->limits, error);
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

static bool read_low_bandwidth(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->low_bandwidth = true;
    return true;
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
    {"bits", 0, "B", OPTIONS_SCHEME, "bit width, 1 to 16; the scheme's, or 4 if not given",
     option_read_bits},
    {"scheme", 0, "NAME", OPTIONS_SCHEME, "levels: uniform, lloyd-max, nf4, mxfp4, q4_0 ...",
     option_read_scheme},
    {"granularity", 0, "G", OPTIONS_SCHEME, "tensor, channel (the default), group:N, block:RxC",
     option_read_granularity},
    {"asymmetric", 0, NULL, OPTIONS_SCHEME, "2^B levels from min to max (or --full-range)",
     option_read_asymmetric},
    {"full-range", 0, NULL, OPTIONS_SCHEME, NULL, option_read_full_range},
    {"clip", 0, "RULE", OPTIONS_SCHEME, "max, sigma:K, percentile:P, aciq, mse, lp:P, value:C",
     option_read_clip},
    {"correct", 0, "WHAT", OPTIONS_SCHEME, "bias put back per channel: mean, norm or both",
     option_read_correct},
    {"transform", 0, "T", OPTIONS_TRANSFORM,
     "of the inputs and, inversely, of the weights: none,\n"
     "scale:A, align:K, hadamard, cat:K, random,\n"
     "matrix:FILE or several joined by +",
     option_read_transform},
    {"source", 0, "S", OPTIONS_QUANTIZER, "theory's: gaussian, laplace, auto or empirical",
     read_belief},
    {"activations", 0, "FILE", OPTIONS_INPUTS,
     "what is known of the layers' inputs: samples, second\n"
     "moments, their diagonal, an importance matrix; if\n"
     "not given, a file beside the model",
     option_read_activations},
    {"activation-kind", 0, "K", OPTIONS_INPUTS,
     "what its entries are: samples, second-moment,\n"
     "diagonal or absmax",
     option_read_activation_kind},
    {"map", 0, "RE=NAME", OPTIONS_INPUTS,
     "renames its entries: what the regular expression\n"
     "matches becomes NAME; may be given several times",
     option_read_map},
    {"group", 0, "RE=NAME", OPTIONS_INPUTS,
     "layers that RE matches share the input NAME, and a\n"
     "transform; none: no two do; else by their names",
     option_read_group},
    {"transform", 0, "T", OPTIONS_LAYERS,
     "of the inputs and, inversely, of the weights: none,\n"
     "scale:A, align:K, hadamard, cat:K, random,\n"
     "matrix:FILE or several joined by +; all compares\n"
     "some of them",
     option_read_transforms},
    {"activation-bits", 0, "B", OPTIONS_ROUNDED_INPUTS, "round the inputs, too, to 2 to 16 bits",
     option_read_activation_bits},
    {"activation-symmetric", 0, NULL, OPTIONS_ROUNDED_INPUTS, "\non a symmetric grid",
     option_read_activation_symmetric},
    {"activation-static", 0, NULL, OPTIONS_ROUNDED_INPUTS, "on one grid for all samples, not one a token",
     option_read_activation_static},
    {"channel-axis", 0, "A", OPTIONS_LOOK, "whose indices are channels: 0 (rows), 1 (columns)",
     read_channel_axis},
    {"scaled", 0, NULL, OPTIONS_LOOK, "values times their scale tensors, if there are any",
     read_scaled},
    {"void-as", 0, "TYPE", OPTIONS_MODEL, "NumPy's V1, V2: bf16, f16, f8_e4m3 or f8_e5m2",
     read_void_as},
    {"any-class", 0, NULL, OPTIONS_MODEL, "read past a pickle's unknown classes (none is run)",
     read_any_class},
    {"all", 0, NULL, OPTIONS_MODEL, "the optimizer's state of a checkpoint, too", read_all},
    {"metadata", 0, NULL, OPTIONS_METADATA, "what the files say about themselves instead",
     read_metadata},
    {"tensor", 0, "GLOB", OPTIONS_TENSORS,
     "only tensors whose name matches, as *.mlp.*;\n"
     "may be given several times",
     read_tensor},
    {"channel", 0, "N", OPTIONS_CHANNEL, "only this channel, counted from 0", read_channel},
    {"view", 0, "V", OPTIONS_VIEW,
     "error (the default), weights, qq, channels, ratio,\nsqnr, bits, outliers, cf or clip", read_view},
    {"outliers", 0, "RULE", OPTIONS_LIMITS,
     "where outliers begin: sigma:X, value:X or ratio:X;\n"
     "may be given several times",
     read_outliers},
    {"size", 0, "WxH", OPTIONS_SIZE, "columns and lines of the picture, as 80x24", read_size},
    {"glyphs", 0, "SET", OPTIONS_GLYPHS, "draw with braille, blocks or ascii (or --ascii)",
     read_glyphs},
    {"ascii", 0, NULL, OPTIONS_GLYPHS, NULL, read_ascii},
    {"color", 0, "WHEN", OPTIONS_COLOR, "auto (the default), always or never", read_color},
    {"low-bandwidth", 0, NULL, OPTIONS_LINK, "few frames a second, for a slow link",
     read_low_bandwidth},
    {"source", 0, "S", OPTIONS_SOURCE,
     "density of the weights: gaussian (the default),\n"
     "laplace, uniform, logistic, t:NU, and\n"
     "mixture:SHARE:RATIO, a SHARE of the elements with\n"
     "RATIO times the standard deviation of the others",
     option_read_source},
    {"mean", 0, "M", OPTIONS_SOURCE, "its mean; 0 if not given", option_read_mean},
    {"std", 0, "S", OPTIONS_GRID, "its standard deviation, above 0", option_read_std},
    {"step", 0, "Q", OPTIONS_GRID, "distance of the grid's levels, above 0", option_read_step},
    {"offset", 0, "D", OPTIONS_GRID, "where the grid has a level; 0 if not given",
     option_read_offset},
    {"levels-each-side", 0, "N", OPTIONS_GRID,
     "levels above and below 0; 0 means the two levels\n"
     "+Q/2 and -Q/2; a grid without end if not given",
     option_read_levels},
    {"density", 0, "N", OPTIONS_GRID, "also the error's density at N even points",
     option_read_density},
    {"sweep", 0, "RANGE", OPTIONS_GRID,
     "a record for each of N values of the step, std or\n"
     "mean, as step=A:B:N, or step=A:B:N:log for ratios",
     option_read_sweep},
    {"std", 0, "S", OPTIONS_CODEBOOK, "its standard deviation; 1 if not given", option_read_std},
    {"scheme", 0, "NAME", OPTIONS_CODEBOOK,
     "lloyd-max, apot, nf (nf4), fp4-e2m1, fp6-e2m3,\n"
     "fp6-e3m2, fp8-e4m3, fp8-e5m2, uniform,\n"
     "lloyd-max:empirical; lloyd-max:laplace, :gaussian\n"
     "whatever the source is",
     option_read_scheme},
    {"bits", 0, "B", OPTIONS_CODEBOOK,
     "bit width; 4 if neither this nor the name, as nf:3,\n"
     "says it",
     option_read_bits},
    {"clip", 0, "value:C", OPTIONS_CODEBOOK,
     "where the outermost level is, from the mean; where\n"
     "the MSE is least if not given",
     option_read_codebook_clip},
    {"steps", 0, "N", OPTIONS_CODEBOOK, "how Lloyd's alternation comes to its levels",
     option_read_steps},
    {"tensor", 0, "NAME", OPTIONS_CODEBOOK, "the tensor of MODEL that levels are fitted to",
     read_tensor},
    {"scaled", 0, NULL, OPTIONS_CODEBOOK, "its values times their scale tensor, if there is one",
     read_scaled},
    {"bits", 0, "LIST", OPTIONS_SCHEMES, "bit widths, as 4 or 3,4; 2-8 if not given",
     option_read_widths},
    {"granularity", 0, "G", OPTIONS_SCHEMES, "of schemes without their own: channel or tensor",
     option_read_scale_granularity},
    {"layers", 0, NULL, OPTIONS_SCHEMES, "a table for each tensor, not for all together alone",
     option_read_layers},
    {"json", 0, NULL, OPTIONS_TABLE, "print JSON", read_json},
    {"tsv", 0, NULL, OPTIONS_TABLE, "print values separated by tabs", read_tsv},
    {"no-header", 0, NULL, OPTIONS_TABLE, "no line of column names", read_no_header},
    {"threads", 'j', "N", OPTIONS_THREADS, "threads that work; one a processor if not given",
     read_threads},
    {"output", 'o', "FILE", OPTIONS_OUTPUT, "write to FILE, which appears when it is complete",
     read_output},
    {"output", 'o', "FILE", OPTIONS_SCAN_OUTPUT,
     "write to FILE as it goes, packed if it ends in .gz", read_output},
    {"part", 0, "K/N", OPTIONS_SCAN, "only part K of N parts of about the same size",
     option_read_part},
    {"resume", 0, NULL, OPTIONS_SCAN, "go on with what FILE has already, if it is there",
     option_read_resume},
    {"file", 'f', "SCAN", OPTIONS_SCANNED, "a scan file in the place of a model", option_read_file},
    {"fail-if", 0, "EXPR", OPTIONS_FAIL,
     "exit with status 1 if it holds of a tensor, as in\n"
     "\"sqnr<20 && bits==4\"; README.md has the names",
     option_read_fail_if},
    {"bits", 0, "B", OPTIONS_REPORT, "bit width that is spoken of, 2 to 8; 4 if not given",
     option_read_report_bits},
    {"top", 0, "N", OPTIONS_REPORT, "how many hot spots are told of; 10 if not given",
     option_read_top},
    {"markdown", 0, NULL, OPTIONS_REPORT, "print Markdown", option_read_markdown},
    {"help", 'h', NULL, OPTIONS_ALWAYS, "print this help", read_help},
    {"version", 'V', NULL, OPTIONS_ALWAYS, "print the version", read_version},
};

_Static_assert(sizeof option_rows / sizeof option_rows[0] <= OPTIONS_MOST, "no room for all");

const size_t option_count = sizeof option_rows / sizeof option_rows[0];
