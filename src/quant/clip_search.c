/* SPDX-License-Identifier: MIT
 *
 * The error over the factor is the lower envelope of very many curves, one for each way of giving
 * levels to values: many valleys, deep ones only if values are few.  So it is scanned, coarsely
 * where it is far from its least, finely where it is near, and the best places are descended from.
 */
#include "quant/clip_search.h"

#include <assert.h>
#include <math.h>

#include "quant/clip_power.h"
#include "quant/clip_sample.h"
#include "quant/clip_sweep.h"

/* With more levels than this every factor has its own noise, of a share of 1 / sqrt(weights): the
 * error is then that of densities, where step^2 / 12 comes out by itself. */
#define LEVELS_MOST 1024

/* The scan: ratios of factors, smallest factor, and places kept. */
#define COARSE_LEAST (1 / 64.0)
#define COARSE_MOST  (1 / 32.0)
#define FACTOR_LEAST 1e-5
#define TRIALS_MOST  1024 /* more than fit between FACTOR_LEAST and 1 */
#define KEPT         4

/* Before a sweep over few values: the ratio of the scan, and where it gives up. */
#define SWEPT_RATIO 0.125
#define SWEPT_LEAST 0.05

struct trial {
    double factor, error;
};

struct search {
    const struct clip_sample *sample;
    struct clip_ladder ladder;
    struct clip_power *power; /* NULL: e^2 by the ladder's fit */
    double p;
    struct trial best[KEPT]; /* in order */
};

/* The vertex of the parabola of e^2 over the factor, for values that keep their levels. */
static inline struct trial vertex_of(const struct search *search, const struct clip_fit *fit,
                                     double factor)
{
    if (fit->square > 0)
        factor = fit->product / fit->square;
    factor = factor > FACTOR_LEAST ? factor < 1 ? factor : 1 : FACTOR_LEAST;
    const double squares = clip_sample_total(search->sample).square;
    return (struct trial){factor, squares - factor * (2 * fit->product - factor * fit->square)};
}

/* The error at a factor; with e^2, at the vertex of the parabola that goes through it, which no
 * factor there exceeds. */
static struct trial attempt(const struct search *search, double factor)
{
    if (search->power)
        return (struct trial){factor, clip_power_error(search->power, factor)};
    const struct clip_fit fit = clip_ladder_fit(&search->ladder, search->sample, factor);
    return vertex_of(search, &fit, factor);
}

/* Puts a trial among the best ones, if it is one of them. */
static void keep(struct search *search, struct trial trial)
{
    struct trial *best = search->best;
    size_t place = KEPT;
    for (; place > 0 && trial.error < best[place - 1].error; place--)
        if (place < KEPT)
            best[place] = best[place - 1];
    if (place < KEPT)
        best[place] = trial;
}

/* A lower bound of the error of all these values, which lie beyond a level: powers of a mean are
 * below the mean of powers. */
static double bound_beyond(const struct clip_sums *values, double level, double p)
{
    if (!(values->count > 0))
        return 0;
    const double mean = values->sum / values->count, square = values->square / values->count;
    if (p < 2)
        return values->count * pow(fabs(mean - level), p);
    return values->count * pow(fmax(square - level * (2 * mean - level), 0), p / 2);
}

/* A lower bound of the error at this factor and all smaller ones. */
static double bound(const struct search *search, double factor)
{
    const struct clip_ladder *ladder = &search->ladder;
    const double low = factor * ladder->level[0], high = factor * ladder->level[ladder->n - 1];
    const struct clip_sums total = clip_sample_total(search->sample);
    const struct clip_sums below = clip_sample_below(search->sample, low);
    const struct clip_sums within = clip_sample_below(search->sample, high);
    const struct clip_sums above = {total.count - within.count, total.sum - within.sum,
                                    total.square - within.square};
    return bound_beyond(&below, low, search->p) + bound_beyond(&above, high, search->p);
}

/* Trials from one factor down to another, or to where nothing better can come; keeps the valleys.
 * Returns their number. */
static size_t scan(struct search *search, double from, double to, double ratio,
                   struct trial trials[])
{
    size_t n = 0;
    double least = search->best[0].error;
    for (double factor = from; factor > to && n < TRIALS_MOST; factor *= 1 - ratio) {
        trials[n] = attempt(search, factor);
        least = fmin(least, trials[n++].error);
        if (bound(search, factor) > least)
            break;
    }
    for (size_t i = 0; i < n; i++)
        if ((i == 0 || trials[i].error <= trials[i - 1].error) &&
            (i + 1 == n || trials[i].error <= trials[i + 1].error))
            keep(search, trials[i]);
    return n;
}

/* How far, relatively, the error of a valley may fall below that of a trial near it: valleys are
 * noise, and the deeper the fewer the values. */
static double depth(const struct search *search)
{
    const double count = (double)search->sample->count;
    return 4 / sqrt(count) + 64 / count;
}

/* Between the n trials of a scan of this ratio that come near the best. */
static void scan_finely(struct search *search, double ratio, double fine,
                        const struct trial trials[], size_t n)
{
    struct trial between[TRIALS_MOST];
    const double limit = (1 + depth(search)) * search->best[0].error;
    double from = 1;
    for (size_t i = 0; i < n; i++, from *= 1 - ratio)
        if (trials[i].error <= limit)
            scan(search, fmin(from * (1 + ratio / 2), 1), from * (1 - ratio / 2), fine, between);
}

