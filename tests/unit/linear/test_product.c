/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "linear/product.h"
#include "random_rows.h"

/* Inside a wider array, so that rows are not adjacent. */
static gsl_matrix_view make_matrix(size_t rows, size_t columns, unsigned long seed, double **array)
{
    *array = malloc(rows * (columns + 3) * sizeof **array);
    random_rows(*array, rows * (columns + 3), seed);
    return gsl_matrix_view_array_with_tda(*array, rows, columns, columns + 3);
}

static void check(size_t rows, size_t inner, size_t columns)
{
    double *arrays[3];
    gsl_matrix_view a = make_matrix(rows, inner, 1, &arrays[0]);
    gsl_matrix_view b = make_matrix(inner, columns, 2, &arrays[1]);
    gsl_matrix_view out = make_matrix(rows, columns, 3, &arrays[2]);
    product_form(&a.matrix, &b.matrix, &out.matrix);
    for (size_t i = 0; i < rows; i++)
        for (size_t j = 0; j < columns; j++) {
            double sum = 0;
            for (size_t k = 0; k < inner; k++)
                sum += gsl_matrix_get(&a.matrix, i, k) * gsl_matrix_get(&b.matrix, k, j);
            assert_true(fabs(gsl_matrix_get(&out.matrix, i, j) - sum) < 1e-12);
        }
    for (size_t i = 0; i < 3; i++)
        free(arrays[i]);
}

/* Sizes on both sides of tiles, sweeps and vectors. */
static void test_definition(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 3, 4, 5, 64, 67, 129};
    const size_t count = sizeof sizes / sizeof *sizes;
    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < count; j++)
            check(3, sizes[i], sizes[j]);
    check(1, 70, 515);
    check(17, 130, 259);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_definition)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
