/* SPDX-License-Identifier: MIT
 *
 * View 4: what theory says of every channel's error against what was measured, each channel a dot.
 */
#include <math.h>

#include "base/mem.h"
#include "base/text.h"
#include "base/utf8.h"
#include "engine/agreement.h"
#include "plot/figure.h"
#include "ui/view.h"

/* Dots of one kind of channels. */
struct cloud {
    double *x, *y;
    size_t n;
};

/* All dots, and the square that they lie in. */
struct clouds {
    struct cloud normal, other; /* other: not normal, or not tested yet */
    double low, high;           /* low > high if there are none */
};

static enum agreement_moment moment_of(const struct view_options *options)
{
    return options->means ? AGREEMENT_MEAN : AGREEMENT_STD;
}

static struct clouds clouds_of(const struct report *report, const struct view_options *options)
{
    const size_t n = report->errors->channels;
    double *room = mem_alloc(4 * n, sizeof *room);
    struct clouds clouds = {
        {room, room + n, 0}, {room + 2 * n, room + 3 * n, 0}, INFINITY, -INFINITY};
    for (size_t i = 0; i < n; i++) {
        const bool normal = agreement_is_normal(report, i);
        const struct agreement_dot dot = agreement_dot(report, i, moment_of(options));
        if (isnan(dot.x) || (options->normal_only && !normal))
            continue;
        struct cloud *cloud = normal ? &clouds.normal : &clouds.other;
        cloud->x[cloud->n] = dot.x;
        cloud->y[cloud->n++] = dot.y;
        clouds.low = fmin(clouds.low, fmin(dot.x, dot.y));
        clouds.high = fmax(clouds.high, fmax(dot.x, dot.y));
    }
    return clouds;
}

static void clouds_done(struct clouds *clouds)
{
    mem_free(clouds->normal.x); /* the one piece that all of them lie in */
}

static void describe_fits(const struct report *report, const struct view_options *options,
                          enum record_channels of, struct text *out)
{
    const struct agreement agreement = agreement_of(report, of);
    if (of == RECORD_NORMAL && !report->normality)
        text_puts(out, "normal: still being found");
    else
        view_describe_fit(out, of == RECORD_NORMAL ? "normal:" : "all:",
                          &agreement.fit[moment_of(options)], options->glyphs == GLYPHS_ASCII);
}

static void describe_picked(const struct report *report, const struct view_options *options,
                            struct text *out)
{
    const size_t row = view_picked(report, options);
    if (row == VIEW_NONE)
        return;
    const struct agreement_dot dot = agreement_dot(report, row, moment_of(options));
    char x[TEXT_NUMBER], y[TEXT_NUMBER];
    text_printf(out, "channel %lld: theory %s  measured %s", (long long)options->channel,
                text_number(x, dot.x, 3), text_number(y, dot.y, 3));
}

/* What is drawn, and beside all channels the normal ones; a channel that is picked.  Where that
 * takes more than two lines the normal ones give way. */
static void say_fits(const struct report *report, const struct view_options *options,
                     struct cells *cells, struct rect *rect)
{
    struct text first = {0}, normal = {0}, picked = {0};
    describe_fits(report, options, options->normal_only ? RECORD_NORMAL : RECORD_ALL, &first);
    if (!options->normal_only)
        describe_fits(report, options, RECORD_NORMAL, &normal);
    describe_picked(report, options, &picked);
    const size_t width = utf8_width(first.data, first.length) +
                         (normal.data ? utf8_width(normal.data, normal.length) : 0) + 4;
    const bool fits = width < (size_t)rect->width;
    if (fits && normal.length > 0)
        text_printf(&first, "    %s", normal.data);
    view_say(cells, rect, STYLE_VALUE, first.data);
    if (picked.length > 0)
        view_say(cells, rect, STYLE_TITLE, picked.data);
    else if (!fits && normal.length > 0)
        view_say(cells, rect, STYLE_VALUE, normal.data);
    text_done(&first);
    text_done(&normal);
    text_done(&picked);
}

/* Marks the place of the channel that is picked, on the x axis and by a dot of its own. */
static void mark_picked(const struct report *report, const struct view_options *options,
                        struct agreement_dot *dot, struct marker *marker, struct figure *figure)
{
    const size_t row = view_picked(report, options);
    if (row == VIEW_NONE)
        return;
    *dot = agreement_dot(report, row, moment_of(options));
    *marker = (struct marker){dot->x, NULL, STYLE_TITLE};
    figure->markers = marker;
    figure->marker_count = 1;
    figure->series[figure->series_count++] =
        (struct series){SERIES_SCATTER, STYLE_TITLE, NULL, &dot->x, &dot->y, 1};
}

static void draw_clouds(const struct report *report, const struct view_options *options,
                        const struct clouds *clouds, struct cells *cells, struct rect rect)
{
    const double room = view_room(clouds->low, clouds->high);
    const double low = clouds->low - room, high = clouds->high + room, line[] = {low, high};
    struct figure figure = {
        .x_title = "theory",
        .y_title = options->means ? "measured mean of e" : "measured std of e",
        .x_low = low,
        .x_high = high,
        .y_low = low,
        .y_high = high,
        .series = {{SERIES_DOTTED, STYLE_REFERENCE, "y = x", line, line, 2}},
        .series_count = 1,
    };
    const struct cloud *normal = &clouds->normal, *other = &clouds->other;
    if (other->n > 0)
        figure.series[figure.series_count++] = (struct series){
            SERIES_SCATTER, STYLE_WARN, report->normality ? "not normal" : "channels",
            other->x,       other->y,   other->n};
    if (normal->n > 0)
        figure.series[figure.series_count++] =
            (struct series){SERIES_SCATTER, STYLE_POINT, "normal", normal->x, normal->y, normal->n};
    struct agreement_dot dot;
    struct marker marker;
    mark_picked(report, options, &dot, &marker, &figure);
    draw_figure(cells, rect, &figure, options->glyphs);
}

static void draw(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect)
{
    say_fits(report, options, cells, &rect);
    view_set_apart(report, cells, &rect);
    struct clouds clouds = clouds_of(report, options);
    if (clouds.low <= clouds.high)
        draw_clouds(report, options, &clouds, cells, rect);
    else
        view_say(cells, &rect, STYLE_DIM,
                 options->normal_only ? "no normal channel has a theory"
                                      : "no channel has a theory: no error, no spread or own levels");
    clouds_done(&clouds);
}

const struct view view_channels = {
    '4',
    "channels",
    "Theory by channel",
    "std of the error, each channel a dot: measured over theory, on the line where they agree; t "
    "compares means, f leaves channels out that are not normal, w picks the worst",
    draw,
    .spectrum = false,
    .channels = true,
    .draw_model = view_model_channels};
