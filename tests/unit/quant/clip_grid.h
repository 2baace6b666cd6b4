/* SPDX-License-Identifier: MIT
 *
 * Grids, weights and the error by its definition, for tests of the clip search.
 */
#ifndef TESTS_CLIP_GRID_H
#define TESTS_CLIP_GRID_H

#include <math.h>
#include <stddef.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "quant/clip_search.h"

#define LEVELS_MOST 65536

/* A grid at factor 1. */
struct grid {
    size_t n;
    double level[LEVELS_MOST];
};

static inline void put_levels(const void *context, double factor, double level[])
{
    const struct grid *grid = context;
    for (size_t i = 0; i < grid->n; i++)
        level[i] = factor * grid->level[i];
}

static inline struct clip_grids grids_of(const struct grid *grid)
{
    return (struct clip_grids){grid->n, put_levels, grid};
}

static inline void make_symmetric(struct grid *grid, int bits, double clip)
{
    const int each_side = (1 << (bits - 1)) - 1;
    grid->n = 0;
    for (int i = -each_side; i <= each_side; i++)
        grid->level[grid->n++] = clip * i / each_side;
}

static inline double middle(const struct grid *grid, size_t i)
{
    return grid->level[i] + (grid->level[i + 1] - grid->level[i]) / 2;
}

static inline double nearest(const struct grid *grid, double x)
{
    size_t low = 0, high = grid->n - 1;
    while (low < high) {
        const size_t i = (low + high) / 2;
        if (x > middle(grid, i))
            low = i + 1;
        else
            high = i;
    }
    return grid->level[low];
}

/* The sum of |e|^p by the definition. */
static inline double true_error(const struct grid *grid, const double w[], size_t n, double factor,
                                double p)
{
    double sum = 0;
    for (size_t i = 0; i < n; i++) {
        const double e = fabs(w[i] - factor * nearest(grid, w[i] / factor));
        sum += p == 2 ? e * e : pow(e, p);
    }
    return sum;
}

/* Gaussian, Laplace, and Gaussian with an outlier; returns the largest magnitude. */
static inline double draw(const gsl_rng *rng, int kind, double w[], size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++) {
        w[i] = kind == 1 ? gsl_ran_laplace(rng, 1) : gsl_ran_gaussian_ziggurat(rng, 1);
        w[i] *= kind == 2 && i == 0 ? 20 : 1;
        most = fmax(most, fabs(w[i]));
    }
    return most;
}

#endif