/* From vertex to vertex while they get lower. */
static struct trial descend(const struct search *search, struct trial from)
{
    for (int i = 0; i < 50; i++) {
        const struct trial next = attempt(search, from.factor);
        if (!(next.error < from.error * (1 - 1e-9)))
            break;
        from = next;
    }
    return from;
}

/* Golden section between two factors. */
static struct trial narrow(const struct search *search, double low, double high, double width)
{
    const double golden = 0.6180339887498949;
    struct trial left = attempt(search, high - golden * (high - low));
    struct trial right = attempt(search, low + golden * (high - low));
    while (high - low > width) {
        if (left.error < right.error) {
            high = right.factor;
            right = left;
            left = attempt(search, high - golden * (high - low));
        } else {
            low = left.factor;
            left = right;
            right = attempt(search, low + golden * (high - low));
        }
    }
    return left.error < right.error ? left : right;
}

/* The bottom of the valley of a trial from a scan of this ratio.  So much from it the outermost
 * values' errors change by some thousandth of a cell. */
static struct trial refine(const struct search *search, struct trial trial, double ratio)
{
    if (!search->power)
        return descend(search, trial);
    const double low = trial.factor * (1 - ratio), high = fmin(trial.factor * (1 + ratio), 1);
    const double width = 0.004 * trial.factor / search->ladder.reach;
    const struct trial found = narrow(search, low, high, width);
    return found.error < trial.error ? found : trial;
}

/* Ratio of factors between which the error is followed well: the outermost levels move by a part of
 * a cell.  The fewer the values, the deeper the valleys. */
static double fine_ratio(const struct search *search)
{
    const size_t count = search->sample->count;
    const double parts = count <= 64 ? 64 : count <= 4096 ? 32 : 16;
    /* Powers cost more, and the valleys' bottoms are looked for later. */
    const double saved = !search->power || count <= 256 ? 1 : count <= 4096 ? 2 : 4;
    return saved / (parts * search->ladder.reach);
}

static void visit(void *context, const struct clip_fit *fit)
{
    struct search *search = context;
    keep(search, vertex_of(search, fit, 1));
}

/* Few values: looks everywhere at once, as far down as a rough scan cannot exclude.  False, with
 * nothing done but the scan, if that is too far. */
static bool sweep(struct search *search)
{
    struct trial trials[TRIALS_MOST];
    if (search->power || search->sample->values == 0 ||
        search->sample->values > CLIP_SWEEP_VALUES || search->ladder.n > LEVELS_MOST)
        return false;
    const size_t n = scan(search, 1, SWEPT_LEAST, SWEPT_RATIO, trials);
    const double least = pow(1 - SWEPT_RATIO, (double)(n - 1));
    if (!(bound(search, least) > search->best[0].error))
        return false;
    clip_sweep(search->sample, &search->ladder, fmin(least, 1 - SWEPT_RATIO), visit, search);
    return true;
}

/* Keeps the best places that are found in scans; returns the ratio of the finest of them. */
static double look_around(struct search *search)
{
    struct trial trials[TRIALS_MOST];
    const double fine = fine_ratio(search), ratio = fmin(fmax(fine, COARSE_LEAST), COARSE_MOST);
    for (size_t i = 0; i < KEPT; i++)
        search->best[i] = (struct trial){1, INFINITY};
    if (sweep(search))
        return ratio;
    const size_t n = scan(search, 1, FACTOR_LEAST, ratio, trials);
    if (!(fine < ratio) || search->ladder.n > LEVELS_MOST)
        return ratio;
    scan_finely(search, ratio, fine, trials, n);
    return fine;
}

static double search_factor(struct search *search)
{
    const double ratio = look_around(search);
    struct trial best = search->best[0];
    const double limit = (1 + depth(search) / 4) * best.error;
    for (size_t i = 0; i < KEPT && search->best[i].error <= limit; i++) {
        const struct trial refined = refine(search, search->best[i], ratio);
        best = refined.error < best.error ? refined : best;
    }
    return best.factor;
}

/* By sums over groups or values, as many as a grid of this factor asks for. */
static double search_powers(struct search *search, double p, double factor)
{
    search->p = p;
    search->power = clip_power_make(search->sample, &search->ladder, p, factor);
    const double found = search_factor(search);
    clip_power_free(search->power);
    return found;
}

static double search_squares(struct search *search)
{
    if (search->ladder.n > LEVELS_MOST)
        return search_powers(search, 2, 1);
    search->p = 2;
    return search_factor(search);
}

double clip_search_mse(const struct clip_sample *sample, const struct clip_grids *grids)
{
    struct search search = {.sample = sample};
    if (sample->least == 0 && sample->most == 0)
        return 1;
    clip_ladder_make(&search.ladder, sample, grids);
    const double factor = search_squares(&search);
    clip_ladder_done(&search.ladder);
    return factor;
}

/* The best factor for squares, quickly found, tells how fine the groups should be: smaller powers
 * have a smaller one. */
double clip_search_lp(const struct clip_sample *sample, const struct clip_grids *grids, double p)
{
    assert(p >= 1 && p <= 8);
    struct search search = {.sample = sample};
    if (sample->least == 0 && sample->most == 0)
        return 1;
    clip_ladder_make(&search.ladder, sample, grids);
    const double near = grids->n <= LEVELS_MOST ? search_squares(&search) : 1;
    const double factor = search_powers(&search, p, p < 2 ? near / 2 : near);
    clip_ladder_done(&search.ladder);
    return factor;
}
