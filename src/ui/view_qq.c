/* SPDX-License-Identifier: MIT
 *
 * View 3: the weights' order statistics against those of the fitted Gaussian, both in standard
 * deviations from the mean.
 */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "plot/figure.h"
#include "ui/view.h"

static void say(struct cells *cells, struct rect rect, const char *text)
{
    cells_text(cells, rect.x, rect.y + rect.height / 2, rect.width, STYLE_DIM, text);
}

static void draw(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect)
{
    const struct spread *spread = report->spread;
    double mean = report->figures.mean, std = report->figures.std;
    if (!spread || !(std > 0) || spread->points < 2) {
        say(cells, rect,
            spread ? "no q-q plot: all elements are alike"
                   : "the quantiles are still being counted");
        return;
    }
    double *y = mem_alloc(spread->points, sizeof *y), low = 0, high = 0;
    for (size_t i = 0; i < spread->points; i++) {
        y[i] = (spread->sample[i] - mean) / std;
        low = fmin(low, y[i]);
        high = fmax(high, y[i]);
    }
    double edge = fmax(-spread->quantile[0], spread->quantile[spread->points - 1]) * 1.06;
    const double diagonal[] = {-edge, edge};
    bool ascii = options->glyphs == GLYPHS_ASCII;
    struct figure figure = {
        .x_title = ascii ? "Gaussian, s" : "Gaussian, σ",
        .y_title = ascii ? "weights, s from the mean" : "weights, σ from the mean",
        .x_low = -edge,
        .x_high = edge,
        .y_low = fmin(low, -edge) * 1.02,
        .y_high = fmax(high, edge) * 1.02,
        .series =
            {
                {SERIES_DOTTED, STYLE_THEORY, "Gaussian, y = x", diagonal, diagonal, 2},
                {SERIES_SCATTER, STYLE_POINT, "weights", spread->quantile, y, spread->points},
            },
        .series_count = 2,
    };
    draw_figure(cells, rect, &figure, options->glyphs);
    mem_free(y);
}

const struct view view_qq = {
    '3',
    "qq",
    "q-q plot",
    "each point a quantile of the weights over the fitted Gaussian's: on the line, the weights are "
    "Gaussian",
    draw,
    .spectrum = false};
