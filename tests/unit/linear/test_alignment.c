/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

#include "layer.h"
#include "linear/alignment.h"
#include "linear/max_alignment.h"

#define N 32

/* A block of the moment with the ridge, as the optimum takes it. */
static void add_ridge(double moment[], size_t n)
{
    double trace = 0;
    for (size_t i = 0; i < n; i++)
        trace += moment[i * n + i];
    for (size_t i = 0; i < n; i++)
        moment[i * n + i] += ALIGNMENT_RIDGE * trace / (double)n;
}

/* moment = M moment M for a symmetric M. */
static void surround(double moment[], const gsl_matrix *m)
{
    double product[N * N];
    layer_product(moment, m->data, N, product);
    layer_product(m->data, product, N, moment);
}

/* Both second moments become the same, and the alignment what no transform exceeds. */
static void test_whole_optimum(void **state)
{
    (void)state;
    struct layer layer = layer_new(N);
    const struct moment x = layer_whole(N, layer.x), w = layer_whole(N, layer.w);
    struct block_matrix *m = block_matrix_new(N, N), *inverse = block_matrix_new(N, N);
    gsl_matrix_view forward = block_matrix_square(m, 0), back = block_matrix_square(inverse, 0);
    assert_true(alignment_optimum(&x, &w, N, 1, m, inverse, NULL));
    add_ridge(layer.x, N);
    add_ridge(layer.w, N);
    const double before = layer_alignment(layer.x, layer.w, N);
    double spoiled[N * N];
    memcpy(spoiled, layer.w, sizeof spoiled);
    const double most = max_alignment(layer.x, spoiled, N);
    surround(layer.x, &forward.matrix);
    surround(layer.w, &back.matrix);
    for (size_t i = 0; i < N * N; i++)
        assert_true(fabs(layer.x[i] - layer.w[i]) < 1e-9 * layer.x[0]);
    const double after = layer_alignment(layer.x, layer.w, N);
    assert_true(fabs(after / most - 1) < 1e-6);
    assert_true(after > 2 * before);
    block_matrix_free(inverse);
    block_matrix_free(m);
    layer_done(&layer);
}

/* M^(1/2) twice is M, M^0 is nothing, and the inverse is one. */
static void test_strength(void **state)
{
    (void)state;
    struct layer layer = layer_new(N);
    const struct moment x = layer_whole(N, layer.x), w = layer_whole(N, layer.w);
    struct block_matrix *m = block_matrix_new(N, N), *inverse = block_matrix_new(N, N);
    gsl_matrix_view forward = block_matrix_square(m, 0), back = block_matrix_square(inverse, 0);
    double half[N * N], product[N * N];
    assert_true(alignment_optimum(&x, &w, N, 0.5, m, inverse, NULL));
    memcpy(half, forward.matrix.data, sizeof half);
    layer_product(half, back.matrix.data, N, product);
    for (size_t i = 0; i < N * N; i++)
        assert_true(fabs(product[i] - (i % (N + 1) == 0)) < 1e-11);
    assert_true(alignment_optimum(&x, &w, N, 1, m, inverse, NULL));
    layer_product(half, half, N, product);
    for (size_t i = 0; i < N * N; i++)
        assert_true(fabs(product[i] - forward.matrix.data[i]) < 1e-11);
    assert_true(alignment_optimum(&x, &w, N, 0, m, inverse, NULL));
    for (size_t i = 0; i < N * N; i++)
        assert_true(fabs(forward.matrix.data[i] - (i % (N + 1) == 0)) < 1e-12);
    block_matrix_free(inverse);
    block_matrix_free(m);
    layer_done(&layer);
}

/* Each block is the optimum of its own squares; the last is shorter. */
static void test_blocks(void **state)
{
    (void)state;
    struct layer layer = layer_new(N);
    const struct moment x = layer_whole(N, layer.x), w = layer_whole(N, layer.w);
    struct block_matrix *m = block_matrix_new(N, 12), *inverse = block_matrix_new(N, 12);
    assert_true(alignment_optimum(&x, &w, 12, 1, m, inverse, NULL));
    double x_last[64], w_last[64];
    for (size_t i = 0; i < 64; i++) {
        x_last[i] = layer.x[(24 + i / 8) * N + 24 + i % 8];
        w_last[i] = layer.w[(24 + i / 8) * N + 24 + i % 8];
    }
    const struct moment x_alone = layer_whole(8, x_last), w_alone = layer_whole(8, w_last);
    struct block_matrix *m_alone = block_matrix_new(8, 8);
    struct block_matrix *inverse_alone = block_matrix_new(8, 8);
    assert_true(alignment_optimum(&x_alone, &w_alone, 8, 1, m_alone, inverse_alone, NULL));
    gsl_matrix_view last = block_matrix_square(m, 24), alone = block_matrix_square(m_alone, 0);
    assert_int_equal(last.matrix.size1, 8);
    for (size_t i = 0; i < 64; i++)
        assert_true(fabs(last.matrix.data[i] - alone.matrix.data[i]) < 1e-12);
    block_matrix_free(inverse_alone);
    block_matrix_free(m_alone);
    block_matrix_free(inverse);
    block_matrix_free(m);
    layer_done(&layer);
}

