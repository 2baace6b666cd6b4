/* SPDX-License-Identifier: MIT
 *
 * Signal to noise of random weights, by unit after unit (FORMULAS §4.5, of two million samples).
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_randist.h>
#include <gsl/gsl_rng.h>

#include "base/mem.h"
#include "quant/fitter.h"

#define SAMPLES 400000

static double gaussian(const gsl_rng *rng)
{
    return gsl_ran_gaussian_ziggurat(rng, 1);
}

static double laplace(const gsl_rng *rng)
{
    return gsl_ran_laplace(rng, M_SQRT1_2);
}

static double student(const gsl_rng *rng)
{
    return gsl_ran_tdist(rng, 5) * sqrt(3 / 5.0);
}

static double (*const draws[])(const gsl_rng *) = {gaussian, laplace, student};

static const struct {
    const char *levels;
    size_t unit; /* 0: all */
    double decibels[3];
} rows[] = {
    {"uniform", 32, {20.27, 18.34, 18.25}},  {"uniform", 64, {19.37, 17.03, 16.73}},
    {"uniform", 128, {18.63, 15.90, 15.30}}, {"nf4", 32, {21.18, 20.60, 20.65}},
    {"nf4", 64, {20.73, 19.69, 19.61}},      {"q4_0", 32, {21.32, 19.43, 19.37}},
    {"q4_1", 32, {22.14, 20.75, 20.94}},     {"q5_0", 32, {27.40, 25.44, 25.41}},
    {"q8_0", 32, {45.43, 43.43, 43.42}},     {"mxfp4", 32, {18.79, 17.99, 18.00}},
    {"nvfp4", 16, {20.44, 20.65, 20.70}},    {"mxfp8", 32, {30.64, 30.08, 30.08}},
    {"mxint8", 32, {41.67, 40.03, 39.96}},   {"fp8-e4m3", 0, {31.53, 31.54, 31.53}},
    {"fp8-e5m2", 0, {25.55, 25.55, 25.55}},
};

static double decibels(const struct scheme *scheme, size_t length, const double w[], double e[])
{
    struct moments moments = {0};
    moments_add(&moments, w, SAMPLES);
    struct books *books = books_make(scheme, NULL);
    struct fitter *fitter = fitter_new(scheme, books, false, moments_abs_max(&moments));
    double noise = 0, power = 0;
    for (size_t i = 0; i < SAMPLES; i += length) {
        const size_t n = SAMPLES - i < length ? SAMPLES - i : length;
        const struct quantizer quantizer = fitter_fit(fitter, w + i, n);
        quantizer_round(&quantizer, w + i, n, e + i, NULL);
    }
    for (size_t i = 0; i < SAMPLES; i++) {
        noise += e[i] * e[i];
        power += w[i] * w[i];
    }
    fitter_free(fitter);
    books_free(books);
    return 10 * log10(power / noise);
}

static void test_reference(void **state)
{
    (void)state;
    double *w = mem_alloc(2 * SAMPLES, sizeof *w), *e = w + SAMPLES;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t column = 0; column < 3; column++) {
        for (size_t i = 0; i < SAMPLES; i++)
            w[i] = draws[column](rng);
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            struct scheme scheme = scheme_default();
            assert_true(levels_parse(rows[k].levels, &scheme.levels, &scheme.bits, NULL));
            const size_t length = rows[k].unit ? rows[k].unit : SAMPLES;
            const double found = decibels(&scheme, length, w, e), wanted = rows[k].decibels[column];
            if (!(fabs(found - wanted) <= (column == 2 ? 0.1 : 0.05)))
                fail_msg("%s in units of %zu, column %zu: %.3f dB, not %.2f", rows[k].levels,
                         length, column, found, wanted);
        }
    }
    gsl_rng_free(rng);
    mem_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
