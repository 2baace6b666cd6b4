/* SPDX-License-Identifier: MIT
 *
 * Two sources with kinks and jumps, in plain closed forms, for what the theory does with a source
 * that has no series.
 */
#ifndef TESTS_SOURCES_H
#define TESTS_SOURCES_H

#include <math.h>

#include "stats/source.h"

/* std = sqrt(2) beta. */
static inline double laplace_beta(const struct source *source)
{
    return source->std / sqrt(2);
}

static inline double laplace_density(const struct source *source, double x)
{
    double beta = laplace_beta(source);
    return exp(-fabs(x - source->mean) / beta) / (2 * beta);
}

static inline double laplace_cdf(const struct source *source, double x)
{
    double z = (x - source->mean) / laplace_beta(source);
    return z < 0 ? 0.5 * exp(z) : 1 - 0.5 * exp(-z);
}

/* Integrals from a >= mean to infinity. */
static inline void laplace_tail(const struct source *source, double a, double at, double m[3])
{
    double beta = laplace_beta(source);
    m[0] = m[1] = m[2] = 0;
    if (isinf(a))
        return;
    double mass = 0.5 * exp(-(a - source->mean) / beta), d = a - at;
    m[0] = mass;
    m[1] = mass * (d + beta);
    m[2] = mass * (d * d + 2 * beta * d + 2 * beta * beta);
}

static inline void laplace_truncated(const struct source *source, double a, double b, double at,
                                     double m[3])
{
    const double mean = source->mean;
    double right[2][3], left[2][3];
    laplace_tail(source, fmax(a, mean), at, right[0]);
    laplace_tail(source, fmax(b, mean), at, right[1]);
    laplace_tail(source, 2 * mean - fmin(b, mean), 2 * mean - at, left[0]); /* mirrored */
    laplace_tail(source, 2 * mean - fmin(a, mean), 2 * mean - at, left[1]);
    for (int k = 0; k < 3; k++)
        m[k] = right[0][k] - right[1][k] + (k == 1 ? -1 : 1) * (left[0][k] - left[1][k]);
}

static const struct source_type laplace = {
    .name = "laplace",
    .density = laplace_density,
    .cdf = laplace_cdf,
    .truncated = laplace_truncated,
    .reach = 33,
};

/* std = width / sqrt(12). */
static inline double uniform_width(const struct source *source)
{
    return source->std * sqrt(12);
}

static inline double uniform_density(const struct source *source, double x)
{
    double width = uniform_width(source);
    return fabs(x - source->mean) < width / 2 ? 1 / width : 0;
}

static inline double uniform_cdf(const struct source *source, double x)
{
    return fmin(fmax((x - source->mean) / uniform_width(source) + 0.5, 0), 1);
}

static inline void uniform_truncated(const struct source *source, double a, double b, double at,
                                     double m[3])
{
    double width = uniform_width(source);
    a = fmax(a, source->mean - width / 2);
    b = fmax(fmin(b, source->mean + width / 2), a);
    for (int k = 0; k < 3; k++)
        m[k] = (pow(b - at, k + 1) - pow(a - at, k + 1)) / ((k + 1) * width);
}

static const struct source_type uniform = {
    .name = "uniform",
    .density = uniform_density,
    .cdf = uniform_cdf,
    .truncated = uniform_truncated,
    .reach = 1.8,
};

#endif
