/* SPDX-License-Identifier: MIT */
#include "stats/source.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>

#include "stats/legendre.h"

#define SQRT_HALF 0.70710678118654752440
#define SQRT_2PI  2.50662827463100050242
#define LN2       0.69314718055994530942

/* Widest interval, in standard deviations, that the quadrature integrates to the last digits, and
 * the place from which the closed form of a tail would cancel. */
#define NARROW   2.0
#define FAR_TAIL 2.0

/* Least standard deviation for sums of errors below 1e-12, and below 1e-7, from derivatives. */
#define SMOOTH_EXACT 2.0
#define SMOOTH_QUICK 0.99

/* Standard deviations beyond which there is less than 1e-20, and 2e-9, of the mass. */
#define REACH_EXACT 9.5
#define REACH_QUICK 6.0

/* The unit density; 0, not NaN, at infinity. */
static double unit_density(double z)
{
    return exp(-0.5 * z * z) / SQRT_2PI;
}

static double standardised(const struct source *source, double x)
{
    return (x - source->mean) / source->std;
}

static double density(const struct source *source, double x)
{
    return unit_density(standardised(source, x)) / source->std;
}

static double cdf(const struct source *source, double x)
{
    return 0.5 * erfc(-standardised(source, x) * SQRT_HALF);
}

static double quantile(const struct source *source, double p)
{
    return source->mean + source->std * gsl_cdf_ugaussian_Pinv(p);
}

static double complex characteristic(const struct source *source, double u)
{
    double scaled = source->std * u, size = exp(-0.5 * scaled * scaled);
    return size * (cos(source->mean * u) + I * sin(source->mean * u));
}

static double complex characteristic_slope(const struct source *source, double u)
{
    return (I * source->mean - source->std * source->std * u) * characteristic(source, u);
}

/* f' = -z f / sigma, and from it each derivative from the two before (Hermite's recurrence). */
static void derivatives(const struct source *source, double x, size_t n, double out[])
{
    double z = standardised(source, x);
    out[0] = density(source, x);
    double before = 0;
    for (size_t k = 1; k < n; k++) {
        double next = -(z * out[k - 1] + (double)(k - 1) * before / source->std) / source->std;
        before = out[k - 1];
        out[k] = next;
    }
}

/* Integrals of (z - t)^k phi(z) from a to infinity where a is far in the tail.  With
 * J_k = integral of s^k exp(-s^2/2 - as) ds over s > 0, parts give k J_(k-1) = J_(k+1) + a J_k:
 * a continued fraction of positive terms for the ratios J_k / J_(k-1), so nothing cancels. */
static void far_tail(double a, double t, double m[3])
{
    if (!(a < 39)) { /* phi underflows */
        m[0] = m[1] = m[2] = 0;
        return;
    }
    int terms = 12 + (int)(220 / (a * a));
    double ratio = 0.5 * (sqrt(a * a + 4 * terms) - a), second = 0;
    for (int k = terms - 1; k >= 1; k--) {
        second = ratio;
        ratio = k / (a + ratio);
    }
    double shift = a - t;
    m[0] = unit_density(a) / (a + ratio);
    double first_moment = m[0] * ratio, second_moment = first_moment * second;
    m[1] = first_moment + shift * m[0];
    m[2] = second_moment + shift * (2 * first_moment + shift * m[0]);
}

/* The same from any a. */
static void tail(double a, double t, double m[3])
{
    if (a >= FAR_TAIL) {
        far_tail(a, t, m);
        return;
    }
    double phi = unit_density(a), beyond = 0.5 * erfc(a * SQRT_HALF);
    m[0] = beyond;
    m[1] = phi - t * beyond;
    m[2] = (1 + t * t) * beyond + (phi > 0 ? (a - 2 * t) * phi : 0);
}

static void add_point(double z, double t, double weight, double m[3])
{
    double mass = weight * unit_density(z), d = z - t;
    if (!(mass > 0)) /* d may be infinite there */
        return;
    m[0] += mass;
    m[1] += mass * d;
    m[2] += mass * d * d;
}

/* The integrals over a narrow interval, where differences of tails would cancel. */
static void narrow_interval(double a, double b, double t, double m[3])
{
    double middle = 0.5 * (a + b), half = 0.5 * (b - a);
    m[0] = m[1] = m[2] = 0;
    for (size_t i = 0; i < LEGENDRE_HALF; i++) {
        add_point(middle - half * legendre_16[i].x, t, half * legendre_16[i].weight, m);
        add_point(middle + half * legendre_16[i].x, t, half * legendre_16[i].weight, m);
    }
}

/* Those over any other, from the tails on the right. */
static void wide_interval(double a, double b, double t, double m[3])
{
    double beyond[3];
    tail(a, t, m);
    tail(b, t, beyond);
    for (size_t k = 0; k < 3; k++)
        m[k] -= beyond[k];
}

static void unit_truncated(double a, double b, double t, double m[3])
{
    if (b - a <= NARROW) {
        narrow_interval(a, b, t, m);
    } else if (a + b < 0) { /* mirrored, because tails on the left are the larger ones */
        wide_interval(-b, -a, -t, m);
        m[1] = -m[1];
    } else {
        wide_interval(a, b, t, m);
    }
}

static void truncated(const struct source *source, double a, double b, double at, double m[3])
{
    m[0] = m[1] = m[2] = 0;
    if (!(a < b))
        return;
    double std = source->std;
    unit_truncated(standardised(source, a), standardised(source, b), standardised(source, at), m);
    m[1] *= std;
    m[2] *= std * std;
}

static double draw(const struct source *source, const gsl_rng *rng)
{
    return source->mean + gsl_ran_gaussian_ziggurat(rng, source->std);
}

static struct source_rough rough(const struct source *source, bool quick)
{
    if (source->std >= (quick ? SMOOTH_QUICK : SMOOTH_EXACT))
        return (struct source_rough){0};
    const double away = (quick ? REACH_QUICK : REACH_EXACT) * source->std;
    return (struct source_rough){
        1, {{source->mean - away, source->mean + away}}, .empty_beyond = true};
}

const struct source_type source_gaussian = {
    .name = "gaussian",
    .title = "Gaussian",
    .usage = "gaussian",
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

double source_gaussian_maximum_median(double d)
{
    /* P(|z| < m)^d = 1/2, so each side has (1 - 2^(-1/d))/2 of the mass beyond m. */
    return gsl_cdf_ugaussian_Qinv(-0.5 * expm1(-LN2 / d));
}

/* P(the largest of d values |z| > t). */
static double maximum_survival(double t, double d)
{
    double beyond = erfc(t * SQRT_HALF);
    return beyond < 1 ? -expm1(d * log1p(-beyond)) : 1;
}

double source_gaussian_maximum_mean(double d)
{
    /* The mean is the integral of the survival function: 1 to within e^-40 below low, less than
     * 1e-18 above high, and smooth between on the scale of a panel. */
    const int panels = 16;
    double low = d > 80 ? gsl_cdf_ugaussian_Qinv(20 / d) : 0;
    double high = gsl_cdf_ugaussian_Qinv(5e-19 / d);
    double half = 0.5 * (high - low) / panels, mean = low;
    for (int i = 0; i < panels; i++) {
        double middle = low + (2 * i + 1) * half;
        for (size_t k = 0; k < LEGENDRE_HALF; k++)
            mean += half * legendre_16[k].weight *
                    (maximum_survival(middle - half * legendre_16[k].x, d) +
                     maximum_survival(middle + half * legendre_16[k].x, d));
    }
    return mean;
}
