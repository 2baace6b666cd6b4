/* SPDX-License-Identifier: MIT
 *
 * View 1: the density of the error in steps, measured as bars, theory as a line, and the uniform
 * density of the PQN model.
 */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "base/text.h"
#include "plot/figure.h"
#include "ui/bars.h"
#include "ui/view.h"

/* A share of elements too small to widen the picture for. */
#define NEGLIGIBLE 1e-4

/* How far from zero, in steps, there is anything to see: half a step, or more where the grid
 * clips; a multiple of half a step. */
static double reach(const struct errors *errors)
{
    const struct histogram *h = errors->error;
    double total = (double)histogram_total(h), most = h->high;
    for (double r = 0.5; r < most; r += 0.5) {
        size_t inside = (size_t)(r * PICTURES_PER_STEP);
        double theory =
            errors->theory_cdf[h->bins / 2 - inside] + 1 - errors->theory_cdf[h->bins / 2 + inside];
        double pad = 1.0 / PICTURES_PER_STEP;
        double measured = 1 - histogram_mass(h, -r - pad, r + pad) / total;
        if (!(theory > NEGLIGIBLE) && !(measured > NEGLIGIBLE))
            return r;
    }
    return floor(2 * most) / 2;
}

/* Points of the theoretical density at the bins' centres; the outermost lie beyond its edges. */
static size_t theory_line(const struct errors *errors, double x[], double y[])
{
    const struct histogram *h = errors->error;
    double width = (h->high - h->low) / (double)h->bins;
    for (size_t k = 0; k < h->bins; k++) {
        x[k] = h->low + ((double)k + 0.5) * width;
        y[k] = fmax(errors->theory_cdf[k + 1] - errors->theory_cdf[k], 0) / width;
    }
    return h->bins;
}

/* clang-format off */
static const struct tick ticks[] = {
    { -2, "-2q" }, { -1.5, "-3q/2" }, { -1, "-q" }, { -0.5, "-q/2" }, { 0, "0" },
    { 0.5, "+q/2" }, { 1, "+q" }, { 1.5, "+3q/2" }, { 2, "+2q" },
};
/* clang-format on */

static void draw(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect)
{
    const struct errors *errors = report->errors;
    if (histogram_total(errors->error) == 0) {
        cells_text(cells, rect.x, rect.y + rect.height / 2, rect.width, STYLE_DIM,
                   "no error: all is zero or not finite");
        return;
    }
    char label[40];
    snprintf(label, sizeof label, "theory, %s", view_source(report));
    static const double uniform_x[] = {-0.5, -0.5, 0.5, 0.5}, uniform_y[] = {0, 1, 1, 0};
    bool ascii = options->glyphs == GLYPHS_ASCII;
    double half = reach(errors);
    struct bars bars;
    bars_of(&bars, errors->error, -half, half, PICTURES_PER_STEP, 8);
    size_t bins = errors->error->bins;
    double *x = mem_alloc(2 * bins, sizeof *x), *y = x + bins;
    size_t points = theory_line(errors, x, y);
    struct figure figure = {
        .x_title = "e",
        .y_title = ascii ? "q f(e)" : "q·f(e)",
        .x_low = -half * 1.04,
        .x_high = half * 1.04,
        .y_log = options->log,
        .series =
            {
                {SERIES_BARS, STYLE_DATA, "measured", bars.edge, bars.height, bars.n},
                {SERIES_DOTTED, STYLE_REFERENCE, "uniform (PQN)", uniform_x, uniform_y, 4},
                {SERIES_LINE, STYLE_THEORY, label, x, y, points},
            },
        .series_count = isnan(errors->theory_mse) ? 2 : 3,
        .x_ticks = ticks,
        .x_tick_count = sizeof ticks / sizeof *ticks,
    };
    draw_figure(cells, rect, &figure, options->glyphs);
    mem_free(x);
}

const struct view view_error = {
    '1',
    "error",
    "Error density",
    "density of the rounding error in steps: measured (bars), theory (line), uniform (dots)",
    draw,
    .spectrum = false};
