/* SPDX-License-Identifier: MIT */
#include <math.h>

#include <gsl/gsl_errno.h>

#include "kind.h"

#define N 6

static const double x_diagonal[N] = {1, 4, 9, 1, 1, 25}, w_diagonal[N] = {16, 4, 9, 81, 1, 1};
static const struct basis_input input = {
    .columns = N,
    .x = {.columns = N, .block = 1, .value = x_diagonal},
    .w = {.columns = N, .block = 1, .value = w_diagonal},
};

/* Of diagonal moments every block is diagonal, and blocks of one column do the same. */
static void test_diagonal_moments(void **state)
{
    (void)state;
    static const char *const names[] = {"align:1", "align:4", "align"};
    for (size_t k = 0; k < 3; k++) {
        double x[N] = {1, 1, 1, 1, 1, 1}, w[N] = {1, 1, 1, 1, 1, 1}, scratch[N * 16];
        struct basis *basis = kind_new(names[k], &input);
        basis_turn_tokens(basis, x, 1, scratch);
        basis_turn_weights(basis, w, 1, scratch);
        for (size_t j = 0; j < N; j++) {
            const double m = pow(w_diagonal[j] / x_diagonal[j], 0.25);
            assert_true(fabs(x[j] / m - 1) < 2e-5); /* the ridge of whole blocks is felt */
            assert_true(fabs(w[j] * m - 1) < 2e-5);
        }
        basis_free(basis);
    }
}

/* Isotropic input: M^2 = Σw^(1/2). */
static void test_isotropic_input(void **state)
{
    (void)state;
    static const double w[] = {5, 4, 4, 5}; /* its square root is (2 1; 1 2), eigenvalues 3, 1 */
    struct basis_input isotropic = {
        .columns = 2, .x = {.columns = 2, .block = 1}, .w = {.columns = 2, .block = 2, .value = w}};
    double row[] = {1, 0}, scratch[32];
    struct basis *basis = kind_new("align", &isotropic);
    basis_turn_tokens(basis, row, 1, scratch);
    assert_true(fabs(row[0] - (sqrt(3) + 1) / 2) < 1e-5);
    assert_true(fabs(row[1] - (sqrt(3) - 1) / 2) < 1e-5);
    basis_free(basis);
}

/* A of diagonal moments behind a transform; NULL for none. */
static double alignment_behind(const char *name)
{
    double x[N] = {1, 1, 1, 1, 1, 1}, w[N] = {1, 1, 1, 1, 1, 1}, scratch[N * 16];
    double output = 0, x_trace = 0, w_trace = 0;
    if (name) {
        struct basis *basis = kind_new(name, &input);
        basis_turn_tokens(basis, x, 1, scratch);
        basis_turn_weights(basis, w, 1, scratch);
        basis_free(basis);
    }
    for (size_t j = 0; j < N; j++) {
        const double x_power = x[j] * x[j] * x_diagonal[j], w_power = w[j] * w[j] * w_diagonal[j];
        output += x_power * w_power;
        x_trace += x_power;
        w_trace += w_power;
    }
    return output / (x_trace * w_trace);
}

/* The paper prints m_j = (E x_j^2 / |W_.j|^2)^(1/2) for blocks of one column, which is the inverse
 * of the optimum, squared: it aligns worse than nothing does (FORMULAS §3.3). */
static void test_the_formula_as_printed(void **state)
{
    (void)state;
    double x[N] = {1, 1, 1, 1, 1, 1}, scratch[N * 16];
    struct basis *printed = kind_new("align:1^-2", &input);
    basis_turn_tokens(printed, x, 1, scratch);
    for (size_t j = 0; j < N; j++)
        assert_true(fabs(x[j] / sqrt(x_diagonal[j] / w_diagonal[j]) - 1) < 2e-5);
    basis_free(printed);
    const double none = alignment_behind(NULL), right = alignment_behind("align:1");
    assert_true(alignment_behind("align:1^-2") < 0.5 * none);
    assert_true(right > none);
    /* No other strength does better. */
    static const char *const others[] = {"align:1^-1", "align:1^0.9", "align:1^1.1", "align:1^2"};
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        assert_true(alignment_behind(others[i]) < right);
}

static void test_text(void **state)
{
    (void)state;
    static const char *const cases[][2] = {{"align:1", "align 1, ridge 1e-06"},
                                           {"align:4^0.5", "align 4^0.5, ridge 1e-06"},
                                           {"align", "align 6, ridge 1e-06"}};
    for (size_t k = 0; k < 3; k++) {
        struct basis *basis = kind_new(cases[k][0], &input);
        assert_string_equal(basis_part_text(basis, 0), cases[k][1]);
        assert_false(basis_is_orthogonal(basis));
        basis_free(basis);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const double zero[N];
    struct basis_input dead = input;
    dead.x.value = zero;
    kind_check_refused("align:1", &dead, ERROR_FILE, "second moment of x is zero");
    kind_check_refused("align:4", &dead, ERROR_FILE, "second moment of x is zero");
    struct basis_input wide = {.columns = 100000,
                               .x = {.columns = 100000, .block = 1},
                               .w = {.columns = 100000, .block = 1}};
    kind_check_refused("align:100000", &wide, ERROR_USAGE, "align:100000 needs matrices of");
}

int main(void)
{
    gsl_set_error_handler_off();
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_diagonal_moments),
        cmocka_unit_test(test_isotropic_input),
        cmocka_unit_test(test_the_formula_as_printed),
        cmocka_unit_test(test_text),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
