/* SPDX-License-Identifier: MIT
 *
 * Theory of all sources: against quadrature of the definition at random places, 1000 of them, or
 * 10 000 if ROUNDOFF_THOROUGH is set; and against errors of drawn elements.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_integration.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_sort_double.h>

#include "quant/theory.h"

static const char *const names[] = {
    "gaussian", "laplace", "uniform",         "logistic",        "t:3",     "t:4.7", "t:9",
    "t:60",     "t:2.2",   "mixture:0.01:10", "mixture:0.3:0.2", "gaussian"};

#define NAMES (sizeof names / sizeof *names)

/* The length over which the density of a source changes, `distance` from its mean. */
static double grain(const struct source *source, double distance)
{
    const double ratio = source->shape[1], share = source->shape[0];
    if (source->type == &source_student)
        return fmax(0.6 * source->std * sqrt((share - 2) / share), 0.15 * distance);
    if (source->type == &source_mixture)
        return fmin(ratio, 1) * source->std / sqrt(1 - share + share * ratio * ratio);
    return 0.8 * source->std;
}

/* Adds the part a < x < b of the integrals that belong to one level. */
static void add_smooth(const struct source *source, double a, double b, double level, double m[4],
                       gsl_integration_glfixed_table *table)
{
    while (a < b) {
        const double distance = fabs(a - source->mean);
        const double end = fmin(b, a + grain(source, distance));
        for (size_t i = 0; i < 24; i++) {
            double x, weight;
            gsl_integration_glfixed_point(a, end, i, &x, &weight, table);
            weight *= source->type->density(source, x);
            m[0] += weight;
            m[1] += weight * (level - x);
            m[2] += weight * (level - x) * (level - x);
            m[3] += weight * (level - x) * (x - source->mean);
        }
        a = end;
    }
}

/* The same across the kinks that a source may have. */
static void add_cell(const struct source *source, double a, double b, double level, double m[4],
                     gsl_integration_glfixed_table *table)
{
    const double jump = sqrt(3) * source->std, mean = source->mean;
    const double cut[] = {a, mean - jump, mean, mean + jump, b};
    for (size_t i = 0; i < 4; i++)
        add_smooth(source, i == 0 ? a : fmax(a, cut[i]), i == 3 ? b : fmin(b, cut[i + 1]), level, m,
                   table);
}

/* What is further away than the cells visited: the error is uniform there but for the first term of
 * the Euler-Maclaurin formula. */
static void add_far(const struct source *source, double low, double high, double m[4])
{
    const double left = source->type->density(source, low),
                 right = source->type->density(source, high), mean = source->mean;
    m[2] += (source->type->cdf(source, low) + source->type->cdf(source, 2 * mean - high)) / 12;
    m[1] -= (left - right) / 12;
    m[3] -= ((low - mean) * left - (high - mean) * right) / 12;
}

/* In units of the step. */
static struct prediction integrate(const struct source *source, int n)
{
    gsl_integration_glfixed_table *table = gsl_integration_glfixed_table_alloc(24);
    const bool power = source->type == &source_student;
    const double reach = power ? fmax(800, 40 * source->std) : 80 * source->std + 1;
    double low = floor(source->mean - reach), high = ceil(source->mean + reach);
    double inside[4] = {0}, outside[4] = {0};
    if (n != THEORY_INFINITE) {
        const double far = power ? 1e7 * source->std : reach + n;
        add_cell(source, fmin(source->mean, -n) - far, -n - 0.5, -n, outside, table);
        add_cell(source, n + 0.5, fmax(source->mean, n) + far, n, outside, table);
        low = fmax(low, -n);
        high = fmin(high, n);
    }
    for (double level = low; level <= high; level++)
        add_cell(source, level - 0.5, level + 0.5, level, inside, table);
    if (n == THEORY_INFINITE)
        add_far(source, low - 0.5, high + 0.5, inside);
    gsl_integration_glfixed_table_free(table);
    return (struct prediction){
        .mean = inside[1] + outside[1],
        .granular = inside[2],
        .overload = outside[2],
        .covariance = inside[3] + outside[3],
        .clipped = outside[0],
    };
}

static void check(const char *what, const struct source *source, int n, double got, double wanted,
                  double tolerance)
{
    char name[SOURCE_NAME];
    if (!(fabs(got - wanted) <= tolerance))
        fail_msg("%s of %s mean %.9g std %.9g N %d: %.17g instead of %.17g", what,
                 source_print(source, name), source->mean, source->std, n, got, wanted);
}

static void test_agree_with_quadrature(void **state)
{
    (void)state;
    static const int levels[] = {THEORY_INFINITE, 1, 3, 7, 31, 127};
    const int rounds = getenv("ROUNDOFF_THOROUGH") ? 10000 : 1000;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (int i = 0; i < rounds; i++) {
        struct source unit = {.std = 0.02 * exp(log(5000) * gsl_rng_uniform(rng))};
        const int n = levels[gsl_rng_uniform_int(rng, 6)];
        unit.mean = (gsl_rng_uniform(rng) - 0.5) * (3 * fmin(unit.std, 10) + 2);
        assert_true(source_parse(names[i % (int)NAMES], &unit, NULL));
        const double q = exp(6 * gsl_rng_uniform(rng) - 3);
        struct source source = unit;
        source.mean *= q;
        source.std *= q;
        const struct theory_grid grid = theory_grid_symmetric(q, n);
        const struct prediction got = theory_predict(&source, &grid), wanted = integrate(&unit, n);
        /* Tails of few degrees of freedom are cut by the reference. */
        const double loose =
            unit.shape[0] > 2 && unit.shape[0] <= 3 && n != THEORY_INFINITE ? 1 : 0;
        const double wide = 1e-11 * (1 + unit.std * unit.std);
        check("mean", &unit, n, got.mean / q, wanted.mean, 1e-11 * (1 + unit.std) + 1e-6 * loose);
        check("granular", &unit, n, got.granular / q / q, wanted.granular, 1e-11);
        check("clipped", &unit, n, got.clipped, wanted.clipped, 1e-11);
        if (loose > 0)
            continue;
        check("overload", &unit, n, got.overload / q / q, wanted.overload, wide);
        check("covariance", &unit, n, got.covariance / q / q, wanted.covariance, wide);
    }
    gsl_rng_free(rng);
}

