/* SPDX-License-Identifier: MIT
 *
 * Uniform: 1 / width within half a width of the mean, std = width / sqrt(12).
 */
#include "stats/source.h"

#include <math.h>

#define PI     3.14159265358979323846
#define SQRT_3 1.73205080756887729353

static double half_width(const struct source *source)
{
    return SQRT_3 * source->std;
}

static double density(const struct source *source, double x)
{
    const double half = half_width(source);
    return fabs(x - source->mean) <= half ? 0.5 / half : 0;
}

static double cdf(const struct source *source, double x)
{
    const double half = half_width(source);
    return fmin(fmax((x - source->mean + half) / (2 * half), 0), 1);
}

static double quantile(const struct source *source, double p)
{
    return source->mean + (2 * p - 1) * half_width(source);
}

/* sin t / t. */
static double sinc(double t)
{
    return fabs(t) < 1e-8 ? 1 : sin(t) / t;
}

static double complex characteristic(const struct source *source, double u)
{
    return sinc(half_width(source) * u) * (cos(source->mean * u) + I * sin(source->mean * u));
}

static void truncated(const struct source *source, double a, double b, double at, double m[3])
{
    const double half = half_width(source);
    a = fmax(a, source->mean - half);
    b = fmax(fmin(b, source->mean + half), a);
    const double width = b - a, middle = a + 0.5 * width - at;
    m[0] = width / (2 * half);
    m[1] = m[0] * middle;
    m[2] = m[0] * (middle * middle + width * width / 12);
}

static double draw(const struct source *source, const gsl_rng *rng)
{
    return quantile(source, gsl_rng_uniform(rng));
}

/* Two jumps, and nothing but a constant between them. */
static struct source_rough rough(const struct source *source, bool quick)
{
    (void)quick;
    const double low = source->mean - half_width(source), high = source->mean + half_width(source);
    return (struct source_rough){2, {{low, low}, {high, high}}, .empty_beyond = false};
}

static void derivatives(const struct source *source, double x, size_t n, double out[])
{
    out[0] = density(source, x);
    for (size_t k = 1; k < n; k++)
        out[k] = 0;
}

/* The first lobe of |sin t / t| whose top is not left of t has the largest top: tops, where
 * tan t = t, fall with t. */
static double crest(const struct source *source, double from)
{
    const double t = half_width(source) * from;
    double lobe = ceil(t / PI - 0.5); /* the top of lobe n is a little left of (n + 1/2) pi */
    double best = fabs(sinc(t));
    for (lobe = fmax(lobe - 1, 1); lobe * PI < t + 2 * PI; lobe++) {
        double top = (lobe + 0.5) * PI;
        for (int i = 0; i < 8; i++)
            top = (lobe + 0.5) * PI - atan(1 / top);
        if (top >= t)
            best = fmax(best, fabs(sinc(top)));
    }
    return best;
}

/* Modulo 1 the density is k / width or (k + 1) / width, k whole; one of them alone, which is 1, if
 * the width is a whole number. */
static double ripple(const struct source *source)
{
    const double width = 2 * half_width(source), over = width - floor(width);
    const double rounding = 4e-16 * width;
    if (over <= rounding || over >= 1 - rounding)
        return 0;
    return fmax(over, 1 - over) / width;
}

static double even_below(const struct source *source, double share)
{
    return 2 * half_width(source) * share; /* as ripple is at most 1 / width, and comes near it */
}

const struct source_type source_uniform = {
    .name = "uniform",
    .title = "uniform",
    .usage = "uniform",
    .density = density,
    .cdf = cdf,
    .quantile = quantile,
    .characteristic = characteristic,
    .truncated = truncated,
    .draw = draw,
    .rough = rough,
    .derivatives = derivatives,
    .crest = crest,
    .ripple = ripple,
    .even_below = even_below,
};
