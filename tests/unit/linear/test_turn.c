/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "linear/turn.h"

static void test_diagonal(void **state)
{
    (void)state;
    double *factor = mem_alloc(2, sizeof *factor), x[] = {3, 5, 7, 9}, w[] = {3, 5, 7, 9};
    struct turn turn;
    factor[0] = 2;
    factor[1] = 0.25;
    turn_make_diagonal(&turn, 2, factor);
    turn.type->tokens(&turn, x, 2, NULL);
    turn.type->weights(&turn, w, 2, NULL);
    assert_true(x[0] == 6 && x[1] == 1.25 && x[2] == 14 && x[3] == 2.25);
    assert_true(w[0] == 1.5 && w[1] == 20 && w[2] == 3.5 && w[3] == 36);
    assert_true(turn.width == 1 && turn.scratch == 0 && !turn.orthogonal);
    assert_ptr_equal(turn_diagonal_factors(&turn), factor);
    turn_done(&turn);
}

static struct block_matrix *make_square(double a, double b, double c, double d)
{
    struct block_matrix *matrix = block_matrix_new(2, 2);
    gsl_matrix_view square = block_matrix_square(matrix, 0);
    const double elements[] = {a, b, c, d};
    for (size_t i = 0; i < 4; i++)
        square.matrix.data[i] = elements[i];
    return matrix;
}

static void test_blocks(void **state)
{
    (void)state;
    struct turn turn;
    double x[] = {1, 2}, w[] = {1, 2}, scratch[2 * TURN_ROWS];
    turn_make_blocks(&turn, 2, 2, make_square(1, 2, 3, 4), make_square(5, 6, 7, 8));
    assert_true(turn.width == 2 && turn.scratch == 2 * TURN_ROWS && !turn.orthogonal);
    assert_null(turn_diagonal_factors(&turn));
    turn.type->tokens(&turn, x, 1, scratch);
    turn.type->weights(&turn, w, 1, scratch);
    assert_true(x[0] == 7 && x[1] == 10);
    assert_true(w[0] == 19 && w[1] == 22);
    turn_done(&turn);
}

/* One matrix for both sides, freed once. */
static void test_rotation(void **state)
{
    (void)state;
    struct turn turn;
    double x[] = {1, 2}, scratch[2 * TURN_ROWS];
    struct block_matrix *rotation = make_square(0, 1, -1, 0);
    turn_make_blocks(&turn, 2, 2, rotation, rotation);
    assert_true(turn.orthogonal);
    turn.type->weights(&turn, x, 1, scratch);
    assert_true(x[0] == -2 && x[1] == 1);
    turn_done(&turn);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diagonal),
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_rotation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
