/* SPDX-License-Identifier: MIT */
#include "quant/lloyd_max.h"

#include <assert.h>
#include <math.h>
#include <stdlib.h>

#include <gsl/gsl_sf_lambert.h>

#define SQRT_HALF 0.70710678118654752440

#define LEVELS_MOST (1 << LLOYD_MAX_BITS_MOST)

/* Newton's method ends with a step below this, relative to 1 + |level|: what is left after it is
 * about its square. */
#define SETTLED 1e-10

/* Steps that are tried for one number of levels; a smooth source needs less than ten. */
#define ATTEMPTS_MOST 1000

/* An MSE that rises by less is taken for one that does not: the sums' rounding. */
#define ROUNDING 1e-11

/* Damping after the first step that failed, the factor from one failure to the next, and where it
 * is taken for none. */
#define DAMPING_FIRST  0x1p-7
#define DAMPING_FACTOR 4.0
#define DAMPING_LEAST  0x1p-12

/* The second start looks at the source where its tails hold one half of it, and so on by a factor,
 * to 1e-15. */
#define TAIL_FACTOR 0.875
#define TAIL_STEPS  250

/* By less, relatively, the second start's MSE is none that is better. */
#define BETTER 1e-9

/* Distances at which a source is looked at to see whether it is symmetric. */
#define SYMMETRY_POINTS 64
#define SYMMETRY_STEP   0.0937
#define SYMMETRY_EXACT  1e-12

/* The levels of a source above `low`, which is the fixed lower end of the lowest cell: 0 for one
 * half of a symmetric source, else -infinity. */
struct problem {
    const struct source *source;
    double low;
    size_t n;
    double level[LEVELS_MOST];
    /* Of each cell: its mass, and the integral of x - level, which is minus half the derivative of
     * the MSE with respect to the level. */
    double mass[LEVELS_MOST], pull[LEVELS_MOST];
    /* At the upper end of each cell but the last: how much of a move of the level on either side
     * the moving threshold makes up for, in mass. */
    double coupling[LEVELS_MOST];
    double mse;
};

static double cell_low(const struct problem *problem, size_t i)
{
    return i == 0 ? problem->low : 0.5 * (problem->level[i - 1] + problem->level[i]);
}

static double cell_high(const struct problem *problem, size_t i)
{
    return i + 1 == problem->n ? (double)INFINITY : cell_low(problem, i + 1);
}

static void evaluate(struct problem *problem)
{
    const struct source *source = problem->source;
    const double *level = problem->level;
    problem->mse = 0;
    for (size_t i = 0; i < problem->n; i++) {
        double m[3];
        const double high = cell_high(problem, i);
        source->type->truncated(source, cell_low(problem, i), high, level[i], m);
        problem->mass[i] = m[0];
        problem->pull[i] = m[1];
        problem->mse += m[2];
        if (i + 1 < problem->n)
            problem->coupling[i] =
                0.25 * (level[i + 1] - level[i]) * source->type->density(source, high);
    }
}

/* Solves (H + damping M) step = pull by elimination, where H is half the MSE's second derivative
 * and M are the masses: without damping Newton's step; with much of it a short one of the plain
 * alternation, which is step = pull / mass and never makes the MSE larger.  False if the matrix is
 * not positive definite, so that the MSE might have no minimum there. */
static bool solve(const struct problem *problem, double damping, double step[])
{
    double factor[LEVELS_MOST], above = 0; /* the coupling to the level before */
    for (size_t i = 0; i < problem->n; i++) {
        const double mass = problem->mass[i] > 0 ? problem->mass[i] : 1; /* an empty cell rests */
        const double below = i + 1 < problem->n ? problem->coupling[i] : 0;
        double pivot = (1 + damping) * mass - above - below;
        step[i] = problem->pull[i];
        if (i > 0) {
            pivot -= above * factor[i - 1];
            step[i] += above * step[i - 1];
        }
        if (!(pivot > 0))
            return false;
        factor[i] = below / pivot;
        step[i] /= pivot;
        above = below;
    }
    for (size_t i = problem->n - 1; i-- > 0;)
        step[i] += factor[i] * step[i + 1];
    return true;
}