#define DRAWS 100000

/* Kolmogorov's distance of so many errors from theory, below its 1 % critical value. */
static void check_draws(const struct source *source, const struct theory_grid *grid, gsl_rng *rng)
{
    double *error = malloc(DRAWS * sizeof *error), *cdf = calloc(DRAWS, sizeof *cdf);
    for (size_t i = 0; i < DRAWS; i++) {
        const double x = source->type->draw(source, rng);
        double level = nearbyint((x - grid->offset) / grid->step);
        if (!grid->endless)
            level = fmin(fmax(level, grid->lowest), grid->highest);
        error[i] = (grid->offset + level * grid->step - x) / grid->step;
    }
    gsl_sort(error, 1, DRAWS);
    theory_add_curve(source, grid, 1, error, DRAWS, cdf);
    double distance = 0;
    for (size_t i = 0; i < DRAWS; i++)
        distance =
            fmax(distance, fmax(cdf[i] - (double)i / DRAWS, (double)(i + 1) / DRAWS - cdf[i]));
    char name[SOURCE_NAME];
    if (!(distance < 1.628 / sqrt(DRAWS)))
        fail_msg("%s std %g step %g: distance %g", source_print(source, name), source->std,
                 grid->step, distance);
    free(error);
    free(cdf);
}

static void test_agree_with_draws(void **state)
{
    (void)state;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t i = 0; i < NAMES - 1; i++) {
        struct source source = {.mean = 0.3, .std = 1};
        assert_true(source_parse(names[i], &source, NULL));
        struct theory_grid endless = theory_grid_symmetric(2.7, THEORY_INFINITE);
        struct theory_grid ended = theory_grid_symmetric(0.4, 3);
        endless.offset = 0.5;
        ended.offset = -0.1;
        check_draws(&source, &endless, rng);
        check_draws(&source, &ended, rng);
    }
    gsl_rng_free(rng);
}

/* FORMULAS' vectors: a Gaussian of q/4, and the closed form of Laplace's error. */
static void test_known_values(void **state)
{
    (void)state;
    static const double gaussian[][4] = {{0.25, -0.09269, 0.074559, -0.000899},
                                         {0.1, -0.05340, 0.056667, -0.029171},
                                         {0, 0, 0.054009, -0.035505}};
    const struct theory_grid unit = theory_grid_symmetric(1, THEORY_INFINITE);
    for (size_t i = 0; i < 3; i++) {
        struct source source = {.type = &source_gaussian, .mean = gaussian[i][0], .std = 0.25};
        struct prediction p = theory_predict(&source, &unit);
        assert_true(fabs(p.mean - gaussian[i][1]) < 1e-5);
        assert_true(fabs(p.variance - gaussian[i][2]) < 1e-6);
        assert_true(fabs(p.covariance - gaussian[i][3]) < 1e-6);
    }
    for (double ratio = 0.01; ratio < 50; ratio *= 1.21) { /* q/std */
        struct source source = {.type = &source_laplace, .mean = 0, .std = 1 / ratio};
        const double beta = 1 / (ratio * sqrt(2)), half = 0.5 / beta;
        const double wanted =
            ratio > 0.5 ? 2 * beta * beta - beta / sinh(half)
                        : 1.0 / 12 * (1 - 7 * half * half / 60 + 31 * pow(half, 4) / 2520);
        assert_true(fabs(theory_predict(&source, &unit).mse / wanted - 1) <
                    (ratio > 0.5 ? 1e-12 : 1e-5));
        assert_true(fabs(theory_density(&source, &unit, 0.2) /
                             (cosh((0.5 - 0.2) / beta) / (2 * beta * sinh(half))) -
                         1) < 1e-11);
    }
}

/* Ratios that no data has. */
static void test_extremes(void **state)
{
    (void)state;
    static const double stds[] = {5e-324, 1e-150, 1, 1e150, 1e308};
    for (size_t i = 0; i < NAMES - 1; i++)
        for (size_t k = 0; k < 25; k++) {
            struct source source = {.mean = 0, .std = stds[k / 5]};
            assert_true(source_parse(names[i], &source, NULL));
            for (int n = THEORY_INFINITE; n <= 7; n += 4) {
                const struct theory_grid grid = theory_grid_symmetric(stds[k % 5], n);
                const struct prediction p = theory_predict(&source, &grid);
                assert_false(isnan(p.mean) || isnan(p.mse) || isnan(p.covariance));
                assert_true(p.clipped >= 0 && p.clipped <= 1 + 1e-12);
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_agree_with_quadrature),
        cmocka_unit_test(test_agree_with_draws),
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_extremes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
