/* SPDX-License-Identifier: MIT */
#include "app/option_scheme.h"

#include "app/option_value.h"
#include "ui/scheme_words.h"

bool option_read_bits(struct options *options, const char *argument, struct error *error)
{
    long bits;
    bool ok = option_whole(argument, SCHEME_BITS_LEAST, SCHEME_BITS_MOST, &bits, error);
    if (ok)
        options->given_bits = (int)bits;
    return ok;
}

bool option_read_scheme(struct options *options, const char *argument, struct error *error)
{
    options->scheme_name = argument;
    options->named_bits = 0;
    return levels_parse(argument, &options->scheme.levels, &options->named_bits, error);
}

bool option_read_granularity(struct options *options, const char *argument, struct error *error)
{
    return granularity_parse(argument, &options->scheme.granularity, error);
}

bool option_read_asymmetric(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->scheme.asymmetric = true;
    return true;
}

bool option_read_full_range(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->scheme.full_range = true;
    return true;
}

bool option_read_clip(struct options *options, const char *argument, struct error *error)
{
    return clip_parse(argument, &options->scheme.clip, error);
}

bool option_read_correct(struct options *options, const char *argument, struct error *error)
{
    return scheme_words_parse_correction(argument, &options->scheme, error);
}

bool option_settle_scheme(struct options *options, struct error *error)
{
    const int named = options->named_bits, given = options->given_bits;
    if (named && given && named != given)
        return error_set(error, ERROR_USAGE, "%s has %d bits, not %d", options->scheme_name, named,
                         given);
    if (named || given)
        options->scheme.bits = named ? named : given;
    return scheme_check(&options->scheme, error);
}
