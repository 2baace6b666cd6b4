/* SPDX-License-Identifier: MIT */
#include "app/option_schemes.h"

#include <stdlib.h>
#include <string.h>

/* A number at the start of *text, which moves behind it; 0 if there is none, or none that is a bit
 * width. */
static int read_width(const char **text)
{
    char *end;
    if (!(**text >= '0' && **text <= '9'))
        return 0;
    const long bits = strtol(*text, &end, 10);
    *text = end;
    return bits >= SCHEME_BITS_LEAST && bits <= SCHEME_BITS_MOST ? (int)bits : 0;
}

/* Adds "4" or "2-8" to a set of widths. */
static bool read_range(const char **text, unsigned *widths)
{
    const int first = read_width(text);
    int last = first;
    if (**text == '-') {
        ++*text;
        last = read_width(text);
    }
    for (int bits = first; bits <= last; bits++)
        *widths |= COMPARISON_WIDTH(bits);
    return first > 0 && first <= last;
}

bool option_read_widths(struct options *options, const char *argument, struct error *error)
{
    const char *text = argument;
    unsigned widths = 0;
    bool ok = read_range(&text, &widths);
    while (ok && *text == ',') {
        text++;
        ok = read_range(&text, &widths);
    }
    if (!ok || *text)
        return error_set(error, ERROR_USAGE, "bit widths are wanted, as 4 or 3,4 or 2-8; %d to %d",
                         SCHEME_BITS_LEAST, SCHEME_BITS_MOST);
    options->schemes.widths = widths;
    return true;
}

bool option_read_scale_granularity(struct options *options, const char *argument,
                                   struct error *error)
{
    const bool tensor = strcmp(argument, "tensor") == 0;
    if (!tensor && strcmp(argument, "channel") != 0)
        return error_set(error, ERROR_USAGE, "tensor or channel is wanted");
    options->scheme.granularity = tensor ? GRANULARITY_TENSOR : GRANULARITY_CHANNEL;
    return true;
}

bool option_read_layers(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->schemes.each = true;
    return true;
}