/* The alignment once column j of x is multiplied by factor[j] and that of W divided. */
static double scaled_alignment(const struct layer *layer, const double factor[])
{
    double x[N * N], w[N * N];
    for (size_t i = 0; i < N * N; i++) {
        const double both = factor[i / N] * factor[i % N];
        x[i] = layer->x[i] * both;
        w[i] = layer->w[i] / both;
    }
    return layer_alignment(x, w, N);
}

static void test_diagonal_beats_its_neighbours(void **state)
{
    (void)state;
    struct layer layer = layer_new(N);
    const struct moment x = layer_whole(N, layer.x), w = layer_whole(N, layer.w);
    double factor[N], noise[N];
    assert_true(alignment_diagonal(&x, &w, 1, factor, NULL));
    for (size_t j = 0; j < N; j++)
        assert_true(fabs(pow(factor[j], 4) / (layer.w[j * N + j] / layer.x[j * N + j]) - 1) <
                    1e-12);
    const double best = scaled_alignment(&layer, factor);
    for (unsigned long seed = 0; seed < 200; seed++) {
        random_rows(noise, N, seed);
        for (size_t j = 0; j < N; j++)
            noise[j] = factor[j] * exp(noise[j] * (seed % 2 ? 0.1 : 0.001));
        assert_true(scaled_alignment(&layer, noise) < best);
    }
    layer_done(&layer);
}

/* CAT prints m_j = (E x_j² / |W_.j|²)^(1/2), an inverse without a root (FORMULAS §3.3). */
static void test_printed_formula_is_worse_than_nothing(void **state)
{
    (void)state;
    struct layer layer = layer_new(N);
    const struct moment x = layer_whole(N, layer.x), w = layer_whole(N, layer.w);
    double none[N], right[N], printed[N];
    assert_true(alignment_diagonal(&x, &w, 1, right, NULL));
    for (size_t j = 0; j < N; j++) {
        none[j] = 1;
        printed[j] = sqrt(layer.x[j * N + j] / layer.w[j * N + j]);
    }
    const double untouched = scaled_alignment(&layer, none);
    assert_true(scaled_alignment(&layer, right) > 1.5 * untouched);
    assert_true(scaled_alignment(&layer, printed) < 0.1 * untouched); /* 10 dB lost at least */
    layer_done(&layer);
}

/* Columns that are never used do not make the optimum infinite. */
static void test_dead_columns(void **state)
{
    (void)state;
    struct layer layer = layer_new(N);
    const struct moment x = layer_whole(N, layer.x), w = layer_whole(N, layer.w);
    struct block_matrix *m = block_matrix_new(N, 8), *inverse = block_matrix_new(N, 8);
    double factor[N];
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < 9; j++)
            layer.x[i * N + j] = layer.x[j * N + i] = 0;
    assert_true(alignment_diagonal(&x, &w, 1, factor, NULL));
    assert_true(alignment_optimum(&x, &w, 8, 1, m, inverse, NULL));
    for (size_t start = 0; start < N; start += 8) {
        gsl_matrix_view square = block_matrix_square(m, start);
        for (size_t i = 0; i < 64; i++)
            assert_true(isfinite(square.matrix.data[i]));
    }
    for (size_t j = 0; j < N; j++)
        assert_true(factor[j] > 0 && factor[j] < 1e3);
    block_matrix_free(inverse);
    block_matrix_free(m);
    layer_done(&layer);
}

static void check_refused(const double x_value[], const double w_value[], const char *reason)
{
    const struct moment x = layer_whole(2, x_value), w = layer_whole(2, w_value);
    struct block_matrix *m = block_matrix_new(2, 2), *inverse = block_matrix_new(2, 2);
    struct error error = {.code = ERROR_NONE};
    assert_false(alignment_optimum(&x, &w, 2, 1, m, inverse, &error));
    assert_int_equal(error.code, ERROR_FILE);
    assert_non_null(strstr(error.text, reason));
    block_matrix_free(inverse);
    block_matrix_free(m);
}

static void test_what_is_no_moment(void **state)
{
    (void)state;
    static const double good[] = {2, 1, 1, 2}, zero[4], bad[] = {1, 3, 3, 1};
    const double undefined[] = {1, 0, 0, NAN}, hidden[] = {1, NAN, NAN, 1};
    check_refused(zero, good, "x is zero");
    check_refused(good, zero, "W is zero");
    check_refused(undefined, good, "x is not finite");
    check_refused(bad, good, "not positive");
    check_refused(hidden, good, "x is not finite");
    check_refused(good, hidden, "W is not finite");
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole_optimum),
        cmocka_unit_test(test_strength),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_diagonal_beats_its_neighbours),
        cmocka_unit_test(test_printed_formula_is_worse_than_nothing),
        cmocka_unit_test(test_dead_columns),
        cmocka_unit_test(test_what_is_no_moment),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
