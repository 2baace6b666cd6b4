/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_sort_vector.h>

#include "linear/dense.h"
#include "random_rows.h"

#define N 37

/* A = V values Vᵀ, and V is orthogonal: rows and columns of V are not interchanged. */
static void test_decomposition(void **state)
{
    (void)state;
    gsl_matrix *a = gsl_matrix_alloc(N, N), *copy = gsl_matrix_alloc(N, N);
    gsl_matrix *v = gsl_matrix_alloc(N, N);
    gsl_vector *values = gsl_vector_alloc(N), *alone = gsl_vector_alloc(N);
    struct error error;
    random_rows(a->data, N * N, 1);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < i; j++)
            gsl_matrix_set(a, j, i, gsl_matrix_get(a, i, j));
    gsl_matrix_memcpy(copy, a);
    assert_true(dense_decompose(copy, values, v, &error));
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j < N; j++) {
            double element = 0, dot = 0;
            for (size_t k = 0; k < N; k++) {
                const double product = gsl_matrix_get(v, i, k) * gsl_matrix_get(v, j, k);
                element += product * gsl_vector_get(values, k);
                dot += product;
            }
            assert_true(fabs(element - gsl_matrix_get(a, i, j)) < 1e-12);
            assert_true(fabs(dot - (i == j)) < 1e-12);
        }
    assert_true(dense_decompose(a, alone, NULL, &error));
    gsl_sort_vector(values);
    gsl_sort_vector(alone);
    for (size_t i = 0; i < N; i++)
        assert_true(fabs(gsl_vector_get(values, i) - gsl_vector_get(alone, i)) < 1e-12);
    gsl_vector_free(alone);
    gsl_vector_free(values);
    gsl_matrix_free(v);
    gsl_matrix_free(copy);
    gsl_matrix_free(a);
}

static void test_product(void **state)
{
    (void)state;
    gsl_matrix *a = gsl_matrix_alloc(5, 7), *b = gsl_matrix_alloc(7, 4);
    gsl_matrix *out = gsl_matrix_alloc(5, 4);
    random_rows(a->data, 35, 1);
    random_rows(b->data, 28, 2);
    dense_multiply(a, b, out);
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 4; j++) {
            double sum = 0;
            for (size_t k = 0; k < 7; k++)
                sum += gsl_matrix_get(a, i, k) * gsl_matrix_get(b, k, j);
            assert_true(fabs(gsl_matrix_get(out, i, j) - sum) < 1e-14);
        }
    gsl_matrix_free(out);
    gsl_matrix_free(b);
    gsl_matrix_free(a);
}

static void test_size(void **state)
{
    (void)state;
    struct error error;
    assert_true(dense_check_size(1024, "align:1024", &error));
    assert_false(dense_check_size(100000, "align:100000", &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_non_null(strstr(error.text, "align:100000 needs matrices of 100000 rows"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_decomposition),
        cmocka_unit_test(test_product),
        cmocka_unit_test(test_size),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
