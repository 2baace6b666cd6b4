/* SPDX-License-Identifier: MIT
 *
 * Signal to noise of random weights in blocks, and in groups of a codebook.  They are of unit
 * variance: to scales that are powers of two it makes a difference.
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
#include "quant/block_format.h"
#include "quant/codebook.h"

#define SAMPLES 500000

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

static double decibels(const double w[], const double e[], size_t n)
{
    double power = 0, noise = 0;
    for (size_t i = 0; i < n; i++) {
        power += w[i] * w[i];
        noise += e[i] * e[i];
    }
    return 10 * log10(power / noise);
}

static double largest(const double w[], size_t n)
{
    double most = 0;
    for (size_t i = 0; i < n; i++)
        most = fmax(most, fabs(w[i]));
    return most;
}

/* A codebook on groups, the largest magnitude of each on the largest level. */
static double group_decibels(const struct codebook *codebook, size_t group, const double w[],
                             double e[])
{
    for (size_t i = 0; i < SAMPLES; i += group) {
        const size_t n = SAMPLES - i < group ? SAMPLES - i : group;
        const double scale = largest(w + i, n) / codebook->level[codebook->count - 1];
        codebook_round(codebook, 0, scale, w + i, n, e + i, NULL);
    }
    return decibels(w, e, SAMPLES);
}

static void check_decibels(const char *name, double found, double expected, double tolerance)
{
    if (!(fabs(found - expected) <= tolerance))
        fail_msg("%s: %.3f dB, not %.2f", name, found, expected);
}

static void check_groups(size_t column, const double w[], double e[], double tolerance)
{
    static const struct {
        size_t group;
        double decibels[3];
    } int4[] = {{32, {20.27, 18.34, 18.25}},
                {64, {19.37, 17.03, 16.73}},
                {128, {18.63, 15.90, 15.30}}},
      nf4[] = {{32, {21.18, 20.60, 20.65}}, {64, {20.73, 19.69, 19.61}}};
    double level[15];
    for (int i = 0; i < 15; i++)
        level[i] = i - 7;
    struct codebook *uniform = codebook_of_levels(level, 15, NULL);
    struct codebook *normal = codebook_nf.make(&codebook_nf, 4, NULL, NULL);
    for (size_t i = 0; i < 3; i++)
        check_decibels("INT4", group_decibels(uniform, int4[i].group, w, e),
                       int4[i].decibels[column], tolerance);
    for (size_t i = 0; i < 2; i++)
        check_decibels("NF4", group_decibels(normal, nf4[i].group, w, e), nf4[i].decibels[column],
                       tolerance);
    codebook_free(uniform);
    codebook_free(normal);
}

/* The reference table of two million samples (FORMULAS §4.5). */
static void test_decibels(void **state)
{
    (void)state;
    static double (*const draws[])(const gsl_rng *) = {gaussian, laplace, student};
    static const struct {
        const struct block_format *format;
        double decibels[3];
    } rows[] = {
        {&block_format_q4_0, {21.32, 19.43, 19.37}},  {&block_format_q4_1, {22.14, 20.75, 20.94}},
        {&block_format_q5_0, {27.40, 25.44, 25.41}},  {&block_format_q8_0, {45.43, 43.43, 43.42}},
        {&block_format_mxfp4, {18.79, 17.99, 18.00}}, {&block_format_nvfp4, {20.44, 20.65, 20.70}},
        {&block_format_mxfp8, {30.64, 30.08, 30.08}}, {&block_format_mxint8, {41.67, 40.03, 39.96}},
    };
    double *w = mem_alloc(2 * SAMPLES, sizeof *w), *e = w + SAMPLES;
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    for (size_t column = 0; column < 3; column++) {
        const double tolerance = column == 2 ? 0.1 : 0.05;
        for (size_t i = 0; i < SAMPLES; i++)
            w[i] = draws[column](rng);
        for (size_t k = 0; k < sizeof rows / sizeof *rows; k++) {
            const struct block_format *format = rows[k].format;
            const double outer = format->outer ? format->outer(largest(w, SAMPLES)) : 1;
            block_format_round(format, w, SAMPLES, outer, e);
            check_decibels(format->name, decibels(w, e, SAMPLES), rows[k].decibels[column],
                           tolerance);
        }
        check_groups(column, w, e, tolerance);
    }
    gsl_rng_free(rng);
    mem_free(w);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decibels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
