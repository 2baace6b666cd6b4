/* SPDX-License-Identifier: MIT
 *
 * Student's t of nu degrees of freedom, moved and scaled: with y = (x - mean) / s its density is
 * proportional to (1 + y^2 / nu)^(-(nu + 1) / 2), and std = s sqrt(nu / (nu - 2)).
 */
#include "stats/source.h"

#include <math.h>

#include <gsl/gsl_cdf.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sf_bessel.h>

#include "stats/legendre.h"
#include "stats/truncated.h"

#define PI      3.14159265358979323846
#define SQRT_PI 1.77245385090551602730
#define LN2     0.69314718055994530942

/* Beyond this it is a Gaussian to nine digits, and its Bessel functions are no longer safe. */
#define NU_MOST 1e4

/* Beyond (1 + y^2 / nu)^(-nu / 2) = exp(-REACH) there is less than 1e-19, and 3e-9, of the mass. */
#define REACH_EXACT 44.0
#define REACH_QUICK 20.0

/* Up to here a power, which is quicker, has as many digits as the exponential of log1p. */
#define POWER_MOST 64.0

/* The rule of 8 points takes intervals so much shorter than that of 16. */
#define SHORT_RULE 3.2

struct student {
    double nu, s;
    double crest; /* density at the mean */
};

/* gamma(n + 1/2) / gamma(n), n > 0: the asymptotic series, from n >= 20 on. */
static double gamma_ratio(double n)
{
    static const double coefficient[] = {
        1.0,
        -1.0 / 8,
        1.0 / 128,
        5.0 / 1024,
        -21.0 / 32768,
        -399.0 / 262144,
        869.0 / 4194304,
        39325.0 / 33554432,
        -334477.0 / 2147483648,
    };
    double over = 1, under = 1;
    for (; n < 20; n++) {
        over *= n;
        under *= n + 0.5;
    }
    const double r = 1 / n;
    double series = 0;
    for (size_t k = sizeof coefficient / sizeof *coefficient; k-- > 0;)
        series = series * r + coefficient[k];
    return sqrt(n) * series * over / under;
}

static struct student student_of(const struct source *source)
{
    const double nu = source->shape[0], s = source->std * sqrt((nu - 2) / nu);
    return (struct student){nu, s, gamma_ratio(0.5 * nu) / (SQRT_PI * sqrt(nu) * s)};
}

/* At a distance from the mean. */
static double density_at(const struct student *t, double distance)
{
    const double y = distance / t->s, square = y * y / t->nu;
    if (t->nu <= POWER_MOST)
        return t->crest * pow(1 + square, -0.5 * (t->nu + 1));
    return t->crest * exp(-0.5 * (t->nu + 1) * log1p(square));
}

static double density(const struct source *source, double x)
{
    const struct student t = student_of(source);
    return density_at(&t, x - source->mean);
}

/* The continued fraction of the incomplete beta function I_x(a, b) behind x^a (1-x)^b / (a B(a,b)),
 * by Lentz's method; for x below (a + 1) / (a + b + 2), where it takes few terms. */
static double beta_fraction(double x, double a, double b)
{
    double c = 1, d = 1 / (1 - (a + b) * x / (a + 1)), fraction = d;
    for (int m = 1; m < 10000; m++) {
        double term = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m));
        d = 1 / (1 + term * d);
        c = 1 + term / c;
        fraction *= c * d;
        term = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1));
        d = 1 / (1 + term * d);
        c = 1 + term / c;
        fraction *= c * d;
        if (fabs(c * d - 1) < 2e-16)
            break;
    }
    return fraction;
}

/* P(y > distance / s) for distance >= 0: half of I_x(nu/2, 1/2), x = nu / (nu + y^2). */
static double mass_beyond(const struct student *t, double distance)
{
    const double y = distance / t->s, square = y * y, a = 0.5 * t->nu;
    const double rest = square / (t->nu + square); /* 1 - x */
    /* x^a (1-x)^(1/2) / B(a, 1/2). */
    const double factor =
        exp(-a * log1p(square / t->nu)) * sqrt(rest) * t->crest * t->s * sqrt(t->nu);
    if (isinf(square))
        return 0;
    if (rest >= 1.5 / (a + 2.5))
        return 0.5 * factor / a * beta_fraction(1 - rest, a, 0.5);
    return 0.5 - factor * beta_fraction(rest, 0.5, a);
}

static double cdf(const struct source *source, double x)
{
    const struct student t = student_of(source);
    const double beyond = mass_beyond(&t, fabs(x - source->mean));
    return x < source->mean ? beyond : 1 - beyond;
}

/* By Newton's method on the tail, from the library's quantile, which has fewer digits. */
static double quantile(const struct source *source, double p)
{
    const struct student t = student_of(source);
    const double wanted = fmin(p, 1 - p);
    double distance = -t.s * gsl_cdf_tdist_Pinv(wanted, t.nu);
    for (int i = 0; i < 4; i++)
        distance += (mass_beyond(&t, distance) - wanted) / density_at(&t, distance);
    return source->mean + (p < 0.5 ? -distance : distance);
}

