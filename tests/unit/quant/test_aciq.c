/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "../reference.h"
#include "quant/aciq.h"
#include "quant/theory.h"

static void test_reference(void **state)
{
    (void)state;
    FILE *file = reference_open("aciq.tsv");
    char *line = NULL, *column[REFERENCE_COLUMNS];
    size_t lines = 0;
    while (reference_read(file, &line, column)) {
        const int bits = atoi(column[1]);
        const bool gaussian = source_find(column[0]) == &source_gaussian;
        const double alpha = gaussian ? aciq_gaussian(bits) : aciq_laplace(bits);
        assert_true(fabs(alpha - strtod(column[2], NULL)) < 1e-7);
        lines++;
    }
    assert_int_equal(lines, 16);
}

/* The equations themselves, at widths that the table has not. */
static void test_equations(void **state)
{
    (void)state;
    for (int bits = 1; bits <= 16; bits++) {
        const double levels = pow(4, bits), a = aciq_gaussian(bits), b = aciq_laplace(bits);
        const double left = a * erfc(a / sqrt(2)) + a / (3 * levels);
        assert_true(fabs(left / (sqrt(2 / M_PI) * exp(-a * a / 2)) - 1) < 1e-12);
        assert_true(fabs(b * exp(b) / (3 * levels) - 1) < 1e-12);
    }
}

/* The table's clips come from minimising the MSE, which is flat there: they are good to 2e-6. */
static void test_best_symmetric_reference(void **state)
{
    (void)state;
    FILE *file = reference_open("uniform_clip.tsv");
    char *line = NULL, *column[REFERENCE_COLUMNS];
    size_t lines = 0;
    while (reference_read(file, &line, column)) {
        const struct source source = {.type = source_find(column[0]), .mean = 3, .std = 0.1};
        double mse;
        const double clip = aciq_best_symmetric(&source, atoi(column[1]), &mse);
        assert_true(fabs(clip - strtod(column[2], NULL)) < 2e-6);
        assert_true(fabs(mse / strtod(column[3], NULL) - 1) < 1e-9);
        assert_true(aciq_best_symmetric(&source, atoi(column[1]), NULL) == clip);
        lines++;
    }
    assert_int_equal(lines, 14);
}

/* Roots of the MSE's derivative for a Laplace, in arithmetic of 40 digits. */
static void test_best_symmetric_digits(void **state)
{
    (void)state;
    static const double wanted[] = {
        [2] = 1.414213562373, [3] = 2.465257679051, [6] = 5.203307835710,
        [7] = 6.093729472675, [8] = 6.988090176624,
    };
    const struct source source = {.type = &source_laplace, .std = 1};
    for (int bits = 2; bits <= 8; bits++)
        assert_true(wanted[bits] == 0 ||
                    fabs(aciq_best_symmetric(&source, bits, NULL) - wanted[bits]) < 1e-10);
}

/* The uniform source's range ends at the outermost thresholds. */
static void test_best_symmetric_uniform(void **state)
{
    (void)state;
    const struct source source = {.type = &source_uniform, .std = 1};
    double mse;
    const double clip = aciq_best_symmetric(&source, 2, &mse);
    assert_true(fabs(clip - 2 / sqrt(3)) < 1e-12 && fabs(mse - 1.0 / 9) < 1e-12);
}

/* No clip of a fine scan is better, for any source at any width. */
static void test_best_symmetric_is_best(void **state)
{
    (void)state;
    static const char *const names[] = {"gaussian", "laplace", "uniform",         "logistic",
                                        "t:2.2",    "t:5",     "mixture:0.01:10", "mixture:0.1:4"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        for (int bits = 2; bits <= 16; bits += bits < 5 ? 1 : 4) {
            struct source source = {.std = 1};
            double mse;
            assert_true(source_parse(names[i], &source, NULL));
            const double clip = aciq_best_symmetric(&source, bits, &mse);
            const int each_side = (1 << (bits - 1)) - 1;
            for (double tried = 0.05; tried < 20 * clip; tried *= 1.013) {
                const struct theory_grid grid = theory_grid_symmetric(tried / each_side, each_side);
                assert_true(theory_predict(&source, &grid).mse > mse * (1 - 1e-10));
            }
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference),
        cmocka_unit_test(test_equations),
        cmocka_unit_test(test_best_symmetric_reference),
        cmocka_unit_test(test_best_symmetric_digits),
        cmocka_unit_test(test_best_symmetric_uniform),
        cmocka_unit_test(test_best_symmetric_is_best),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
