/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include "ui/about.h"
#include "ui/input_settings.h"
#include "ui/prompt.h"
#include "ui/scheme_settings.h"
#include "ui/scheme_words.h"
#include "ui/tensor_settings.h"
#include "ui/transform_settings.h"

static bool run_bits(struct session *session, const char *argument, struct error *error)
{
    char *end;
    long bits = strtol(argument, &end, 10);
    if (end == argument || *end || bits < SCHEME_BITS_LEAST || bits > SCHEME_BITS_MOST)
        return error_set(error, ERROR_USAGE, "bits takes a width from %d to %d", SCHEME_BITS_LEAST,
                         SCHEME_BITS_MOST);
    struct scheme scheme = session->settings.scheme;
    scheme.bits = (int)bits;
    return scheme_settings_change(session, &scheme, error);
}

static bool run_scheme(struct session *session, const char *argument, struct error *error)
{
    struct levels levels;
    int named = 0, least, most;
    if (!levels_parse(argument, &levels, &named, error))
        return false;
    levels_bits(&levels, &least, &most);
    const int wanted = session->settings.bits_wanted;
    return scheme_settings_choose(session, &levels,
                                  named           ? named
                                  : least == most ? least
                                                  : wanted,
                                  error);
}

static bool run_granularity(struct session *session, const char *argument, struct error *error)
{
    struct scheme scheme = session->settings.scheme;
    return granularity_parse(argument, &scheme.granularity, error) &&
           scheme_settings_change(session, &scheme, error);
}

static bool run_asymmetric(struct session *session, const char *argument, struct error *error)
{
    struct scheme scheme = session->settings.scheme;
    if (!scheme_words_parse_switch(argument, &scheme.asymmetric, error))
        return false;
    scheme.full_range &= !scheme.asymmetric;
    return scheme_settings_change(session, &scheme, error);
}

static bool run_full_range(struct session *session, const char *argument, struct error *error)
{
    struct scheme scheme = session->settings.scheme;
    if (!scheme_words_parse_switch(argument, &scheme.full_range, error))
        return false;
    scheme.asymmetric &= !scheme.full_range;
    return scheme_settings_change(session, &scheme, error);
}

static bool run_clip(struct session *session, const char *argument, struct error *error)
{
    struct scheme scheme = session->settings.scheme;
    return clip_parse(argument, &scheme.clip, error) &&
           scheme_settings_change(session, &scheme, error);
}

static bool run_correct(struct session *session, const char *argument, struct error *error)
{
    struct scheme scheme = session->settings.scheme;
    return scheme_words_parse_correction(argument, &scheme, error) &&
           scheme_settings_change(session, &scheme, error);
}

static bool run_layer(struct session *session, const char *argument, struct error *error)
{
    struct settings settings = session->settings;
    if (!session->in_lab)
        return error_set(error, ERROR_USAGE, "layer draws one in the lab: F6 goes there");
    if (!synthetic_layer_parse(argument, &settings.lab.layer, error))
        return false;
    /* A layer's rows are rounded by their own ranges: no step is given from outside. */
    if (synthetic_layer_is(&settings.lab.layer) && settings.scheme.clip.rule == CLIP_STEP)
        settings.scheme.clip = (struct clip){.rule = CLIP_MAX};
    session_change(session, &settings);
    return true;
}

static bool run_channel(struct session *session, const char *argument, struct error *error)
{
    const struct tensor *tensor = session_tensor(session);
    struct settings settings = session->settings;
    char *end;
    long long channel = strtoll(argument, &end, 10);
    if (strcmp(argument, "all") == 0)
        settings.channel = REQUEST_ALL_CHANNELS;
    else if (!tensor || end == argument || *end || channel < 0 ||
             (uint64_t)channel >= tensor_channels(tensor, settings.view))
        return error_set(error, ERROR_USAGE, "channel takes all, or a number below %llu",
                         tensor ? (unsigned long long)tensor_channels(tensor, settings.view)
                                : 0ull);
    else
        settings.channel = channel;
    session_change(session, &settings);
    return true;
}

static bool run_axis(struct session *session, const char *argument, struct error *error)
{
    bool rows = strcmp(argument, "0") == 0;
    if (!rows && strcmp(argument, "1") != 0)
        return error_set(error, ERROR_USAGE, "axis takes 0 (channels are rows) or 1 (columns)");
    tensor_settings_turn(session, rows ? 0 : 1);
    return true;
}

static bool run_scaled(struct session *session, const char *argument, struct error *error)
{
    bool on = strcmp(argument, "on") == 0;
    if (!on && strcmp(argument, "off") != 0)
        return error_set(error, ERROR_USAGE, "scaled takes on or off");
    tensor_settings_scale(session, on);
    return true;
}

static bool run_metadata(struct session *session, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    about_open(session, 0);
    return true;
}

static bool run_view(struct session *session, const char *argument, struct error *error)
{
    const struct view *view = view_find(argument);
    if (!view)
        return error_set(error, ERROR_USAGE,
                         "views: error, weights, qq, channels, ratio, sqnr, bits, outliers, cf, clip");
    session_show(session, view);
    return true;
}

