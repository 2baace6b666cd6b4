/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "linear/moment.h"

/* Blocks of 2 of 5 columns: (1 2; 2 3), (4 5; 5 6), (7). */
static const double in_twos[] = {1, 2, 4, 5, 7, 2, 3, 5, 6, 99};
static const struct moment twos = {.columns = 5, .block = 2, .value = in_twos};
static const struct moment isotropic = {.columns = 5, .block = 1, .value = NULL};

static void test_elements(void **state)
{
    (void)state;
    static const double expected[5][5] = {
        {1, 2, 0, 0, 0}, {2, 3, 0, 0, 0}, {0, 0, 4, 5, 0}, {0, 0, 5, 6, 0}, {0, 0, 0, 0, 7}};
    for (size_t i = 0; i < 5; i++)
        for (size_t j = 0; j < 5; j++) {
            assert_true(moment_at(&twos, i, j) == expected[i][j]);
            assert_true(moment_at(&isotropic, i, j) == (i == j));
        }
    assert_true(moment_trace(&twos) == 21);
    assert_true(moment_trace(&isotropic) == 5);
}

static void test_square(void **state)
{
    (void)state;
    gsl_matrix *square = gsl_matrix_alloc(2, 2);
    moment_copy_square(&twos, 1, square);
    assert_true(gsl_matrix_get(square, 0, 0) == 3 && gsl_matrix_get(square, 0, 1) == 0);
    assert_true(gsl_matrix_get(square, 1, 0) == 0 && gsl_matrix_get(square, 1, 1) == 4);
    gsl_matrix_free(square);
}

static void test_widths(void **state)
{
    (void)state;
    assert_int_equal(moment_block_columns(5, 2, 2), 2);
    assert_int_equal(moment_block_columns(5, 2, 4), 1);
    assert_int_equal(moment_common_block(100, 1, 1), 1);
    assert_int_equal(moment_common_block(100, 8, 1), 8);
    assert_int_equal(moment_common_block(100, 8, 32), 32);
    assert_int_equal(moment_common_block(100, 8, 12), 100);
    assert_int_equal(moment_common_block(100, 100, 3), 100);
}

/* Wider blocks are the same matrix, narrower ones what is left of it. */
static void test_rearrangement(void **state)
{
    (void)state;
    for (size_t block = 1; block <= 5; block++) {
        double *value = moment_rearrange(&twos, block);
        const struct moment moment = {.columns = 5, .block = block, .value = value};
        for (size_t i = 0; i < 5; i++)
            for (size_t j = 0; j < 5; j++)
                assert_true(moment_at(&moment, i, j) ==
                            (i / block == j / block ? moment_at(&twos, i, j) : 0));
        mem_free(value);
    }
    double *value = moment_rearrange(&isotropic, 3);
    assert_true(value[0] == 1 && value[1] == 0 && value[3] == 1 && value[5 + 4] == 1);
    mem_free(value);
}

static void test_transposition(void **state)
{
    (void)state;
    double value[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10};
    static const double expected[] = {1, 6, 3, 8, 5, 2, 7, 4, 9, 10};
    moment_transpose(value, 5, 2);
    assert_memory_equal(value, expected, sizeof value);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_elements),      cmocka_unit_test(test_square),
        cmocka_unit_test(test_widths),        cmocka_unit_test(test_rearrangement),
        cmocka_unit_test(test_transposition),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
