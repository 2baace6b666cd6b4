/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "linear/second_moment.h"
#include "random_rows.h"

#define D 150 /* more than two strips, and not a whole number of them */
#define N 37

static void test_definition(void **state)
{
    (void)state;
    static double rows[N * D], sums[D * D];
    random_rows(rows, N * D, 1);
    memset(sums, 0, sizeof sums);
    second_moment_add(sums, D, rows, 20); /* in two parts */
    second_moment_add(sums, D, rows + 20 * D, N - 20);
    second_moment_finish(sums, D, N);
    for (size_t i = 0; i < D; i++)
        for (size_t j = 0; j < D; j++) {
            double sum = 0;
            for (size_t t = 0; t < N; t++)
                sum += rows[t * D + i] * rows[t * D + j];
            assert_true(fabs(sums[i * D + j] - sum / N) < 1e-13);
        }
}

static void test_diagonal_and_trace(void **state)
{
    (void)state;
    static double rows[N * D], sums[D * D];
    double diagonal[D] = {0}, trace = 0;
    random_rows(rows, N * D, 2);
    memset(sums, 0, sizeof sums);
    second_moment_add(sums, D, rows, N);
    second_moment_finish(sums, D, 1);
    second_moment_add_diagonal(diagonal, D, rows, N);
    for (size_t i = 0; i < D; i++) {
        assert_true(fabs(diagonal[i] - sums[i * D + i]) < 1e-12);
        trace += diagonal[i];
    }
    assert_true(fabs(trace - second_moment_trace(sums, D)) < 1e-10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_diagonal_and_trace),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
