/* SPDX-License-Identifier: MIT
 *
 * Logistic: F = 1 / (1 + exp(-z)), z = (x - mean) / s, std = pi s / sqrt(3).
 */
#include "stats/source.h"

#include <math.h>

#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_dilog.h>

#include "stats/legendre.h"
#include "stats/truncated.h"

#define PI     3.14159265358979323846
#define SQRT_3 1.73205080756887729353

/* Longest intervals, in s, that 16 and 8 points integrate to the last digits. */
#define NARROW   3.4
#define NARROW_8 1.0

/* Least s for sums of errors below 1e-12, and below 1e-7, from derivatives; the distance from the
 * poles of f, which stand pi s beside the mean, that they need. */
#define SMOOTH_EXACT 0.9
#define SMOOTH_QUICK 0.5
#define POLES_EXACT  8.0
#define POLES_QUICK  4.5

/* Lengths s beyond which there is less than 1e-17, and 2e-9, of the mass. */
#define REACH_EXACT 40.0
#define REACH_QUICK 20.0

#define DERIVATIVES_MOST 32

static double scale_of(const struct source *source)
{
    return source->std * (SQRT_3 / PI);
}

static double density(const struct source *source, double x)
{
    const double s = scale_of(source), e = exp(-fabs(x - source->mean) / s);
    return e / (s * (1 + e) * (1 + e));
}

static double cdf(const struct source *source, double x)
{
    const double z = (x - source->mean) / scale_of(source), e = exp(-fabs(z));
    return (z < 0 ? e : 1) / (1 + e);
}

static double quantile(const struct source *source, double p)
{
    return source->mean + scale_of(source) * (log(p) - log1p(-p));
}

static double complex characteristic(const struct source *source, double u)
{
    const double t = PI * scale_of(source) * fabs(u);
    const double size = t < 1e-8 ? 1 : t < 700 ? t / sinh(t) : 0;
    return size * (cos(source->mean * u) + I * sin(source->mean * u));
}

/* d(t / sinh t)/dt. */
static double size_slope(double t)
{
    if (fabs(t) < 0.02)
        return t * (-1.0 / 3 + t * t * (7.0 / 90 - t * t * 31 / 2520));
    if (fabs(t) > 350)
        return 0;
    const double sine = sinh(t);
    return (sine - t * cosh(t)) / (sine * sine);
}

static double complex characteristic_slope(const struct source *source, double u)
{
    const double scale = PI * scale_of(source);
    return I * source->mean * characteristic(source, u) +
           scale * size_slope(scale * u) * (cos(source->mean * u) + I * sin(source->mean * u));
}

/* f' = f g / s with g = 1 - 2 F, and g' = -2 f: Leibniz's rule gives each derivative of f from
 * those before. */
static void derivatives(const struct source *source, double x, size_t n, double out[])
{
    const double s = scale_of(source), z = (x - source->mean) / s;
    double choose[DERIVATIVES_MOST] = {1};
    out[0] = density(source, x);
    for (size_t k = 1; k < n && k < DERIVATIVES_MOST; k++) {
        /* The derivative of order k - 1 of f g; choose[j] is (k - 1 over j). */
        double sum = -tanh(0.5 * z) * out[k - 1];
        for (size_t j = 0; j + 1 < k; j++)
            sum -= choose[j] * out[j] * 2 * out[k - 2 - j];
        out[k] = sum / s;
        for (size_t j = k; j > 0; j--)
            choose[j] += choose[j - 1];
    }
}

/* With J_k the integral of (y - a)^k f over y > a: J_0 = F(-a), J_1 = s ln(1 + exp(-a/s)) and
 * J_2 = -2 s^2 Li_2(-exp(-a/s)), all of positive terms. */
static void tail(const struct source *source, double a, double at, double m[3])
{
    const double s = scale_of(source), e = exp(-a / s), d = a - at;
    m[0] = e / (1 + e);
    m[1] = m[2] = 0;
    if (!(m[0] > 0)) /* d may be infinite there */
        return;
    const double first = s * log1p(e), second = -2 * s * s * gsl_sf_dilog(-e);
    m[1] = first + d * m[0];
    m[2] = second + d * (2 * first + d * m[0]);
}

static void truncated(const struct source *source, double a, double b, double at, double m[3])
{
    const double width = (b - a) / scale_of(source);
    m[0] = m[1] = m[2] = 0;
    if (!(a < b))
        return;
    if (width <= NARROW)
        legendre_moments(source, a, b, at, width <= NARROW_8, m);
    else
        truncated_from_tails(source, tail, a, b, at, m);
}

static double draw(const struct source *source, const gsl_rng *rng)
{
    return source->mean + gsl_ran_logistic(rng, scale_of(source));
}

static struct source_rough rough(const struct source *source, bool quick)
{
    const double s = scale_of(source), poles = quick ? POLES_QUICK : POLES_EXACT;
    const bool smooth = s >= (quick ? SMOOTH_QUICK : SMOOTH_EXACT);
    if (smooth && PI * s >= poles)
        return (struct source_rough){0};
    const double away =
        smooth ? sqrt(poles * poles - PI * PI * s * s) : (quick ? REACH_QUICK : REACH_EXACT) * s;
    return (struct source_rough){
        1, {{source->mean - away, source->mean + away}}, .empty_beyond = !smooth};
}

const struct source_type source_logistic = {
    .name = "logistic",
    .title = "logistic",
    .usage = "logistic",
    .density = density,
    .cdf = cdf,
    .quantile = quantile,
    .characteristic = characteristic,
    .truncated = truncated,
    .draw = draw,
    .rough = rough,
    .derivatives = derivatives,
    .characteristic_slope = characteristic_slope,
};
