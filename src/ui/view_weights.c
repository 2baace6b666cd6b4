/* SPDX-License-Identifier: MIT
 *
 * View 2: the weights and the grid that rounds them.  Weights are in units of each channel's own
 * clip, or plain where there is one channel; the mass at each level stands as a stem whose height
 * is that of the density it was sampled from.
 */
#include <math.h>
#include <stdio.h>

#include "base/mem.h"
#include "plot/figure.h"
#include "ui/bars.h"
#include "ui/scheme_words.h"
#include "ui/view.h"

/* Stems closer than this many columns would be a second fill. */
#define STEM_COLUMNS 2

/* What is left free beside the furthest element. */
#define MARGIN (2.0 / 512)

/* A minimum is rounded to half precision; so much of the reach may a weight lie below it. */
#define MINIMUM_SLACK 0.02

#define TICKS_MOST 9

struct picture {
    double shift; /* from the middle of the levels to 0, in clips: not 0 on a grid of full range */
    size_t ticks;
    struct tick tick[TICKS_MOST];
    bool clips;   /* the unit is a threshold, not only the outermost level */
    double unit;  /* what one clip is on the x axis */
    double centre; /* and where the middle of the levels is on it */
    double reach; /* in clips */
    struct bars bars;
    double *line; /* x and y of the fitted density */
    double *stem; /* x and y of the levels */
    size_t bins, levels;
};

static double reach(const struct errors *errors)
{
    const struct histogram *h = errors->weight;
    double total = (double)histogram_total(h);
    double most = fmin(h->high, errors->furthest * (1 + MARGIN));
    for (double r = 1.25; r < most; r += 0.25)
        if (histogram_mass(h, -r, r) / total > 0.9999)
            return r;
    return most;
}

static void fill_line(struct picture *picture, const struct errors *errors)
{
    const struct histogram *h = errors->weight;
    picture->bins = h->bins;
    picture->line = mem_alloc(2 * h->bins, sizeof *picture->line);
    for (size_t k = 0; k < h->bins; k++) {
        double x = h->low + ((double)k + 0.5) * (h->high - h->low) / (double)h->bins;
        picture->line[k] = picture->centre + x * picture->unit;
        picture->line[h->bins + k] = errors->fitted[k] / picture->unit;
    }
}

/* Half the way from the level before one to the level behind it; the whole way where one is
 * missing. */
static double cell_width(const double position[], size_t n, size_t k)
{
    if (n < 2)
        return 1;
    const size_t before = k > 0 ? k - 1 : 0, behind = k + 1 < n ? k + 1 : k;
    return (position[behind] - position[before]) / (double)(behind - before);
}

static void fill_stems(struct picture *picture, const struct errors *errors, int columns)
{
    size_t n = errors->levels;
    double spacing = n > 1 ? columns / (double)(n - 1) / picture->reach : columns;
    picture->levels = n > 0 && spacing >= STEM_COLUMNS ? n : 0;
    picture->stem = mem_alloc(2 * picture->levels, sizeof *picture->stem);
    double total = (double)histogram_total(errors->weight);
    for (size_t k = 0; k < picture->levels; k++) {
        picture->stem[k] = picture->centre + errors->position[k] * picture->unit;
        picture->stem[n + k] = (double)errors->mass[k] / total /
                               cell_width(errors->position, n, k) / picture->unit;
    }
}

/* Where the levels' own range is no clip to either side of 0, its ends have names. */
static bool has_ends(const struct scheme *scheme)
{
    const struct levels *levels = &scheme->levels;
    return scheme->asymmetric || levels->kind == LEVELS_EMPIRICAL ||
           (levels->kind == LEVELS_CODEBOOK && levels->codebook->scale == CODEBOOK_BY_SPREAD);
}

/* Blocks that count from their lowest weight: nothing lies below. */
static bool counts_from_minimum(const struct scheme *scheme, const struct histogram *weight)
{
    return scheme->levels.kind == LEVELS_BLOCKS &&
           histogram_mass(weight, weight->low, -MINIMUM_SLACK) == 0;
}

