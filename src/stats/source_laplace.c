/* SPDX-License-Identifier: MIT
 *
 * Laplace: f = exp(-|x - mean| / beta) / (2 beta), std = sqrt(2) beta.
 */
#include "stats/source.h"

#include <math.h>

#include <gsl/gsl_randist.h>

#include "stats/legendre.h"

#define SQRT_2 1.41421356237309504880

/* Longest interval, in beta, that 8 points integrate to the last digits. */
#define NARROW 2.0

/* Least beta for sums of errors below 1e-13, and below 1e-7, from derivatives. */
#define SMOOTH_EXACT 1.0
#define SMOOTH_QUICK 0.5

/* Lengths beta beyond which there is less than 1e-17, and 2e-9, of the mass. */
#define REACH_EXACT 40.0
#define REACH_QUICK 20.0

static double beta_of(const struct source *source)
{
    return source->std / SQRT_2;
}

static double density(const struct source *source, double x)
{
    const double beta = beta_of(source);
    return exp(-fabs(x - source->mean) / beta) / (2 * beta);
}

static double cdf(const struct source *source, double x)
{
    const double z = (x - source->mean) / beta_of(source);
    return z < 0 ? 0.5 * exp(z) : 1 - 0.5 * exp(-z);
}

static double quantile(const struct source *source, double p)
{
    const double beta = beta_of(source);
    return source->mean + (p < 0.5 ? beta * log(2 * p) : -beta * log(2 * (1 - p)));
}

static double complex characteristic(const struct source *source, double u)
{
    const double t = beta_of(source) * u, size = 1 / (1 + t * t);
    return size * (cos(source->mean * u) + I * sin(source->mean * u));
}

static void derivatives(const struct source *source, double x, size_t n, double out[])
{
    const double beta = beta_of(source), slope = x < source->mean ? 1 / beta : -1 / beta;
    out[0] = density(source, x);
    for (size_t k = 1; k < n; k++)
        out[k] = slope * out[k - 1];
}

/* Integrals of (y - at)^k f from a to b, 0 <= a < b, where y is x less the mean. */
static void one_side(double beta, double a, double b, double at, double m[3])
{
    const double h = (b - a) / beta, left = isinf(b) ? 0 : exp(-h);
    const double mass = 0.5 * exp(-a / beta), d = a - at;
    /* Integrals of t^k exp(-t) from 0 to h. */
    const double zeroth = -expm1(-h), first = beta * (1 - (left > 0 ? (1 + h) * left : 0)),
                 second = beta * beta * (2 - (left > 0 ? (2 + h * (2 + h)) * left : 0));
    m[0] = m[1] = m[2] = 0;
    if (!(mass > 0)) /* d may be infinite there */
        return;
    m[0] = mass * zeroth;
    m[1] = mass * (first + d * zeroth);
    m[2] = mass * (second + d * (2 * first + d * zeroth));
}

/* Adds the part of a < x < b that lies on one side of the mean; side is +1 or -1. */
static void add_side(const struct source *source, double a, double b, double at, double side,
                     double m[3])
{
    const double beta = beta_of(source);
    double part[3];
    if (!(a < b))
        return;
    if (b - a <= NARROW * beta) { /* where the closed form would cancel */
        legendre_moments(source, a, b, at, true, part);
    } else {
        const double mean = source->mean, low = side > 0 ? a : b, high = side > 0 ? b : a;
        one_side(beta, side * (low - mean), side * (high - mean), side * (at - mean), part);
        part[1] *= side;
    }
    for (size_t k = 0; k < 3; k++)
        m[k] += part[k];
}

static void truncated(const struct source *source, double a, double b, double at, double m[3])
{
    m[0] = m[1] = m[2] = 0;
    add_side(source, a, fmin(b, source->mean), at, -1, m);
    add_side(source, fmax(a, source->mean), b, at, 1, m);
}

static double draw(const struct source *source, const gsl_rng *rng)
{
    return source->mean + gsl_ran_laplace(rng, beta_of(source));
}

static void fit(struct source *source, const struct source_summary *summary)
{
    source->mean = summary->median;
    source->std = summary->deviation * SQRT_2;
}

static struct source_rough rough(const struct source *source, bool quick)
{
    const double beta = beta_of(source);
    const bool smooth = beta >= (quick ? SMOOTH_QUICK : SMOOTH_EXACT);
    const double away = smooth ? 0 : (quick ? REACH_QUICK : REACH_EXACT) * beta;
    return (struct source_rough){
        1, {{source->mean - away, source->mean + away}}, .empty_beyond = !smooth};
}

const struct source_type source_laplace = {
    .name = "laplace",
    .title = "Laplace",
    .usage = "laplace",
    .density = density,
    .cdf = cdf,
    .quantile = quantile,
    .characteristic = characteristic,
    .truncated = truncated,
    .draw = draw,
    .fit = fit,
    .rough = rough,
    .derivatives = derivatives,
};
