/* SPDX-License-Identifier: MIT */
#include <math.h>

#include <gsl/gsl_errno.h>

#include "kind.h"

static struct basis_input with_matrix(const double matrix[])
{
    return (struct basis_input){.columns = 2,
                                .x = {.columns = 2, .block = 1},
                                .w = {.columns = 2, .block = 1},
                                .matrix = matrix};
}

/* T x and w T⁻¹, not their transposes. */
static void test_definition(void **state)
{
    (void)state;
    static const double t[] = {1, 2, 3, 4}; /* its inverse is (-2 1; 1.5 -0.5) */
    const struct basis_input input = with_matrix(t);
    double x[] = {1, 10}, w[] = {1, 10}, scratch[2 * 16];
    struct basis *basis = kind_new("matrix:t.npy", &input);
    basis_turn_tokens(basis, x, 1, scratch);
    basis_turn_weights(basis, w, 1, scratch);
    assert_true(fabs(x[0] - 21) < 1e-12 && fabs(x[1] - 43) < 1e-12);
    assert_true(fabs(w[0] - 13) < 1e-12 && fabs(w[1] + 4) < 1e-12);
    assert_string_equal(basis_part_text(basis, 0), "matrix 2, condition 21");
    assert_false(basis_is_orthogonal(basis));
    basis_free(basis);
}

static void test_refused(void **state)
{
    (void)state;
    static const double singular[] = {1, 2, 2, 4}, nearly[] = {1, 1, 1, 1 + 1e-9};
    const double undefined[] = {1, 0, NAN, 1}, infinite[] = {1, 0, 0, INFINITY};
    const double *const bad[] = {singular, nearly, undefined, infinite};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        const struct basis_input input = with_matrix(bad[i]);
        kind_check_refused("matrix:t.npy", &input, ERROR_FILE, "condition number");
    }
    const struct basis_input missing = with_matrix(NULL);
    kind_check_refused("matrix:t.npy", &missing, ERROR_USAGE, "no matrix of 2 columns");
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
