/* SPDX-License-Identifier: MIT
 *
 * View C: the error over the clip, on logarithmic axes: rounding grows with the clip (its square,
 * while steps are small), what is cut off falls, and their sum has a least.  Marked are the clip
 * that the scheme's rule chooses and the best one; lines below say what there is to gain.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/mem.h"
#include "base/text.h"
#include "plot/figure.h"
#include "ui/view.h"

/* Octaves that are shown below the least of the marks: enough to see what overload comes to. */
#define OCTAVES_BELOW 1.75

/* The axis ends so much beyond the whole range. */
#define BEYOND 1.08

/* Errors are shown down to this part of the least sum: its parts cross well above. */
#define DEPTH 0.02

/* Two marks within this ratio are one; closer than this part of the axis, they share a label. */
#define SAME 1.02
#define NEAR 0.16

/* A figure of fewer rows has no words below it. */
#define FIGURE_LEAST 9

/* Over log2 of the factor. */
struct picture {
    double x[CURVE_POINTS], total[CURVE_POINTS], granular[CURVE_POINTS], overload[CURVE_POINTS];
    double theory_x[CURVE_THEORY_POINTS], theory[CURVE_THEORY_POINTS];
    double low, high;   /* of x */
    double least, most; /* of the error */
};

static void choose_range(struct picture *picture, const struct curve *curve, double clip)
{
    double lowest = fmin(curve->best.factor, clip);
    if (!isnan(curve->theory_best.mse))
        lowest = fmin(lowest, curve->theory_best.factor);
    picture->low = fmax(log2(lowest) - OCTAVES_BELOW, -CURVE_OCTAVES);
    picture->high = log2(BEYOND);
    picture->least = DEPTH * curve->best.mse;
    picture->most = 0;
    for (size_t k = 0; k < CURVE_POINTS; k++)
        if (log2(curve->factor[k]) >= picture->low && log2(curve->factor[k]) <= picture->high)
            picture->most = fmax(picture->most, curve->measured[k].mse);
}

static void fill(struct picture *picture, const struct curve *curve)
{
    for (size_t k = 0; k < CURVE_POINTS; k++) {
        picture->x[k] = log2(curve->factor[k]);
        picture->total[k] = curve->measured[k].mse;
        picture->granular[k] = curve->measured[k].granular;
        picture->overload[k] = curve->measured[k].overload;
    }
    for (size_t k = 0; k < CURVE_THEORY_POINTS; k++) {
        picture->theory_x[k] = log2(curve->theory_factor[k]);
        picture->theory[k] = curve->theory[k].mse;
    }
}

/* At log2 of what their labels say. */
/* clang-format off */
static const struct tick ticks[] = {
    { -5.643856, "0.02" }, { -5.058894, "0.03" }, { -4.321928, "0.05" }, { -3.321928, "0.1" },
    { -2.736966, "0.15" }, { -2.321928, "0.2" }, { -1.736966, "0.3" }, { -1, "0.5" },
    { -0.514573, "0.7" }, { 0, "1" },
};
/* clang-format on */

/* What is marked on the axis, from left to right. */
struct marks {
    struct marker marker[2];
    size_t count;
    char label[2][40];
};

/* The scheme's clip and the best one, which are one mark or have a label in common where there is
 * no room for more. */
static void make_marks(struct marks *marks, const struct picture *picture, double clip, double best)
{
    const bool clip_first = clip < best;
    const char *const name[2] = {clip_first ? "clip" : "best", clip_first ? "best" : "clip"};
    const double factor[2] = {fmin(clip, best), fmax(clip, best)};
    for (int i = 0; i < 2; i++) {
        const enum style style = clip_first == (i == 0) ? STYLE_MARK : STYLE_GOOD;
        marks->marker[i] = (struct marker){log2(factor[i]), marks->label[i], style};
        snprintf(marks->label[i], sizeof marks->label[i], "%s %.3g", name[i], factor[i]);
    }
    const double gap = log2(factor[1] / factor[0]);
    marks->count = gap < log2(SAME) ? 1 : 2;
    if (marks->count == 1) {
        snprintf(marks->label[0], sizeof marks->label[0], "clip, best %.3g", best);
    } else if (gap < NEAR * (picture->high - picture->low)) {
        marks->marker[1].label = NULL;
        snprintf(marks->label[0], sizeof marks->label[0], "%s %.3g, %s %.3g", name[0], factor[0],
                 name[1], factor[1]);
    }
}

