/* SPDX-License-Identifier: MIT
 *
 * What every source must satisfy, whatever its density: its functions agree with each other.
 */
#ifndef TESTS_SOURCE_CHECKS_H
#define TESTS_SOURCE_CHECKS_H

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_sort_double.h>

#include "stats/source.h"

#define CHECK_DRAWS 100000

static inline void check_close(const char *what, const struct source *source, double at, double got,
                               double wanted, double tolerance)
{
    char name[SOURCE_NAME];
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%s of %s at %g: %.17g instead of %.17g", what, source_print(source, name), at,
                 got, wanted);
}

/* Integrals of (x - at)^k f(x) cos(u x) over a stretch without kinks, in pieces of `grain` near the
 * mean and longer ones further out. */
static inline void check_add_stretch(const struct source *source, double a, double b, double at,
                                     double u, double grain, double m[3])
{
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(20);
    while (a < b) {
        double piece = fmax(grain, 0.1 * fabs(a - source->mean));
        if (u > 0)
            piece = fmin(piece, 2 / u);
        const double end = fmin(b, a + piece);
        for (size_t i = 0; i < 20; i++) {
            double x, weight;
            gsl_integration_glfixed_point(a, end, i, &x, &weight, table);
            weight *= source->type->density(source, x) * cos(u * x);
            m[0] += weight;
            m[1] += weight * (x - at);
            m[2] += weight * (x - at) * (x - at);
        }
        a = end;
    }
    gsl_integration_glfixed_table_free(table);
}

/* The same from a to b; kink[] has the ascending places where f is not smooth. */
static inline void check_integrate(const struct source *source, const double kink[], size_t kinks,
                                   double a, double b, double at, double u, double grain,
                                   double m[3])
{
    m[0] = m[1] = m[2] = 0;
    for (size_t i = 0; i <= kinks; i++) {
        const double low = i > 0 ? fmax(a, kink[i - 1]) : a,
                     high = i < kinks ? fmin(b, kink[i]) : b;
        if (low < high)
            check_add_stretch(source, low, high, at, u, grain, m);
    }
}

struct source_check {
    struct source source;
    double kink[2];
    size_t kinks;
    double grain; /* length over which f changes near the mean */
    double far;   /* distance from the mean beyond which nothing matters */
};

/* Total mass, mean and std; the mass between places against the distribution function. */
static inline void check_density(const struct source_check *check)
{
    const struct source *source = &check->source;
    const double mean = source->mean, std = source->std;
    double m[3];
    check_integrate(source, check->kink, check->kinks, mean - check->far, mean + check->far, mean,
                    0, check->grain, m);
    check_close("mass", source, 0, m[0], 1, 1e-12);
    check_close("mean", source, 0, m[1], 0, 1e-11 * std);
    check_close("variance", source, 0, m[2] / (std * std), 1, 1e-9);
    for (double a = mean - 5 * std; a < mean + 5 * std; a += 0.37 * std) {
        const double b = a + 0.29 * std;
        check_integrate(source, check->kink, check->kinks, a, b, a, 0, check->grain, m);
        check_close("cdf", source, a, source->type->cdf(source, b) - source->type->cdf(source, a),
                    m[0], 1e-14);
    }
}

static inline void check_quantile(const struct source_check *check)
{
    const struct source *source = &check->source;
    for (double p = 1e-9; p < 0.5; p *= 1.9) {
        const double left = source->type->quantile(source, p),
                     right = source->type->quantile(source, 1 - p);
        /* The place itself is rounded. */
        const double rounding = 1e-15 * (fabs(left) + source->std);
        check_close("cdf of quantile", source, p, source->type->cdf(source, left), p,
                    1e-12 * p + rounding * source->type->density(source, left));
        check_close("cdf of quantile", source, 1 - p, source->type->cdf(source, right), 1 - p,
                    1e-14);
    }
}

/* Relative to the integral itself: nothing may cancel; m[1] may by symmetry. */
static inline void check_truncated(const struct source_check *check, double tolerance)
{
    static const double widths[] = {1e-4, 0.01, 0.3, 1, 1.9, 4, 11};
    const struct source *source = &check->source;
    const double mean = source->mean, std = source->std;
    for (double place = -12; place <= 12; place += 0.53)
        for (size_t k = 0; k < sizeof widths / sizeof *widths; k++) {
            const double a = mean + std * (place - widths[k] / 2), b = a + std * widths[k];
            const double at = mean + std * place;
            double got[3], wanted[3];
            check_integrate(source, check->kink, check->kinks, a, b, at, 0, check->grain, wanted);
            source->type->truncated(source, a, b, at, got);
            const double loose = tolerance + 1e-13 / widths[k]; /* a and b are rounded */
            check_close("mass", source, place, got[0], wanted[0], loose * wanted[0] + 1e-30);
            check_close("first", source, place, got[1], wanted[1],
                        loose * sqrt(wanted[0] * wanted[2]) + 1e-30);
            check_close("second", source, place, got[2], wanted[2], loose * wanted[2] + 1e-30);
        }
}