static bool run_source(struct session *session, const char *argument, struct error *error)
{
    struct settings settings = session->settings;
    if (session->in_lab && strcmp(argument, belief_name(BELIEF_LAW)) == 0)
        settings.belief = BELIEF_LAW;
    else if (!belief_parse(argument, &settings.belief, error))
        return false;
    session_change(session, &settings);
    return true;
}

static bool run_tensor(struct session *session, const char *argument, struct error *error)
{
    const struct tensor *tensor = model_find(session->model, argument, error);
    if (!tensor)
        return false;
    size_t index = (size_t)(tensor - session->model->tensors);
    session_reveal(session, tree_find(session->tree, index));
    return true;
}

static bool run_sort(struct session *session, const char *argument, struct error *error)
{
    enum column column;
    if (!column_parse(argument, strlen(argument), &column, error))
        return false;
    session_sort(session, column, !column_types[column].low_is_bad); /* worst first */
    return true;
}

static bool run_filter(struct session *session, const char *argument, struct error *error)
{
    struct filter *filter = NULL;
    if (*argument && !(filter = filter_parse(argument, error)))
        return false;
    session_choose(session, filter);
    return true;
}

static bool run_glyphs(struct session *session, const char *argument, struct error *error)
{
    static const char *const names[GLYPHS_COUNT] = {"braille", "blocks", "ascii"};
    for (int i = 0; i < GLYPHS_COUNT; i++)
        if (strcmp(argument, names[i]) == 0) {
            if (!session->ascii_only)
                session->options.glyphs = (enum glyphs)i;
            return true;
        }
    return error_set(error, ERROR_USAGE, "glyphs takes braille, blocks or ascii");
}

static bool run_outliers(struct session *session, const char *argument, struct error *error)
{
    if (!outlier_limits_parse(argument, &session->limits, error))
        return false;
    session_show(session, &view_outliers);
    if (session_is_whole(session))
        session_say(session, STYLE_DIM, "the survey has its own limits; A shows one tensor's");
    return true;
}

static bool run_log(struct session *session, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    session->options.log = !session->options.log;
    return true;
}

static bool run_help(struct session *session, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    session->mode = MODE_HELP;
    session->help_top = 0;
    return true;
}

static bool run_quit(struct session *session, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    session->quit = true;
    return true;
}

/* clang-format off */
const struct prompt_command prompt_commands[] = {
    { "bits", "N", "bit width, 1 to 16", run_bits, false },
    { "scheme", "NAME", "levels: uniform, lloyd-max, nf4, fp8-e4m3, mxfp4, q4_0, ...", run_scheme,
      false },
    { "granularity", "G", "tensor, channel, group N, block RxC", run_granularity, false },
    { "asymmetric", "on|off", "levels from the least to the greatest weight", run_asymmetric,
      false },
    { "full-range", "on|off", "one level more below 0 than above it", run_full_range, false },
    { "clip", "RULE", "max, sigma K, percentile P, aciq, mse, lp P, value C", run_clip, false },
    { "correct", "WHAT", "bias put back per channel: none, mean, norm or both", run_correct,
      false },
    { "transform", "T", "none, hadamard[:B], cat[:K], align[:K], scale:A, random, ..., joined by +",
      transform_settings_set, true },
    { "activation-bits", "N", "inputs of layers rounded to 2 to 16 bits, or none",
      input_settings_parse, false },
    { "layer", "RxC:T", "in the lab: a layer of R rows, C columns, T tokens; or none", run_layer,
      false },
    { "channel", "N", "a channel, or all", run_channel, true },
    { "axis", "0|1", "which dimension counts the channels", run_axis, true },
    { "scaled", "on|off", "values times their scale tensors", run_scaled, true },
    { "source", "NAME", "theory's source: gaussian, laplace, auto or empirical", run_source,
      false },
    { "view", "NAME", "error, weights, qq, channels, ratio, sqnr, bits, outliers, cf or clip",
      run_view, false },
    { "tensor", "NAME", "go to a tensor; a unique end of its name will do", run_tensor, true },
    { "sort", "COLUMN",
      "name, size, sqnr, theory, gap, ratio, median-ratio, error, kurtosis, peak, excess, normal, "
      "family, outliers or nonfinite; worst first", run_sort, true },
    { "filter", "WHAT", "show tensors by a part of the name, or a condition: kurtosis>5 && "
      "sqnr<20; without WHAT all", run_filter, true },
    { "glyphs", "SET", "braille, blocks or ascii", run_glyphs, false },
    { "outliers", "RULE", "where they begin: sigma X, value X or ratio X", run_outliers, true },
    { "log", "", "logarithmic axis on or off", run_log, false },
    { "metadata", "", "what the files say about themselves", run_metadata, false },
    { "help", "", "show the keys and commands", run_help, false },
    { "quit", "", "quit", run_quit, false },
    { "q", "", "quit", run_quit, false },
};
/* clang-format on */
const size_t prompt_command_count = sizeof prompt_commands / sizeof *prompt_commands;
