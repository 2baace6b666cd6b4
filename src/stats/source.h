/* SPDX-License-Identifier: MIT
 *
 * Sources: the densities that theory puts in the place of the weights.  A source is a descriptor
 * and its parameters; a new one is one file and one row in source.c.
 */
#ifndef STATS_SOURCE_H
#define STATS_SOURCE_H

#include <complex.h>
#include <stddef.h>

struct source {
    const struct source_type *type;
    double mean, std; /* std > 0 */
};

struct source_type {
    const char *name;  /* as in --source */
    const char *title; /* for legends: "Gaussian" */
    double (*density)(const struct source *source, double x);
    double (*cdf)(const struct source *source, double x);
    double (*quantile)(const struct source *source, double p); /* 0 < p < 1 */
    /* E exp(jux). */
    double complex (*characteristic)(const struct source *source, double u);
    /* Integrals of (x - at)^k f(x) over a < x < b for k = 0, 1, 2 without cancellation; a and b
     * may be infinite.  `at` is usually the level of the cell. */
    void (*truncated)(const struct source *source, double a, double b, double at, double m[3]);
    /* Less than 1e-20 of the mass lies further than this many standard deviations from the mean. */
    double reach;
    /* The next two are for densities so smooth that a few terms of a series replace a sum over
     * cells; both NULL for the others.  dE exp(jux)/du; and the derivatives of order 0 .. n - 1 of
     * the density at x (n >= 1). */
    double complex (*characteristic_slope)(const struct source *source, double u);
    void (*derivatives)(const struct source *source, double x, size_t n, double out[]);
};

extern const struct source_type source_gaussian;

/* The type of that name, NULL if there is none. */
const struct source_type *source_find(const char *name);

/* The largest |z| expected of d independent draws of a unit Gaussian (MATH §3.7): the median of
 * the maximum, and its mean. */
double source_gaussian_maximum_median(double d);
double source_gaussian_maximum_mean(double d);

#endif