/* The tails from `beyond` std on, about a level a little before. */
static inline void check_tails(const struct source_check *check, double beyond, double tolerance)
{
    const struct source *source = &check->source;
    const double mean = source->mean, std = source->std;
    for (double a = 0; a <= beyond; a += 0.25) {
        double right[3], left[3], wanted[3];
        const double from = mean + a * std, at = from - 0.3 * std;
        check_integrate(source, check->kink, check->kinks, from, mean + check->far, at, 0,
                        check->grain, wanted);
        source->type->truncated(source, from, INFINITY, at, right);
        source->type->truncated(source, -INFINITY, 2 * mean - from, 2 * mean - at, left);
        for (size_t k = 0; k < 3; k++) {
            check_close("tail", source, a, right[k], wanted[k], tolerance * wanted[k] + 1e-30);
            check_close("left tail", source, a, left[k], (k == 1 ? -1 : 1) * right[k],
                        1e-9 * fabs(right[k]) + 1e-30);
        }
    }
    double whole[3];
    source->type->truncated(source, -INFINITY, INFINITY, mean + std, whole);
    check_close("whole", source, 0, whole[0], 1, 1e-14);
    check_close("whole", source, 0, whole[1] / std, -1, 1e-13);
    check_close("whole", source, 0, whole[2] / (std * std), 2, 1e-12);
    source->type->truncated(source, mean, mean, mean, whole);
    assert_true(whole[0] == 0 && whole[1] == 0 && whole[2] == 0);
}

/* Against quadrature; the slope against differences. */
static inline void check_characteristic(const struct source_check *check, double most,
                                        double tolerance)
{
    const struct source *source = &check->source;
    struct source centred = *source; /* so that the sine's half is 0 */
    centred.mean = 0;
    const double kink[2] = {check->kink[0] - source->mean, check->kink[1] - source->mean};
    for (double u = 0.01 / source->std; u < most / source->std; u *= 1.4) {
        double m[3];
        check_integrate(&centred, kink, check->kinks, -check->far, check->far, 0, u, check->grain,
                        m);
        const double complex got = source->type->characteristic(source, u);
        check_close("CF", source, u, creal(got), m[0] * cos(u * source->mean), tolerance);
        check_close("CF", source, u, cimag(got), m[0] * sin(u * source->mean), tolerance);
        assert_true(got == conj(source->type->characteristic(source, -u)));
        if (!source->type->characteristic_slope)
            continue;
        const double h = 1e-5 * u;
        const double complex rise = (source->type->characteristic(source, u + h) -
                                     source->type->characteristic(source, u - h)) /
                                    (2 * h);
        const double complex slope = source->type->characteristic_slope(source, u);
        check_close("slope", source, u, cabs(rise - slope), 0, 1e-7 * source->std + 1e-11 / h);
    }
    check_close("CF", source, 0, cabs(source->type->characteristic(source, 0) - 1), 0, 0);
}

/* Each derivative against differences of the one before; where f is smooth. */
static inline void check_derivatives(const struct source_check *check, double from, double to)
{
    const struct source *source = &check->source;
    const double std = source->std, h = 1e-4 * check->grain;
    for (double place = from; place < to; place += 0.19) {
        const double x = source->mean + place * std;
        double d[12], left[12], right[12];
        source->type->derivatives(source, x, 12, d);
        source->type->derivatives(source, x - h, 12, left);
        source->type->derivatives(source, x + h, 12, right);
        check_close("derivative 0", source, x, d[0], source->type->density(source, x),
                    1e-15 * d[0]);
        for (size_t k = 1; k < 11; k++) /* sizes of the neighbours, as some are 0 */
            check_close("derivative", source, x, d[k] * h, (right[k - 1] - left[k - 1]) / 2,
                        1e-6 * h * (fabs(d[k]) + fabs(d[k - 1]) / std + fabs(d[k + 1]) * h) +
                            1e-12 * fabs(d[k - 1]));
    }
}

/* Kolmogorov's distance of so many draws, below its 1 % critical value. */
static inline void check_draws(const struct source_check *check)
{
    const struct source *source = &check->source;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    double *x = malloc(CHECK_DRAWS * sizeof *x), distance = 0;
    for (size_t i = 0; i < CHECK_DRAWS; i++)
        x[i] = source->type->draw(source, rng);
    gsl_sort(x, 1, CHECK_DRAWS);
    for (size_t i = 0; i < CHECK_DRAWS; i++) {
        const double cdf = source->type->cdf(source, x[i]);
        distance = fmax(distance,
                        fmax(cdf - (double)i / CHECK_DRAWS, (double)(i + 1) / CHECK_DRAWS - cdf));
    }
    check_close("Kolmogorov distance", source, 0, distance, 0, 1.628 / sqrt(CHECK_DRAWS));
    free(x);
    gsl_rng_free(rng);
}

#endif