/* Moves the levels; false if they would not stay in order.  *moved is the largest step. */
static bool move(struct problem *problem, const double step[], double *moved)
{
    double before = problem->low;
    *moved = 0;
    for (size_t i = 0; i < problem->n; i++) {
        problem->level[i] += step[i];
        if (!(problem->level[i] > before))
            return false;
        before = problem->level[i];
        *moved = fmax(*moved, fabs(step[i]) / (1 + fabs(before)));
    }
    return true;
}

/* Newton's method, damped where it would fail (Levenberg and Marquardt).  False if it does not
 * settle. */
static bool settle(struct problem *problem, unsigned *iterations)
{
    double damping = 0;
    for (int i = 0; i < ATTEMPTS_MOST; i++) {
        double step[LEVELS_MOST], moved;
        struct problem tried = *problem;
        ++*iterations;
        bool better = solve(problem, damping, step) && move(&tried, step, &moved);
        if (better) {
            evaluate(&tried);
            better = tried.mse <= problem->mse * (1 + ROUNDING);
        }
        if (!better) {
            damping = fmax(DAMPING_FACTOR * damping, DAMPING_FIRST);
            continue;
        }
        *problem = tried;
        if (damping == 0 && moved < SETTLED)
            return true;
        damping = damping > DAMPING_LEAST ? damping / (DAMPING_FACTOR * DAMPING_FACTOR) : 0;
    }
    return false;
}

static double conditional_mean(const struct source *source, double a, double b, double at)
{
    double m[3];
    source->type->truncated(source, a, b, at, m);
    return m[0] > 0 ? at + m[1] / m[0] : at;
}

/* Twice as many levels: those of the cells' two parts below and above their levels. */
static void split(struct problem *problem)
{
    double level[LEVELS_MOST];
    for (size_t i = 0; i < problem->n; i++) {
        const double at = problem->level[i];
        level[2 * i] = conditional_mean(problem->source, cell_low(problem, i), at, at);
        level[2 * i + 1] = conditional_mean(problem->source, at, cell_high(problem, i), at);
    }
    problem->n *= 2;
    for (size_t i = 0; i < problem->n; i++)
        problem->level[i] = level[i];
    evaluate(problem);
}

static bool by_halving(struct problem *problem, size_t n, unsigned *iterations)
{
    problem->n = 1;
    problem->level[0] = conditional_mean(problem->source, problem->low, INFINITY, 0);
    evaluate(problem);
    while (problem->n < n) {
        split(problem);
        if (!settle(problem, iterations))
            return false;
    }
    return true;
}

/* Where the theory of many levels has them.  Unlike the cells' halves, it follows sources of two
 * widths, as mixtures are. */
struct places {
    size_t n;
    double x[2 * TAIL_STEPS + 1];
    double upto[2 * TAIL_STEPS + 1]; /* what goes with the number of levels below x */
};

/* The k-th place from the middle, and how much of the source lies further out. */
static double place_at(const struct problem *problem, int k, double *beyond)
{
    const struct source *source = problem->source;
    *beyond = 0.5 * pow(TAIL_FACTOR, abs(k));
    if (k <= 0)
        return source->type->quantile(source, *beyond);
    /* A symmetric source from below, where probabilities keep their digits. */
    return problem->low == 0 ? -source->type->quantile(source, *beyond)
                             : source->type->quantile(source, 1 - *beyond);
}

/* The levels between two places are as the integral of the cube root of the density (FORMULAS
 * §2.2), which is mass / width there. */
static void list_places(struct places *places, const struct problem *problem)
{
    double before = 0, beyond;
    places->n = 0;
    for (int k = problem->low == 0 ? 0 : -TAIL_STEPS; k <= TAIL_STEPS; k++) {
        const double x = place_at(problem, k, &beyond), mass = fabs(beyond - before);
        const size_t n = places->n;
        before = beyond;
        if (n > 0 && !(x > places->x[n - 1]))
            continue;
        const double width = n > 0 ? x - places->x[n - 1] : 0;
        places->x[n] = x;
        places->upto[n] = n > 0 ? places->upto[n - 1] + cbrt(mass * width * width) : 0;
        places->n++;
    }
}

static bool from_density(struct problem *problem, size_t n, unsigned *iterations)
{
    struct places places;
    list_places(&places, problem);
    if (places.n < 2)
        return false;
    problem->n = n;
    for (size_t i = 0, at = 1; i < n; i++) {
        const double wanted = places.upto[places.n - 1] * ((double)i + 0.5) / (double)n;
        while (places.upto[at] < wanted)
            at++;
        const double low = places.upto[at - 1], width = places.x[at] - places.x[at - 1];
        problem->level[i] = places.x[at - 1] + (wanted - low) / (places.upto[at] - low) * width;
    }
    evaluate(problem);
    return settle(problem, iterations);
}

