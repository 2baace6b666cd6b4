/* SPDX-License-Identifier: MIT
 *
 * View 9: the characteristic function of the weights over their steps.  Quantizing repeats it
 * every Ψ = 2π/q; the two quantizing theorems ask that the replicas keep apart (MATH §3.1, §3.2).
 */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "plot/figure.h"
#include "ui/view.h"

/* The figure reaches this far on both sides, in Ψ: the nearest replicas, the next ones' tops. */
#define REACH 2.2

/* Points on each side of the middle, and on both with it. */
#define SIDE   (SPECTRUM_PER_PSI * 11 / 5)
#define POINTS (2 * SIDE + 1)

/* Replicas -2 .. 2 but the function itself, with a break behind each. */
#define REPLICAS       4
#define REPLICA_POINTS (REPLICAS * (POINTS + 1))

/* A logarithmic axis ends here: what is smaller makes no difference to the error. */
#define LOG_LOW 1e-6

/* Everything over u in units of Ψ. */
struct picture {
    double u[POINTS], theory[POINTS], measured[POINTS], envelope[POINTS];
    double edge[POINTS + 1]; /* of the bars of measured */
    double replica_u[REPLICA_POINTS], replica[REPLICA_POINTS];
};

/* A function that is known at k >= 0 alone, and even; NaN beyond what is known. */
static double even(const double phi[], int k)
{
    int at = k < 0 ? -k : k;
    return at < SPECTRUM_POINTS ? phi[at] : (double)NAN;
}

/* |sin z / z|, z = qu/2 = πu/Ψ: what area sampling multiplies the function by. */
static double envelope(double u)
{
    double z = M_PI * u;
    return z == 0 ? 1 : fabs(sin(z) / z);
}

static void fill(struct picture *picture, const struct spectrum *spectrum)
{
    size_t n = 0;
    for (int i = 0; i < POINTS; i++) {
        int k = i - SIDE;
        picture->u[i] = (double)k / SPECTRUM_PER_PSI;
        picture->theory[i] = even(spectrum->theory, k);
        picture->measured[i] = even(spectrum->measured, k);
        picture->envelope[i] = envelope(picture->u[i]);
    }
    for (int i = 0; i <= POINTS; i++)
        picture->edge[i] = (i - SIDE - 0.5) / SPECTRUM_PER_PSI;
    for (int l = -2; l <= 2; l++) {
        for (int i = 0; l != 0 && i <= POINTS; i++, n++) {
            picture->replica_u[n] = i < POINTS ? picture->u[i] : (double)NAN;
            picture->replica[n] = even(spectrum->theory, i - SIDE - l * SPECTRUM_PER_PSI);
        }
    }
}

/* clang-format off */
static const struct tick ticks[2][5] = {
    { { -2, "-2Ψ" }, { -1, "-Ψ" }, { 0, "0" }, { 1, "+Ψ" }, { 2, "+2Ψ" } },
    { { -2, "-2Psi" }, { -1, "-Psi" }, { 0, "0" }, { 1, "+Psi" }, { 2, "+2Psi" } },
};
/* The weights' density is recoverable if all lies within the inner pair, and the error uniform if
 * within the outer one.  A label on either side, so that they have room. */
static const struct marker markers[] = {
    { -1, "QT II", STYLE_MARK }, { 1, NULL, STYLE_MARK },
    { -0.5, NULL, STYLE_MARK }, { 0.5, "QT I", STYLE_MARK },
};
/* clang-format on */

static void draw_picture(const struct picture *p, const char *theory,
                         const struct view_options *options, struct cells *cells, struct rect rect)
{
    bool ascii = options->glyphs == GLYPHS_ASCII;
    struct figure figure = {
        .x_title = "u",
        .y_title = ascii ? "|Phi(u)|" : "|Φ(u)|",
        .x_low = -REACH,
        .x_high = REACH,
        .y_low = options->log ? LOG_LOW : 0,
        .y_high = options->log ? 1.5 : 1.05,
        .y_log = options->log,
        .series =
            {
                {SERIES_BARS, STYLE_DATA, "measured", p->edge, p->measured, POINTS},
                {SERIES_DOTTED, STYLE_DIM, "sinc", p->u, p->envelope, POINTS},
                {SERIES_DOTTED, STYLE_REFERENCE, "replicas", p->replica_u, p->replica,
                 REPLICA_POINTS},
                {SERIES_LINE, STYLE_THEORY, theory, p->u, p->theory, POINTS},
            },
        .series_count = theory ? 4 : 2,
        .markers = markers,
        .marker_count = sizeof markers / sizeof *markers,
        .x_ticks = ticks[ascii],
        .x_tick_count = sizeof ticks[0] / sizeof *ticks[0],
    };
    draw_figure(cells, rect, &figure, options->glyphs);
}

static void draw(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect)
{
    const struct spectrum *spectrum = report->spectrum;
    if (!spectrum || isnan(spectrum->measured[0])) {
        cells_text(cells, rect.x, rect.y + rect.height / 2, rect.width, STYLE_DIM,
                   spectrum ? "no characteristic function: all is zero or not finite"
                            : "the characteristic function is still being summed");
        return;
    }
    char theory[40];
    snprintf(theory, sizeof theory, "theory, %s", view_source(report));
    struct picture *picture = mem_alloc(1, sizeof *picture);
    fill(picture, spectrum);
    draw_picture(picture, isnan(spectrum->theory[0]) ? NULL : theory, options, cells, rect);
    mem_free(picture);
}

const struct view view_cf = {
    '9',
    "cf",
    "Characteristic function",
    "|Phi(u)| of the weights: measured (bars), theory (line), and what quantizing makes of it: "
    "replicas 2 pi/q apart under sin(z)/z (dots); within QT II the error is uniform",
    draw,
    .spectrum = true};
