/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_cblas.h>
#include <gsl/gsl_linalg.h>

#include "linear/max_alignment.h"
#include "linear/second_moment.h"
#include "random_rows.h"

#define D 40
#define O 56

struct layer {
    double w[O * D], x[O * D];
    double sigma_x[D * D], sigma_w[D * D];
};

/* tokens at most O. */
static void make(struct layer *layer, size_t tokens, unsigned long seed)
{
    memset(layer, 0, sizeof *layer);
    random_rows(layer->w, O * D, seed);
    random_rows(layer->x, tokens * D, seed + 1);
    for (size_t i = 0; i < tokens * D; i++)
        layer->x[i] *= 1 + 20 * (i % D == 7) + (double)(i % D) / D;
}

static void moments(struct layer *layer, size_t tokens)
{
    memset(layer->sigma_x, 0, sizeof layer->sigma_x);
    memset(layer->sigma_w, 0, sizeof layer->sigma_w);
    second_moment_add(layer->sigma_x, D, layer->x, tokens);
    second_moment_finish(layer->sigma_x, D, (double)tokens);
    second_moment_add(layer->sigma_w, D, layer->w, O);
    second_moment_finish(layer->sigma_w, D, 1);
}

/* From the outputs themselves: λ are the singular values of WXᵀ. */
static double by_outputs(const struct layer *layer, size_t tokens)
{
    static double y[O * O];
    cblas_dgemm(CblasRowMajor, CblasNoTrans, CblasTrans, O, (int)tokens, D, 1, layer->w, D,
                layer->x, D, 0, y, (int)tokens);
    gsl_matrix_view view = gsl_matrix_view_array(y, O, tokens);
    gsl_matrix *v = gsl_matrix_alloc(tokens, tokens);
    gsl_vector *values = gsl_vector_alloc(tokens), *room = gsl_vector_alloc(tokens);
    gsl_linalg_SV_decomp(&view.matrix, v, values, room);
    double sum = 0, squares = 0;
    for (size_t i = 0; i < tokens; i++) {
        sum += gsl_vector_get(values, i);
        squares += gsl_vector_get(values, i) * gsl_vector_get(values, i);
    }
    gsl_matrix_free(v);
    gsl_vector_free(values);
    gsl_vector_free(room);
    return squares / (sum * sum);
}

static void test_by_outputs(void **state)
{
    (void)state;
    static struct layer layer;
    static const size_t tokens[] = {1, 5, D - 1, D, O};
    for (size_t i = 0; i < sizeof tokens / sizeof *tokens; i++) {
        make(&layer, tokens[i], 10 * i);
        moments(&layer, tokens[i]);
        double wanted = by_outputs(&layer, tokens[i]);
        assert_true(fabs(max_alignment(layer.sigma_x, layer.sigma_w, D) / wanted - 1) < 1e-6);
    }
}

/* Channels that never carry anything and weights that never look change nothing. */
static void test_zero_columns(void **state)
{
    (void)state;
    static struct layer layer;
    make(&layer, O, 3);
    for (size_t i = 0; i < O; i++)
        layer.x[i * D] = layer.x[i * D + 5] = layer.w[i * D + 5] = layer.w[i * D + 9] = 0;
    moments(&layer, O);
    double wanted = by_outputs(&layer, O);
    assert_true(fabs(max_alignment(layer.sigma_x, layer.sigma_w, D) / wanted - 1) < 1e-6);
}

static void test_diagonal(void **state)
{
    (void)state;
    static struct layer layer;
    double diagonal[D];
    make(&layer, O, 4);
    moments(&layer, O);
    for (size_t i = 0; i < D; i++)
        for (size_t j = 0; j < D; j++)
            if (i == j)
                diagonal[i] = layer.sigma_x[i * D + i];
            else
                layer.sigma_x[i * D + j] = 0;
    double wanted = max_alignment(layer.sigma_x, layer.sigma_w, D);
    moments(&layer, O);
    assert_true(fabs(max_alignment_diagonal(diagonal, layer.sigma_w, D) / wanted - 1) < 1e-9);
}

/* Orthonormal rows look at all of isotropic inputs alike: 1/d, the lowest. */
static void test_isotropic(void **state)
{
    (void)state;
    double sigma_w[9] = {1, 0, 0, 0, 1, 0, 0, 0, 1};
    assert_true(fabs(max_alignment_diagonal(NULL, sigma_w, 3) - 1.0 / 3) < 1e-15);
}

static void test_nothing(void **state)
{
    (void)state;
    double zero[4] = {0}, one[4] = {1, 0, 0, 1};
    assert_true(isnan(max_alignment(zero, one, 2)));
    assert_true(isnan(max_alignment((double[]){1, 0, 0, 1}, zero, 2)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_by_outputs), cmocka_unit_test(test_zero_columns),
        cmocka_unit_test(test_diagonal),   cmocka_unit_test(test_isotropic),
        cmocka_unit_test(test_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
