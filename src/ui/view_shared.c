/* SPDX-License-Identifier: MIT
 *
 * What the views of channels share.
 */
#include <math.h>
#include <string.h>

#include "ui/pane.h"
#include "ui/view.h"

#define PI 3.14159265358979323846

/* A variance that is less than this part of the other's is rounding. */
#define VARIES 1e-12

size_t view_picked(const struct report *report, const struct view_options *options)
{
    if (options->channel < 0)
        return VIEW_NONE;
    const uint64_t first = rows_channel(&report->rows, 0), channel = (uint64_t)options->channel;
    return channel >= first && channel - first < report->errors->channels
               ? (size_t)(channel - first)
               : VIEW_NONE;
}

void view_say(struct cells *cells, struct rect *rect, enum style style, const char *text)
{
    while (*text && rect->height > 0 && rect->width > 1) {
        struct text line = {0};
        text_add(&line, text, pane_line(text, (size_t)rect->width - 1));
        cells_text(cells, rect->x, rect->y++, rect->width, style, line.data);
        rect->height--;
        text += line.length;
        text += strspn(text, " ");
        text_done(&line);
    }
}

void view_set_apart(const struct report *report, struct cells *cells, struct rect *rect)
{
    const struct tensor *tensor = report->request.tensor;
    if (tensor && tensor->rank < 2)
        view_say(cells, rect, STYLE_DIM,
                 "A vector is one channel. Norms and biases lie around a mean of their own, no "
                 "draws of a Gaussian, and are set apart from the channels of matrices.");
}

double view_slope(const struct regression *fit)
{
    return fit->xx > VARIES * fit->yy ? regression_slope(fit) : (double)NAN;
}

void view_describe_fit(struct text *out, const char *name, const struct regression *fit, bool ascii)
{
    char slope[TEXT_NUMBER], r2[TEXT_NUMBER], n[TEXT_NUMBER];
    text_printf(out, "%-8sslope %s  %s %s  n %s", name, text_number(slope, view_slope(fit), 4),
                ascii ? "R2" : "R²", text_number(r2, regression_r2(fit), 4), text_count(n, fit->n));
}

double view_room(double low, double high)
{
    const double room = (high - low) / 25;
    if (room > 0)
        return room;
    return high != 0 ? fabs(high) / 25 : 1;
}

/* From 2 exp(-2π²(σ/q)²), the first term of the series (MATH §3.7), which below 25 % is right to
 * 0.1 %. */
double view_limit(double deviation)
{
    return PI * sqrt(2 / log(2 / deviation));
}
