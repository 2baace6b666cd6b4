/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <stdio.h>

#include "kind.h"

#define N 40

static const struct basis_input input = {
    .columns = N,
    .x = {.columns = N, .block = 1},
    .w = {.columns = N, .block = 1},
};

/* rows = Qᵀ: each row is a column of the identity turned. */
static void draw(const char *name, double rows[N * N])
{
    double scratch[N * 16];
    struct basis *basis = kind_new(name, &input);
    memset(rows, 0, N * N * sizeof *rows);
    for (size_t i = 0; i < N; i++)
        rows[i * N + i] = 1;
    assert_true(basis_scratch(basis) <= sizeof scratch / sizeof *scratch);
    basis_turn_tokens(basis, rows, N, scratch);
    basis_free(basis);
}

static void test_orthogonal(void **state)
{
    (void)state;
    double rows[N * N];
    draw("random:3", rows);
    for (size_t i = 0; i < N; i++)
        for (size_t j = 0; j <= i; j++) {
            double dot = 0;
            for (size_t k = 0; k < N; k++)
                dot += rows[i * N + k] * rows[j * N + k];
            assert_true(fabs(dot - (i == j)) < 1e-13);
        }
}

/* Without a sign rule the diagonal of Q would lean to one side; over Haar's measure it has mean 0
 * and variance 1/N. */
static void test_no_direction_is_favoured(void **state)
{
    (void)state;
    double rows[N * N], sum = 0, squares = 0;
    for (int seed = 1; seed <= 50; seed++) {
        char name[16];
        snprintf(name, sizeof name, "random:%d", seed);
        draw(name, rows);
        for (size_t i = 0; i < N; i++) {
            sum += rows[i * N + i];
            squares += rows[i * N + i] * rows[i * N + i];
        }
    }
    assert_true(fabs(sum) < 4 * sqrt(50)); /* its standard deviation is sqrt(50 N / N) */
    assert_true(fabs(squares / 50 - 1) < 0.15);
}

static void test_seeds(void **state)
{
    (void)state;
    double one[N * N], again[N * N], other[N * N];
    draw("random", one);
    draw("random:1", again);
    draw("random:2", other);
    assert_memory_equal(one, again, sizeof one);
    assert_true(fabs(one[0] - other[0]) > 1e-6);
}

static void test_text(void **state)
{
    (void)state;
    struct basis *basis = kind_new("random", &input);
    assert_string_equal(basis_part_text(basis, 0), "random 40, seed 1");
    assert_true(basis_is_orthogonal(basis));
    assert_int_equal(basis_width(basis), N);
    basis_free(basis);
    struct basis_input wide = input;
    wide.columns = 100000;
    kind_check_refused("random", &wide, ERROR_USAGE, "random needs matrices of 100000 rows");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orthogonal),
        cmocka_unit_test(test_no_direction_is_favoured),
        cmocka_unit_test(test_seeds),
        cmocka_unit_test(test_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
