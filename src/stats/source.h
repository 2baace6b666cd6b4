/* SPDX-License-Identifier: MIT
 *
 * Sources: the densities that theory puts in the place of the weights.  A source is a descriptor
 * and its parameters; a new one is one file and one row in source.c.
 */
#ifndef STATS_SOURCE_H
#define STATS_SOURCE_H

#include <complex.h>
#include <stdbool.h>
#include <stddef.h>

#include <gsl/gsl_rng.h>

#include "base/error.h"
#include "stats/histogram.h"

#define SOURCE_SHAPES 2

struct source_table;

struct source {
    const struct source_type *type;
    double mean, std;                 /* std > 0 */
    double shape[SOURCE_SHAPES];      /* what the name says after its colons: t's nu */
    const struct source_table *table; /* of an empirical source, lent; NULL for all others */
};

/* What is known of data that a source is to be fitted to. */
struct source_summary {
    double mean, std;
    double median, deviation; /* deviation is the mean of |w - median| */
};

/* Places around which a density is not smooth on the scale of a unit: jumps, kinks and narrow
 * peaks, as ascending intervals which may be points. */
struct source_rough {
    size_t count;
    double interval[2][2];
    bool empty_beyond; /* outside of them is no mass to speak of */
};

struct source_type {
    const char *name;   /* as in --source, before the first colon */
    const char *title;  /* for legends: "Gaussian" */
    const char *usage;  /* the whole: "mixture:SHARE:RATIO" */
    size_t shapes;      /* how many numbers follow the name */
    const char *limits; /* what the numbers must be, for messages; NULL without shapes */
    bool (*valid)(const double shape[SOURCE_SHAPES]); /* NULL without shapes */

    double (*density)(const struct source *source, double x);
    double (*cdf)(const struct source *source, double x);
    double (*quantile)(const struct source *source, double p); /* 0 < p < 1 */
    /* E exp(jux). */
    double complex (*characteristic)(const struct source *source, double u);
    /* Integrals of (x - at)^k f(x) over a < x < b for k = 0, 1, 2 without cancellation; a and b
     * may be infinite.  `at` is usually the level of the cell. */
    void (*truncated)(const struct source *source, double a, double b, double at, double m[3]);
    /* A random element. */
    double (*draw)(const struct source *source, const gsl_rng *rng);
    /* Sets mean and std, and leaves the shape as it is.  NULL: both as in the data. */
    void (*fit)(struct source *source, const struct source_summary *summary);

    /* The rest tells theory which short way to a sum over many cells exists; lengths are in units
     * of the source, which theory makes steps of the grid. */

    /* Where sums must visit each cell.  Elsewhere derivatives are used, if not empty_beyond: the
     * density's derivatives of order 0 .. n - 1 at x (n >= 1).  quick: to 1e-7 instead of 1e-12. */
    struct source_rough (*rough)(const struct source *source, bool quick);
    void (*derivatives)(const struct source *source, double x, size_t n, double out[]);
    /* dE exp(jux)/du if the characteristic function falls so quickly that a few terms of a series
     * in it tell all of a wide source; else NULL. */
    double complex (*characteristic_slope)(const struct source *source, double u);
    /* A source made of others: their number and each with its share of the mass.  NULL: it is not.
     * Such a source has no derivatives, and rough() is its whole range. */
    size_t (*parts)(const struct source *source);
    double (*part)(const struct source *source, size_t i, struct source *part);

    /* Largest |E exp(jux)| over |u| >= from > 0.  NULL: |E exp(jux)| never rises with |u| and the
     * characteristic function of the centred source is never negative. */
    double (*crest)(const struct source *source, double from);
    /* For those that have a crest: the largest deviation from 1 of the density of x modulo 1; and,
     * or NULL, the longest unit below which it stays below that share. */
    double (*ripple)(const struct source *source);
    double (*even_below)(const struct source *source, double share);
};

extern const struct source_type source_gaussian;
extern const struct source_type source_laplace; /* kink at its mean */
extern const struct source_type source_uniform;
extern const struct source_type source_logistic;
extern const struct source_type source_student;   /* t:NU, nu > 2, or there were no std */
extern const struct source_type source_mixture;   /* mixture:SHARE:RATIO; two Gaussians of one mean:
                                                    SHARE of the elements have RATIO times the
                                                    standard deviation of the others */
extern const struct source_type source_empirical; /* only by source_empirical_make */

extern const struct source_type *const source_types[];
extern const size_t source_type_count;

/* The type of that name, NULL if there is none. */
const struct source_type *source_find(const char *name);

/* Reads "laplace", "t:5" or "mixture:0.01:10" into the type and shape of *source, whose mean and
 * std it leaves alone.  False with ERROR_USAGE and what is wanted; *source is then unchanged. */
bool source_parse(const char *text, struct source *source, struct error *error);

/* Writes what source_parse reads into out and returns it. */
#define SOURCE_NAME 80
char *source_print(const struct source *source, char out[SOURCE_NAME]);

/* Sets mean and std by the type's estimator: maximum likelihood for Gaussian and Laplace (location
 * the median, scale the mean |w - median|), the data's own mean and std for all others. */
void source_fit(struct source *source, const struct source_summary *summary);

/* The largest |z| expected of d independent draws of a unit Gaussian (MATH §3.7): the median of
 * the maximum, and its mean. */
double source_gaussian_maximum_median(double d);
double source_gaussian_maximum_mean(double d);

/* The shape of a sample: a distribution function that is linear within the histogram's bins, moved
 * and scaled to mean 0 and standard deviation 1.  What lies under and over the histogram is left
 * out.  NULL if there is nothing in the bins.  Immutable; a source that uses it must not outlive
 * it. */
struct source_table *source_table_new(const struct histogram *histogram);
void source_table_free(struct source_table *table);

/* The source that the histogram itself is, with the mean and std of its bins. */
struct source source_empirical_make(const struct source_table *table);

#endif
