/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "linear/block_matrix.h"
#include "random_rows.h"

#define COLUMNS 11
#define ROWS    3

static double element(const struct block_matrix *matrix, size_t block, size_t i, size_t j)
{
    if (i / block != j / block)
        return 0;
    gsl_matrix_view square = block_matrix_square(matrix, i - i % block);
    return gsl_matrix_get(&square.matrix, i % block, j % block);
}

static void fill(struct block_matrix *matrix, size_t block)
{
    for (size_t start = 0; start < COLUMNS; start += block) {
        gsl_matrix_view square = block_matrix_square(matrix, start);
        random_rows(square.matrix.data, square.matrix.size1 * square.matrix.size2, start);
    }
}

static void test_rows(void **state)
{
    (void)state;
    for (size_t block = 1; block <= COLUMNS; block++) {
        struct block_matrix *matrix = block_matrix_new(COLUMNS, block);
        double rows[ROWS * COLUMNS], before[ROWS * COLUMNS], scratch[ROWS * COLUMNS];
        fill(matrix, block);
        random_rows(rows, ROWS * COLUMNS, 100);
        memcpy(before, rows, sizeof rows);
        assert_int_equal(block_matrix_scratch(matrix, ROWS), ROWS * block);
        block_matrix_turn(matrix, rows, ROWS, scratch);
        for (size_t k = 0; k < ROWS; k++)
            for (size_t j = 0; j < COLUMNS; j++) {
                double sum = 0;
                for (size_t i = 0; i < COLUMNS; i++)
                    sum += before[k * COLUMNS + i] * element(matrix, block, i, j);
                assert_true(fabs(rows[k * COLUMNS + j] - sum) < 1e-13);
            }
        block_matrix_free(matrix);
    }
}

static void test_no_memory(void **state)
{
    (void)state;
    assert_null(block_matrix_new(SIZE_MAX / 2, SIZE_MAX / 4));
    block_matrix_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
