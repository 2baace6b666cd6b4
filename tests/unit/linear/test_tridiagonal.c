/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>
#include <gsl/gsl_sort_vector.h>

#include "linear/tridiagonal.h"
#include "random_rows.h"

/* A matrix and what it came to. */
struct problem {
    size_t n;
    gsl_vector *diagonal, *beside; /* as given */
    gsl_vector *values;
    gsl_matrix *vectors; /* rows */
    bool solved;
};

static struct problem solve(const double diagonal[], const double beside[], size_t n)
{
    struct problem problem = {
        .n = n,
        .diagonal = gsl_vector_alloc(n),
        .beside = gsl_vector_alloc(n),
        .values = gsl_vector_alloc(n),
        .vectors = gsl_matrix_alloc(n, n),
    };
    for (size_t i = 0; i < n; i++) {
        gsl_vector_set(problem.diagonal, i, diagonal[i]);
        gsl_vector_set(problem.beside, i, beside[i]);
    }
    gsl_vector *used = gsl_vector_alloc(n > 1 ? n - 1 : 1);
    for (size_t i = 0; i + 1 < n; i++)
        gsl_vector_set(used, i, beside[i]);
    gsl_vector_view all = gsl_vector_subvector(used, 0, used->size);
    all.vector.size = n - 1;
    gsl_vector_memcpy(problem.values, problem.diagonal);
    gsl_matrix_set_identity(problem.vectors);
    problem.solved = tridiagonal_solve(problem.values, &all.vector, problem.vectors);
    gsl_vector_free(used);
    return problem;
}

static void problem_done(struct problem *problem)
{
    gsl_matrix_free(problem->vectors);
    gsl_vector_free(problem->values);
    gsl_vector_free(problem->beside);
    gsl_vector_free(problem->diagonal);
}

/* Element i of T v. */
static double times(const struct problem *problem, const gsl_vector *v, size_t i)
{
    double sum = gsl_vector_get(problem->diagonal, i) * gsl_vector_get(v, i);
    if (i > 0)
        sum += gsl_vector_get(problem->beside, i - 1) * gsl_vector_get(v, i - 1);
    if (i + 1 < problem->n)
        sum += gsl_vector_get(problem->beside, i) * gsl_vector_get(v, i + 1);
    return sum;
}

/* T v = λ v, and the vectors are orthonormal. */
static void check(const struct problem *problem, double size)
{
    assert_true(problem->solved);
    for (size_t k = 0; k < problem->n; k++) {
        gsl_vector_view v = gsl_matrix_row(problem->vectors, k);
        const double value = gsl_vector_get(problem->values, k);
        for (size_t i = 0; i < problem->n; i++)
            assert_true(fabs(times(problem, &v.vector, i) - value * gsl_vector_get(&v.vector, i)) <
                        1e-14 * size);
        for (size_t j = 0; j <= k; j++) {
            double dot = 0;
            for (size_t i = 0; i < problem->n; i++)
                dot += gsl_vector_get(&v.vector, i) * gsl_matrix_get(problem->vectors, j, i);
            assert_true(fabs(dot - (j == k)) < 1e-13);
        }
    }
}

static void test_random_matrices(void **state)
{
    (void)state;
    double diagonal[150], beside[150];
    for (size_t n = 1; n <= 150; n += n < 20 ? 1 : 13) {
        random_rows(diagonal, n, n);
        random_rows(beside, n, n + 1);
        struct problem problem = solve(diagonal, beside, n);
        check(&problem, 10);
        problem_done(&problem);
    }
}

/* The second difference of n points: λ_k = 2 - 2 cos(k π / (n + 1)). */
static void test_known_values(void **state)
{
    (void)state;
    enum { N = 100 };
    double diagonal[N], beside[N];
    for (size_t i = 0; i < N; i++) {
        diagonal[i] = 2;
        beside[i] = -1;
    }
    struct problem problem = solve(diagonal, beside, N);
    check(&problem, 4);
    gsl_sort_vector(problem.values);
    for (size_t k = 0; k < N; k++)
        assert_true(fabs(gsl_vector_get(problem.values, k) -
                         (2 - 2 * cos((double)(k + 1) * M_PI / (N + 1)))) < 1e-14);
    problem_done(&problem);
}

/* Nothing beside the diagonal, in all or in one place; rows of zeros; all scales at once. */
static void test_special_matrices(void **state)
{
    (void)state;
    enum { N = 40 };
    double diagonal[N], beside[N];
    for (int kind = 0; kind < 4; kind++) {
        for (size_t i = 0; i < N; i++) {
            diagonal[i] = kind == 1 ? 0 : kind == 2 ? ldexp(1, -(int)i) : (double)(i % 5);
            beside[i] = kind == 0 ? 0 : kind == 2 ? ldexp(0.7, -(int)i) : i == N / 2 ? 0 : 1;
        }
        struct problem problem = solve(diagonal, beside, N);
        check(&problem, 6);
        problem_done(&problem);
    }
}

static void test_not_finite(void **state)
{
    (void)state;
    double diagonal[3] = {1, NAN, 2}, beside[3] = {1, 1, 0};
    struct problem problem = solve(diagonal, beside, 3);
    assert_false(problem.solved);
    problem_done(&problem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_random_matrices),
        cmocka_unit_test(test_known_values),
        cmocka_unit_test(test_special_matrices),
        cmocka_unit_test(test_not_finite),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
