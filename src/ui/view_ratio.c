/* SPDX-License-Identifier: MIT
 *
 * View 5: how coarse the grid is for each channel, q/σ, and where the PQN model ends.
 */
#include <math.h>

#include "base/mem.h"
#include "base/text.h"
#include "engine/agreement.h"
#include "plot/figure.h"
#include "ui/view.h"

/* Bars at most; few channels have fewer, so that each holds some. */
#define BARS 60

/* A picture that comes this near to the limits shows them. */
#define LIMITS_FROM 0.5

/* The channels drawn. */
struct ratios {
    double *ratio;
    size_t n;
    double high;    /* of them all */
    size_t highest; /* the row that has it */
};

static struct ratios ratios_of(const struct report *report, const struct view_options *options)
{
    const size_t n = report->errors->channels;
    struct ratios ratios = {.ratio = mem_alloc(n, sizeof *ratios.ratio), .high = 0};
    for (size_t i = 0; i < n; i++) {
        const double ratio = agreement_ratio(report, i);
        if (isnan(ratio) || (options->normal_only && !agreement_is_normal(report, i)))
            continue;
        ratios.ratio[ratios.n++] = ratio;
        if (ratio > ratios.high) {
            ratios.high = ratio;
            ratios.highest = i;
        }
    }
    return ratios;
}

/* "q/σ > 2: 18 of 3 402 channels, 0.53 %   largest 2.70, channel 17", or the channel picked. */
static void say_share(const struct report *report, const struct view_options *options,
                      const struct ratios *ratios, struct cells *cells, struct rect *rect)
{
    const enum record_channels of = options->normal_only ? RECORD_NORMAL : RECORD_ALL;
    const struct agreement agreement = agreement_of(report, of);
    const bool ascii = options->glyphs == GLYPHS_ASCII;
    const size_t picked = view_picked(report, options);
    char wide[TEXT_NUMBER], all[TEXT_NUMBER];
    struct text text = {0};
    text_printf(&text, "%s > %g: %s of %s%s channels, %.2f %%", ascii ? "q/std" : "q/σ",
                AGREEMENT_WIDE, text_count(wide, agreement.wide),
                text_count(all, agreement.channels), options->normal_only ? " normal" : "",
                100 * (double)agreement.wide / (double)agreement.channels);
    if (picked != VIEW_NONE)
        text_printf(&text, "   channel %lld: %.3f", (long long)options->channel,
                    agreement_ratio(report, picked));
    else
        text_printf(&text, "   largest %.3f, channel %llu", ratios->high,
                    (unsigned long long)rows_channel(&report->rows, ratios->highest));
    view_say(cells, rect, STYLE_VALUE, text.data);
    text_done(&text);
}

static void count(const struct ratios *ratios, double high, size_t bars, double edge[],
                  double height[])
{
    for (size_t i = 0; i <= bars; i++)
        edge[i] = high * (double)i / (double)bars;
    for (size_t i = 0; i < bars; i++)
        height[i] = 0;
    for (size_t i = 0; i < ratios->n; i++) {
        const size_t bar = (size_t)(ratios->ratio[i] / high * (double)bars);
        height[bar < bars ? bar : bars - 1]++;
    }
}

static void draw_bars_of(const struct report *report, const struct view_options *options,
                         const struct ratios *ratios, struct cells *cells, struct rect rect)
{
    const bool ascii = options->glyphs == GLYPHS_ASCII;
    const double most =
        ratios->high > LIMITS_FROM ? fmax(ratios->high, AGREEMENT_WIDE) : ratios->high;
    const double high = most * 1.1;
    const size_t wanted = (size_t)(4 * sqrt((double)ratios->n)) + 8;
    const size_t bars = wanted < BARS ? wanted : BARS;
    double edge[BARS + 1], height[BARS];
    count(ratios, high, bars, edge, height);
    struct marker markers[3] = {
        {view_limit(THEORY_PQN_HOLDS), "strained", STYLE_MARK},
        {view_limit(THEORY_PQN_STRAINED), "broken", STYLE_MARK},
    };
    size_t marker_count = 2;
    const size_t picked = view_picked(report, options);
    if (picked != VIEW_NONE)
        markers[marker_count++] =
            (struct marker){agreement_ratio(report, picked), NULL, STYLE_TITLE};
    const struct figure figure = {
        .x_title = ascii ? "q/std" : "q/σ",
        .y_title = "channels",
        .x_high = high,
        .y_log = options->log,
        .series = {{SERIES_BARS, STYLE_DATA, options->normal_only ? "normal channels" : "channels",
                    edge, height, bars}},
        .series_count = 1,
        .markers = markers,
        .marker_count = marker_count,
    };
    draw_figure(cells, rect, &figure, options->glyphs);
}

static void draw(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect)
{
    struct ratios ratios = ratios_of(report, options);
    if (ratios.n > 0) {
        say_share(report, options, &ratios, cells, &rect);
        view_set_apart(report, cells, &rect);
        draw_bars_of(report, options, &ratios, cells, rect);
    } else {
        view_say(cells, &rect, STYLE_DIM,
                 !options->normal_only ? "no channel has a step and a spread"
                 : report->normality   ? "no channel is normal"
                                       : "normal channels are still being found");
    }
    mem_free(ratios.ratio);
}

const struct view view_ratio = {
    '5',
    "ratio",
    "q/std by channel",
    "how many channels have which q over standard deviation: where PQN is strained the error is "
    "not "
    "uniform any more; f leaves channels out that are not normal, w picks the worst",
    draw,
    .spectrum = false,
    .channels = true,
    .draw_model = view_model_ratio};
