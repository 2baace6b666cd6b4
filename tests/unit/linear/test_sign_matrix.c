/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "linear/sign_matrix.h"
#include "random_rows.h"

#define LANES  SIGN_MATRIX_LANES
#define STRIDE (LANES + 3)

/* Orders that do and do not fill the last group and the last tile. */
static void test_definition(void **state)
{
    (void)state;
    static const size_t orders[] = {1, 2, 3, 4, 5, 12, 28, 31, 32, 33, 36, 63, 344};
    for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
        const size_t n = orders[k];
        double *draws = malloc(n * n * sizeof *draws), *in = malloc(n * STRIDE * sizeof *in);
        double *out = malloc(n * LANES * sizeof *out);
        signed char *elements = malloc(n * n);
        random_rows(draws, n * n, n);
        random_rows(in, n * STRIDE, n + 1);
        for (size_t i = 0; i < n * n; i++)
            elements[i] = draws[i] < 0 ? -1 : 1;
        struct sign_matrix *matrix = sign_matrix_new(elements, n);
        sign_matrix_multiply(matrix, in, STRIDE, out);
        for (size_t i = 0; i < n; i++)
            for (size_t lane = 0; lane < LANES; lane++) {
                double sum = 0;
                for (size_t j = 0; j < n; j++)
                    sum += elements[i * n + j] * in[j * STRIDE + lane];
                assert_true(fabs(out[i * LANES + lane] - sum) < 1e-12);
            }
        sign_matrix_free(matrix);
        free(elements);
        free(out);
        free(in);
        free(draws);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_definition)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
