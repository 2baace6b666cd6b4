/* SPDX-License-Identifier: MIT
 *
 * The pooled distribution of the errors of codebooks.
 *
 * An error of at most E comes from the part of each cell above its level - E.  So level after level
 * the source's distribution function is wanted at places as dense as the points are.  Between
 * places where it was looked at, a cubic through values and slopes stands for it, where one more
 * look says that it may.
 */
#include <math.h>
#include <stdbool.h>

#include "quant/theory_within.h"

/* The cubics of all levels together may miss the places looked at by so much.  On the two parts that
 * each is then made of it is a sixteenth, where the source is smooth. */
#define TOLERANCE 2.5e-8

/* Fewer points than this are looked at themselves. */
#define POINTS_LEAST 6

/* Errors of extremes that differ by no more than this, in units, differ by rounding. */
#define SAME_ERROR 1e-9

/* The points and what is added to them. */
struct curve {
    const struct source *source;
    double unit, weight; /* errors are unit * t; each counts so much */
    double tolerance;    /* of one level */
    const double *t;
    double *cdf;
};

/* The cell of one level: the errors at the points are those of x = level - unit * t. */
struct cell {
    const struct curve *curve;
    double level, upto; /* the distribution function at the cell's upper end */
};

/* A point at which the source was looked at. */
struct look {
    size_t point;
    double x, cdf, density;
};

static double place(const struct cell *cell, size_t point)
{
    return cell->level - cell->curve->unit * cell->curve->t[point];
}

static struct look look_at(const struct cell *cell, size_t point)
{
    const struct source *source = cell->curve->source;
    const double x = place(cell, point);
    return (struct look){point, x, source->type->cdf(source, x), source->type->density(source, x)};
}

static void add(const struct cell *cell, size_t point, double cdf)
{
    cell->curve->cdf[point] += cell->curve->weight * (cell->upto - cdf);
}

/* The distribution function by the cubic through two looks, in s = (x - a) / (b - a). */
struct cubic {
    double start, inverse, c[4];
};

static struct cubic cubic_through(const struct look *a, const struct look *b)
{
    const double width = b->x - a->x, rise = b->cdf - a->cdf;
    const double left = width * a->density, right = width * b->density;
    return (struct cubic){
        a->x, 1 / width, {a->cdf, left, 3 * rise - 2 * left - right, left + right - 2 * rise}};
}

static inline double cubic_at(const struct cubic *cubic, double x)
{
    const double s = (x - cubic->start) * cubic->inverse;
    return cubic->c[0] + s * (cubic->c[1] + s * (cubic->c[2] + s * cubic->c[3]));
}

/* All points between two looks, by the cubic. */
static void add_cubic(const struct cell *cell, const struct look *a, const struct look *b)
{
    const struct cubic cubic = cubic_through(a, b);
    for (size_t point = a->point + 1; point < b->point; point++)
        add(cell, point, cubic_at(&cubic, place(cell, point)));
}

/* All points between two looks.  The third look is not in the middle, where the next term of the
 * cubic's error vanishes. */
static void add_between(const struct cell *cell, const struct look *a, const struct look *b)
{
    const size_t points = b->point - a->point - 1;
    if (points < POINTS_LEAST) {
        for (size_t point = a->point + 1; point < b->point; point++)
            add(cell, point, look_at(cell, point).cdf);
        return;
    }
    const struct cubic cubic = cubic_through(a, b);
    const struct look between = look_at(cell, a->point + 1 + 2 * points / 5);
    const bool close = fabs(cubic_at(&cubic, between.x) - between.cdf) < cell->curve->tolerance;
    add(cell, between.point, between.cdf);
    (close ? add_cubic : add_between)(cell, a, &between);
    (close ? add_cubic : add_between)(cell, &between, b);
}

/* The first point from which on x = level - unit * t is below `x`, or not above it. */
static size_t first_below(const struct cell *cell, size_t n, double x, bool or_at)
{
    size_t low = 0, high = n;
    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const double at = place(cell, middle);
        if (at < x || (or_at && at == x))
            high = middle;
        else
            low = middle + 1;
    }
    return low;
}

/* Points whose x lies in the cell get what is above it; those further on all of the cell. */
static void add_cell(const struct cell *cell, double low, double below, double high, size_t n)
{
    const size_t first = first_below(cell, n, high, false);
    const size_t end = first_below(cell, n, low, true);
    if (first < end) {
        const struct look a = look_at(cell, first), b = look_at(cell, end - 1);
        add(cell, a.point, a.cdf);
        if (b.point > a.point) {
            add_between(cell, &a, &b);
            add(cell, b.point, b.cdf);
        }
    }
    const double all = cell->curve->weight * (cell->upto - below);
    for (size_t point = end; point < n; point++)
        cell->curve->cdf[point] += all;
}

/* The extremes, as if their errors were evenly spread about their mean.  Most lie on a level: an
 * error that is 0 in all units stands beyond 0, since histograms do not count it as below. */
static void add_extremes(const struct curve *curve, const struct theory_extremes *extremes,
                         size_t n)
{
    const double share = extremes->share;
    if (!(share > 0))
        return;
    const double mean = extremes->e / share, square = extremes->ee / share;
    const double at = mean / curve->unit;
    const double half = sqrt(3 * fmax(square - mean * mean, 0)) / curve->unit;
    for (size_t point = 0; point < n; point++) {
        const double beyond = curve->t[point] - at;
        const double part = half > SAME_ERROR ? fmin(fmax(0.5 + beyond / (2 * half), 0), 1)
                                              : (double)(beyond > SAME_ERROR);
        curve->cdf[point] += curve->weight * share * part;
    }
}

/* The upper end of a level's cell. */
static double cell_end(const struct theory_codebook *codebook, size_t i, double highest)
{
    const double *level = codebook->level;
    if (i + 1 == codebook->n)
        return highest;
    const double end =
        codebook->threshold ? codebook->threshold[i] : 0.5 * (level[i] + level[i + 1]);
    return fmin(end, highest);
}

void theory_codebook_add_curve(const struct source *source, const struct theory_codebook *codebook,
                               double unit, double weight, const double t[], size_t n, double cdf[])
{
    const struct theory_within within = theory_within_make(source, codebook);
    const struct theory_extremes *extremes = &within.extremes;
    const struct curve whole = {source, unit, weight, TOLERANCE / (double)codebook->n, t, cdf};
    struct curve curve = whole;
    curve.weight *= within.factor;
    double low = extremes->low, below = source->type->cdf(source, low);
    for (size_t i = 0; i < codebook->n; i++) {
        const double high = cell_end(codebook, i, extremes->high);
        if (!(high > low))
            continue;
        const struct cell cell = {&curve, codebook->level[i], source->type->cdf(source, high)};
        add_cell(&cell, low, below, high, n);
        low = high;
        below = cell.upto;
    }
    add_extremes(&whole, extremes, n);
}