static void draw_picture(const struct picture *p, const struct report *report,
                         const struct curve_place *place, enum glyphs glyphs, struct cells *cells,
                         struct rect rect)
{
    const struct curve *curve = report->curve;
    struct marks marks;
    make_marks(&marks, p, place->mean, curve->best.factor);
    char theory[40];
    snprintf(theory, sizeof theory, "theory, %s", view_source(report));
    const bool ascii = glyphs == GLYPHS_ASCII;
    const struct figure figure = {
        .x_title = report->request.scheme.asymmetric ? "part of range" : "c/max|w|",
        .y_title = ascii ? "mean e^2" : "mean e²",
        .x_low = p->low,
        .x_high = p->high,
        .y_low = p->least,
        .y_high = 1.5 * p->most,
        .y_log = true,
        .series =
            {
                {SERIES_SCATTER, STYLE_POINT, "total", p->x, p->total, CURVE_POINTS},
                {SERIES_DOTTED, STYLE_REFERENCE, "granular", p->x, p->granular, CURVE_POINTS},
                {SERIES_DOTTED, STYLE_REFERENCE, "overload", p->x, p->overload, CURVE_POINTS},
                {SERIES_LINE, STYLE_THEORY, theory, p->theory_x, p->theory, CURVE_THEORY_POINTS},
            },
        .series_count = isnan(p->theory[0]) ? 3 : 4,
        .markers = marks.marker,
        .marker_count = marks.count,
        .x_ticks = ticks,
        .x_tick_count = sizeof ticks / sizeof *ticks,
    };
    draw_figure(cells, rect, &figure, glyphs);
}

/* What a clip gains over the scheme's own. */
static void add_gain(struct text *line, double now, double mse)
{
    if (mse > 0 && now > 0) /* in hundredths, so that nothing is never "-0.00" */
        text_printf(line, "SQNR %+.2f dB", round(1000 * log10(now / mse)) / 100 + 0.0);
    else
        text_puts(line, "no error");
}

/* What has no room is left out whole. */
static void add_if_it_fits(struct text *line, int width, const char *part)
{
    if (line->length + strlen(part) <= (size_t)width)
        text_puts(line, part);
}

/* One factor for all rows is not what the rule `mse` chooses, a best one for each: both are told,
 * and what theory would choose. */
static void draw_words(const struct report *report, const struct curve_place *place,
                       struct cells *cells, struct rect rect)
{
    const struct curve *curve = report->curve;
    const double now = report->figures.error_mse;
    const bool one = report->rows.channels == 1, range = place->most > SAME * place->least;
    char part[60];
    struct text line = {0};
    text_printf(&line, "best%s %.3g: ", one ? "" : " for all", curve->best.factor);
    add_gain(&line, now, curve->best.mse);
    text_puts(&line, report->curve_sampled ? " (sample)" : "");
    snprintf(part, sizeof part, range ? "   clip %.3g to %.3g" : "   clip %.3g", place->least,
             place->most);
    add_if_it_fits(&line, rect.width, part);
    snprintf(part, sizeof part, "   by theory %.3g", curve->theory_best.factor);
    if (!isnan(curve->theory_best.mse))
        add_if_it_fits(&line, rect.width, part);
    cells_text(cells, rect.x, rect.y, rect.width, STYLE_TEXT, line.data);
    text_done(&line);
    if (one)
        return;
    text_printf(&line, "each its own, mean %.3g: ", curve->own.factor);
    add_gain(&line, now, curve->own.mse);
    cells_text(cells, rect.x, rect.y + 1, rect.width, STYLE_TEXT, line.data);
    text_done(&line);
}

static const char *reason_for_none(const struct report *report)
{
    const char *refusal = curve_refusal(&report->request.scheme);
    if (refusal)
        return refusal;
    return report->curve ? "no error: all is zero or not finite"
                         : "the errors of other clips are still being summed";
}

static void draw(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect)
{
    const struct curve *curve = report->curve;
    if (!curve || isnan(curve->best.mse) || curve_refusal(&report->request.scheme)) {
        cells_text(cells, rect.x, rect.y + rect.height / 2, rect.width, STYLE_DIM,
                   reason_for_none(report));
        return;
    }
    const struct curve_place place =
        curve_place_of(&report->request.scheme, report->errors, report->profile);
    int words = report->rows.channels > 1 ? 2 : 1;
    words = rect.height >= FIGURE_LEAST + words ? words : 0;
    struct picture *picture = mem_alloc(1, sizeof *picture);
    fill(picture, curve);
    choose_range(picture, curve, place.mean);
    struct rect above = rect, below = rect;
    above.height -= words;
    below.y += above.height;
    draw_picture(picture, report, &place, options->glyphs, cells, above);
    if (words > 0)
        draw_words(report, &place, cells, below);
    mem_free(picture);
}

const struct view view_clip = {
    'C',
    "clip",
    "Error over the clip",
    "mean e^2 over c/max|w|: measured (marks), theory (line), its parts from rounding and from "
    "what is cut off (dots); the scheme's clip and the best one marked",
    draw,
    .curve = true};