/* Of many channels, each on levels of its own. */
static void name_ticks(struct picture *picture, const struct scheme *scheme,
                       const struct histogram *weight)
{
    static const struct tick
        clips[] = {{-3, "-3c"},  {-2, "-2c"},   {-1, "-c"}, {-0.5, "-c/2"}, {0, "0"},
                   {0.5, "+c/2"}, {1, "+c"}, {2, "+2c"}, {3, "+3c"}},
        ends[] = {{-1, "lo"}, {0, "mid"}, {1, "hi"}},
        upward[] = {{0, "lo"}, {0.5, "mid"}, {1, "hi"}};
    const bool minimum = counts_from_minimum(scheme, weight), three = minimum || has_ends(scheme);
    const struct tick *tick = minimum ? upward : three ? ends : clips;
    picture->ticks = three ? 3 : sizeof clips / sizeof *clips;
    for (size_t i = 0; i < picture->ticks; i++)
        picture->tick[i] = (struct tick){tick[i].at + picture->shift, tick[i].label};
}

static void draw_picture(const struct picture *picture, const char *fitted,
                         const struct view_options *options, struct cells *cells, struct rect rect)
{
    const double zero = picture->centre + picture->shift * picture->unit;
    const struct marker markers[] = {
        {zero - picture->unit, "clip", STYLE_MARK},
        {zero + picture->unit, "clip", STYLE_MARK},
    };
    struct figure figure = {
        .x_title = "w",
        .y_title = "density",
        .x_low = picture->centre - picture->reach * picture->unit * 1.02,
        .x_high = picture->centre + picture->reach * picture->unit * 1.02,
        .y_log = options->log,
        .series =
            {
                {SERIES_BARS, STYLE_DATA, "weights", picture->bars.edge, picture->bars.height,
                 picture->bars.n},
            },
        .series_count = 1,
        .markers = markers,
        .marker_count = picture->clips ? 2 : 0,
        .x_ticks = picture->ticks > 0 ? picture->tick : NULL,
        .x_tick_count = picture->ticks,
    };
    if (picture->levels > 0)
        figure.series[figure.series_count++] = (struct series){SERIES_STEMS,
                                                               STYLE_MARK,
                                                               "mass at each level",
                                                               picture->stem,
                                                               picture->stem + picture->levels,
                                                               picture->levels};
    if (fitted)
        figure.series[figure.series_count++] = (struct series){
            SERIES_LINE,  STYLE_THEORY, fitted, picture->line, picture->line + picture->bins,
            picture->bins};
    draw_figure(cells, rect, &figure, options->glyphs);
}

static void draw(const struct report *report, const struct view_options *options,
                 struct cells *cells, struct rect rect)
{
    const struct errors *errors = report->errors;
    if (histogram_total(errors->weight) == 0) {
        cells_text(cells, rect.x, rect.y + rect.height / 2, rect.width, STYLE_DIM,
                   "all is zero or not finite");
        return;
    }
    const struct scheme *scheme = &report->request.scheme;
    bool one = errors->channels == 1 && !report->sampled;
    struct picture picture = {
        .clips = levels_take_clip(&scheme->levels) && !scheme_words_given_step(scheme),
        .shift = scheme->full_range ? 1 / (ldexp(1, scheme->bits) - 1) : 0,
        .unit = one ? errors->channel[0].clip : 1,
        .centre = one ? errors->channel[0].centre : 0,
        .reach = reach(errors),
    };
    if (!one)
        name_ticks(&picture, scheme, errors->weight);
    bars_of(&picture.bars, errors->weight, -picture.reach, picture.reach, 128, 8);
    for (size_t i = 0; i <= picture.bars.n; i++)
        picture.bars.edge[i] = picture.centre + picture.bars.edge[i] * picture.unit;
    for (size_t i = 0; i < picture.bars.n; i++)
        picture.bars.height[i] /= picture.unit;
    fill_line(&picture, errors);
    fill_stems(&picture, errors, rect.width);
    char fitted[40];
    snprintf(fitted, sizeof fitted, "fitted %s", view_source(report));
    draw_picture(&picture, isnan(errors->theory_mse) ? NULL : fitted, options, cells, rect);
    mem_free(picture.line);
    mem_free(picture.stem);
}

const struct view view_weights = {'2',
                                  "weights",
                                  "Weights and grid",
                                  "density of the weights (bars), the fitted source (line), what "
                                  "rounding gathers at each level",
                                  draw,
                                  .spectrum = false};