/* From both starts, and the better end; *problem is empty but for its source and its low end. */
static bool by_two_starts(struct problem *problem, size_t n, unsigned *iterations)
{
    struct problem other = *problem;
    unsigned of_other = 0;
    const bool halved = by_halving(problem, n, iterations);
    const bool spread = from_density(&other, n, &of_other);
    if (spread && (!halved || other.mse < problem->mse * (1 - BETTER))) {
        *problem = other;
        *iterations = of_other;
    }
    return halved || spread;
}

/* A Laplace looks the same from everywhere on its slope, so the cells follow from one another,
 * from the outermost one inwards (FORMULAS §2.2).  In units of beta: if a level stands `above`
 * its cell's lower end, the next cell inwards has the width d > 0 for which d / (1 - exp(-d)) =
 * 1 + above. */
static void by_recursion(struct problem *problem, size_t n)
{
    double above = 1; /* the mean of all that lies beyond a point */
    double width[LEVELS_MOST], offset[LEVELS_MOST], low = 0;
    problem->n = n;
    for (size_t i = n; i-- > 0;) {
        offset[i] = above;
        width[i] = (1 + above) + gsl_sf_lambert_W0(-(1 + above) * exp(-(1 + above)));
        above = width[i] - above;
    }
    /* width[i] is that of the cell below i. */
    for (size_t i = 0; i < n; i++) {
        problem->level[i] = SQRT_HALF * (low + offset[i]);
        low += i + 1 < n ? width[i + 1] : 0;
    }
    evaluate(problem);
}

static bool symmetric(const struct source *source)
{
    for (int i = 1; i <= SYMMETRY_POINTS; i++) {
        const double x = i * SYMMETRY_STEP;
        const double below = source->type->cdf(source, -x), upto = source->type->cdf(source, x);
        if (!(fabs(below + upto - 1) < SYMMETRY_EXACT))
            return false;
    }
    return true;
}

static struct codebook *codebook_of(const struct problem *problem, unsigned iterations)
{
    const bool mirrored = problem->low == 0;
    const size_t n = problem->n;
    double level[LEVELS_MOST];
    for (size_t i = 0; i < n; i++) {
        level[mirrored ? n + i : i] = problem->level[i];
        if (mirrored)
            level[n - 1 - i] = -problem->level[i];
    }
    struct codebook *codebook = codebook_of_levels(level, mirrored ? 2 * n : n, NULL);
    codebook->mse = mirrored ? 2 * problem->mse : problem->mse;
    codebook->iterations = iterations;
    return codebook;
}

struct codebook *lloyd_max_make(const struct source *source, int bits, struct error *error)
{
    assert(bits >= 1 && bits <= LLOYD_MAX_BITS_MOST);
    struct source unit = *source;
    unit.mean = 0;
    unit.std = 1;
    const bool half = symmetric(&unit);
    const size_t n = (size_t)1 << (half ? bits - 1 : bits);
    struct problem problem = {.source = &unit, .low = half ? 0 : -INFINITY};
    unsigned iterations = 0;
    if (unit.type == &source_laplace) {
        by_recursion(&problem, n);
    } else if (!by_two_starts(&problem, n, &iterations)) {
        char name[SOURCE_NAME];
        error_set(error, ERROR_USAGE, "no Lloyd-Max levels of %d bits are found for the source %s",
                  bits, source_print(source, name));
        return NULL;
    }
    return codebook_of(&problem, iterations);
}

double lloyd_max_step(const struct source *source, double levels[], size_t n, double *moved)
{
    double mse = 0, low = -INFINITY;
    assert(n > 0);
    *moved = 0;
    for (size_t i = 0; i < n; i++) {
        const double level = levels[i];
        const double high = i + 1 < n ? 0.5 * (level + levels[i + 1]) : (double)INFINITY;
        double m[3];
        source->type->truncated(source, low, high, level, m);
        mse += m[2];
        if (m[0] > 0) {
            levels[i] = level + m[1] / m[0];
            *moved = fmax(*moved, fabs(m[1] / m[0]));
        }
        low = high;
    }
    return mse;
}
