/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "linear/layer_sqnr.h"
#include "linear/token_grid.h"
#include "random_rows.h"

#define D 64
#define O 96
#define T 800

static void quantize(const double *rows, size_t n, int bits, bool symmetric, double *errors,
                     struct concentration *sums)
{
    for (size_t i = 0; i < n; i++) {
        struct token_grid grid = token_grid_of(rows + i * D, D, bits, symmetric);
        token_grid_round(&grid, rows + i * D, D, errors + i * D);
        concentration_add(sums, rows + i * D, D, grid.range);
    }
}

/* A layer whose inputs differ fourfold: if they were much smaller than a step, they would have less
 * error than the approximation says. */
static struct layer_sums make(int weight_bits, int activation_bits)
{
    static double w[O * D], e[O * D], x[T * D], f[T * D];
    struct layer_sums sums = {.weight_steps = token_grid_steps(weight_bits, true),
                              .activation_steps = token_grid_steps(activation_bits, false),
                              .max_alignment = NAN};
    random_rows(w, O * D, 1);
    random_rows(x, T * D, 2);
    for (size_t i = 0; i < T * D; i++)
        x[i] *= pow(4, (double)(i % D) / D);
    quantize(w, O, weight_bits, true, e, &sums.weight);
    quantize(x, T, activation_bits, false, f, &sums.activation);
    layer_error_add_samples(&sums.error, &(struct layer_rows){w, e, O, D}, x, f, T);
    return sums;
}

/* CAT's theorem, and the terms of its right side. */
static void test_approximation(void **state)
{
    (void)state;
    static const struct {
        int weight_bits, activation_bits;
        double allowed; /* dB */
    } modes[] = {{4, 4, 0.5}, {8, 8, 0.2}, {8, 4, 0.3}, {4, 8, 0.3}};
    for (size_t i = 0; i < sizeof modes / sizeof *modes; i++) {
        struct layer_sums sums = make(modes[i].weight_bits, modes[i].activation_bits);
        struct layer_sqnr sqnr = layer_sqnr_of(&sums);
        assert_true(fabs(sqnr.measured - sqnr.approximation) < modes[i].allowed);
        assert_true(fabs(sqnr.bits + sqnr.concentration + sqnr.alignment - sqnr.approximation) <
                    1e-9);
        assert_true(sqnr.measured < sqnr.weights_only && sqnr.measured < sqnr.activations_only);
        assert_true(sqnr.concentration < sqnr.weight_concentration);
        assert_true(isnan(sqnr.max_alignment));
    }
}

/* By hand: N = 14 and 15, C(W) = 1/2, C(x) = 2, A = 1/40. */
static void test_terms(void **state)
{
    (void)state;
    const struct layer_sums sums = {
        .error = {.signal = 10, .weights = 0.1, .activations = 0.2, .both = 0.5},
        .weight = {.power = 20, .ranges = 40},
        .activation = {.power = 20, .ranges = 10},
        .weight_steps = 14,
        .activation_steps = 15,
        .max_alignment = 0.1,
    };
    struct layer_sqnr sqnr = layer_sqnr_of(&sums);
    double c = 1 / (2 + 14.0 * 14 / (2 * 15 * 15));
    assert_true(fabs(sqnr.bits - 10 * log10(12 * 196)) < 1e-12);
    assert_true(fabs(sqnr.concentration - 10 * log10(c)) < 1e-12);
    assert_true(fabs(sqnr.alignment - 10 * log10(1.0 / 40)) < 1e-12);
    assert_true(fabs(sqnr.weight_concentration + 10 * log10(2)) < 1e-12);
    assert_true(fabs(sqnr.activation_concentration - 10 * log10(2)) < 1e-12);
    assert_true(fabs(sqnr.max_alignment + 10) < 1e-12);
    assert_true(fabs(sqnr.measured - 10 * log10(20)) < 1e-12);
    assert_true(fabs(sqnr.weights_only - 20) < 1e-12);
    assert_true(fabs(sqnr.activations_only - 10 * log10(50)) < 1e-12);
}

static void test_inputs_as_they_are(void **state)
{
    (void)state;
    struct layer_sums sums = make(4, 4);
    sums.activation_steps = 0;
    sums.error.both = sums.error.weights;
    struct layer_sqnr sqnr = layer_sqnr_of(&sums);
    assert_true(sqnr.concentration == sqnr.weight_concentration);
    assert_true(sqnr.measured == sqnr.weights_only);
    assert_true(isnan(sqnr.activations_only) && isnan(sqnr.activation_concentration));
    assert_true(fabs(sqnr.measured - sqnr.approximation) < 0.5);
}

/* With a second moment alone nothing is known of the ranges of inputs. */
static void test_without_samples(void **state)
{
    (void)state;
    struct layer_sums sums = make(4, 4);
    sums.activation.ranges = 0;
    struct layer_sqnr sqnr = layer_sqnr_of(&sums);
    assert_true(isnan(sqnr.measured) && isnan(sqnr.activations_only));
    assert_true(isnan(sqnr.approximation) && isnan(sqnr.concentration));
    assert_true(isfinite(sqnr.weights_only) && isfinite(sqnr.alignment));
}

static void test_nothing_is_not_defined(void **state)
{
    (void)state;
    struct layer_sqnr sqnr = layer_sqnr_of(&(struct layer_sums){.weight_steps = 14});
    assert_true(isnan(sqnr.measured) && isnan(sqnr.alignment) && isnan(sqnr.weights_only));
    assert_true(isfinite(sqnr.bits));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_approximation),          cmocka_unit_test(test_terms),
        cmocka_unit_test(test_inputs_as_they_are),     cmocka_unit_test(test_without_samples),
        cmocka_unit_test(test_nothing_is_not_defined),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
