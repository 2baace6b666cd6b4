/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "kind.h"

#define SCRATCH 512

static struct basis_input of_columns(size_t columns)
{
    return (struct basis_input){.columns = columns,
                                .x = {.columns = columns, .block = 1},
                                .w = {.columns = columns, .block = 1}};
}

static void test_blocks(void **state)
{
    (void)state;
    const struct basis_input input = of_columns(12);
    double row[12] = {[5] = 2};
    struct basis *basis = kind_new("hadamard:4", &input);
    basis_turn_tokens(basis, row, 1, NULL);
    for (size_t j = 0; j < 12; j++)
        assert_true(row[j] == (j / 4 == 1 ? (j % 2 ? -1 : 1) : 0));
    assert_int_equal(basis_width(basis), 4);
    assert_true(basis_is_orthogonal(basis));
    assert_string_equal(basis_part_text(basis, 0), "hadamard 12 in 3 blocks of 4");
    basis_free(basis);
}

static void test_whole_width(void **state)
{
    (void)state;
    const struct basis_input input = of_columns(12);
    double row[12] = {[5] = 1}, scratch[SCRATCH];
    struct basis *basis = kind_new("hadamard", &input);
    assert_true(basis_scratch(basis) <= SCRATCH);
    basis_turn_weights(basis, row, 1, scratch);
    for (size_t j = 0; j < 12; j++)
        assert_true(fabs(fabs(row[j]) - 1 / sqrt(12)) < 1e-15);
    assert_int_equal(basis_width(basis), 12);
    assert_string_equal(basis_part_text(basis, 0), "hadamard 12, Paley I over GF(11)");
    basis_free(basis);
}

/* H D: the signs of x come first, the same for tokens and weights, others for another seed. */
static void test_signs(void **state)
{
    (void)state;
    enum { N = 64 };
    const struct basis_input input = of_columns(N);
    struct basis *plain = kind_new("hadamard", &input);
    struct basis *seven = kind_new("hadamard+signs:7", &input);
    struct basis *eight = kind_new("hadamard+signs:8", &input);
    size_t negative = 0, different = 0;
    for (size_t j = 0; j < N; j++) {
        double x[N] = {0}, with_seven[N] = {0}, weights[N] = {0}, with_eight[N] = {0};
        x[j] = with_seven[j] = weights[j] = with_eight[j] = 1;
        basis_turn_tokens(plain, x, 1, NULL);
        basis_turn_tokens(seven, with_seven, 1, NULL);
        basis_turn_weights(seven, weights, 1, NULL);
        basis_turn_tokens(eight, with_eight, 1, NULL);
        const double sign = with_seven[0] / x[0];
        for (size_t i = 0; i < N; i++)
            assert_true(with_seven[i] == sign * x[i]);
        assert_memory_equal(with_seven, weights, sizeof weights);
        negative += sign < 0;
        different += with_eight[0] != with_seven[0];
    }
    assert_in_range(negative, 16, 48);
    assert_in_range(different, 16, 48);
    assert_string_equal(basis_part_text(seven, 0), "hadamard 64, signs of seed 7");
    basis_free(eight);
    basis_free(seven);
    basis_free(plain);
}

static void test_refused(void **state)
{
    (void)state;
    const struct basis_input input = of_columns(688);
    kind_check_refused("hadamard:32", &input, ERROR_USAGE, "32 does not divide 688");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_whole_width),
        cmocka_unit_test(test_signs),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
