/* SPDX-License-Identifier: MIT */
#include "app/option_scan.h"

#include <stdio.h>

#include "app/option_value.h"
#include "engine/record_figures.h"
#include "engine/scan.h"

#define TOP_MOST 100000

bool option_read_part(struct options *options, const char *argument, struct error *error)
{
    int part, parts, end = 0;
    /* %6d: a longer number is too large anyway, and would overflow. */
    bool ok = sscanf(argument, "%6d/%6d%n", &part, &parts, &end) == 2 && !argument[end];
    if (!ok || part < 1 || part > parts || parts > SCAN_PARTS_MOST)
        return error_set(error, ERROR_USAGE, "K/N is wanted, as 3/16, with N up to %d",
                         SCAN_PARTS_MOST);
    options->scan.part = (unsigned)part;
    options->scan.parts = (unsigned)parts;
    return true;
}

bool option_read_resume(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->scan.resume = true;
    return true;
}

bool option_read_file(struct options *options, const char *argument, struct error *error)
{
    options->scan_file = argument;
    return *argument || error_set(error, ERROR_USAGE, "the name of a file is wanted");
}

bool option_read_fail_if(struct options *options, const char *argument, struct error *error)
{
    expression_free(options->fail_if.expression);
    options->fail_if.text = argument;
    options->fail_if.expression = expression_parse(argument, &record_figure_names, error);
    return options->fail_if.expression;
}

bool option_read_report_bits(struct options *options, const char *argument, struct error *error)
{
    long bits;
    bool ok = option_whole(argument, RECORD_BITS_LEAST, RECORD_BITS_MOST, &bits, error);
    if (ok)
        options->scheme.bits = (int)bits;
    return ok;
}

bool option_read_top(struct options *options, const char *argument, struct error *error)
{
    long top;
    bool ok = option_whole(argument, 1, TOP_MOST, &top, error);
    if (ok)
        options->top = (size_t)top;
    return ok;
}

bool option_read_markdown(struct options *options, const char *argument, struct error *error)
{
    (void)argument, (void)error;
    options->markdown = true;
    return true;
}