/* K_(nu/2)(t) t^(nu/2) / (gamma(nu/2) 2^(nu/2 - 1)), t = sqrt(nu) s |u|, in logarithms. */
static double complex characteristic(const struct source *source, double u)
{
    const struct student student = student_of(source);
    const double half = 0.5 * student.nu, t = sqrt(student.nu) * student.s * fabs(u);
    double size = 1;
    gsl_sf_result bessel;
    if (t > 1e3) /* the logarithm is below -t + nu/2 ln t */
        size = exp(-t + half * log(t)) > 0 ? size : 0;
    if (t > 1e-12 && size > 0) {
        gsl_sf_bessel_lnKnu_e(half, t, &bessel);
        size = exp(bessel.val + half * log(t) - lgamma(half) - (half - 1) * LN2);
    }
    return size * (cos(source->mean * u) + I * sin(source->mean * u));
}

/* (nu s^2 + d^2) f' = -(nu + 1) d f, differentiated k times. */
static void derivatives(const struct source *source, double x, size_t n, double out[])
{
    const struct student t = student_of(source);
    const double d = x - source->mean, square = t.nu * t.s * t.s + d * d;
    double before = 0;
    out[0] = density_at(&t, d);
    for (size_t i = 0; i + 1 < n; i++) {
        const double k = (double)i, now = out[i];
        out[i + 1] = -((2 * k + t.nu + 1) * d * now + k * (k + t.nu) * before) / square;
        before = now;
    }
}

/* (nu s^2 + d^2) f has the derivative -(nu - 1) d f, and d times it nu s^2 f - (nu - 2) d^2 f. */
static void tail(const struct source *source, double a, double at, double m[3])
{
    const struct student t = student_of(source);
    const double square = t.nu * t.s * t.s, edge = (square + a * a) * density_at(&t, a);
    m[0] = mass_beyond(&t, a);
    m[1] = m[2] = 0;
    if (!(m[0] > 0))
        return;
    const double first = edge / (t.nu - 1), second = (square * m[0] + a * edge) / (t.nu - 2);
    m[1] = first - at * m[0];
    m[2] = second - at * (2 * first - at * m[0]);
}

/* Half the longest interval that 16 points integrate to the last digits, `distance` from the mean:
 * f changes over s near its middle and with a power of the distance outside. */
static double half_interval(const struct student *t, double distance)
{
    const double middle = fmin(sqrt(t->nu) / 1.85, 1) * t->s;
    return fmax(middle, fmin(distance / 1.85, 5 * distance / (t->nu + 1)));
}

static void by_quadrature(const struct student *t, double a, double b, double at, bool short_rule,
                          double m[3])
{
    const struct legendre_node *node = short_rule ? legendre_8 : legendre_16;
    const double middle = 0.5 * (a + b), half = 0.5 * (b - a);
    m[0] = m[1] = m[2] = 0;
    for (size_t i = 0; i < (short_rule ? LEGENDRE_HALF : 2 * LEGENDRE_HALF); i++) {
        const double y = middle + (i % 2 ? half : -half) * node[i / 2].x, d = y - at;
        const double mass = half * node[i / 2].weight * density_at(t, y);
        m[0] += mass;
        m[1] += mass * d;
        m[2] += mass * d * d;
    }
}

static void truncated(const struct source *source, double a, double b, double at, double m[3])
{
    const struct student t = student_of(source);
    const double left = a - source->mean, right = b - source->mean;
    const double distance = left > 0 ? left : right < 0 ? -right : 0;
    const double longest = isfinite(distance) ? half_interval(&t, distance) : 0;
    m[0] = m[1] = m[2] = 0;
    if (!(a < b))
        return;
    if (0.5 * (b - a) <= longest)
        by_quadrature(&t, left, right, at - source->mean, SHORT_RULE * (b - a) / 2 <= longest, m);
    else
        truncated_from_tails(source, tail, a, b, at, m);
}

static double draw(const struct source *source, const gsl_rng *rng)
{
    return source->mean + student_of(source).s * gsl_ran_tdist(rng, source->shape[0]);
}

static bool valid(const double shape[SOURCE_SHAPES])
{
    return shape[0] > 2 && shape[0] <= NU_MOST;
}

/* The singularities of f stand sqrt(nu) s beside the mean, and its derivatives help at a distance
 * from them that was measured; but for large nu there is no mass left so far out. */
static struct source_rough rough(const struct source *source, bool quick)
{
    const double nu = source->shape[0], root = sqrt(nu), s = source->std * sqrt((nu - 2) / nu);
    const double needed = quick ? 1.5 + 0.8 * root : 3 + 1.5 * root;
    if (root * s >= needed)
        return (struct source_rough){0};
    const double away = sqrt(needed * needed - nu * s * s);
    const double reach = s * sqrt(nu * expm1(2 * (quick ? REACH_QUICK : REACH_EXACT) / nu));
    const double nearer = fmin(away, reach);
    return (struct source_rough){
        1, {{source->mean - nearer, source->mean + nearer}}, .empty_beyond = reach < away};
}

const struct source_type source_student = {
    .name = "t",
    .title = "Student t",
    .usage = "t:NU",
    .shapes = 1,
    .limits = "NU above 2 and at most 10000",
    .valid = valid,
    .density = density,
    .cdf = cdf,
    .quantile = quantile,
    .characteristic = characteristic,
    .truncated = truncated,
    .draw = draw,
    .rough = rough,
    .derivatives = derivatives,
};
