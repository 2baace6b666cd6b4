/* SPDX-License-Identifier: MIT */
#include <math.h>

#include "kind.h"

static const double x_maxima[] = {16, 1, 0}, w_maxima[] = {4, 9, 2};
static const struct basis_input input = {
    .columns = 3,
    .x = {.columns = 3, .block = 1},
    .w = {.columns = 3, .block = 1},
    .x_maxima = x_maxima,
    .w_maxima = w_maxima,
};

/* s = sqrt(16 / 4), sqrt(1 / 9), sqrt(1e-5 / 2): x over s, W times s. */
static void test_smoothquant(void **state)
{
    (void)state;
    const double s[] = {2, 1.0 / 3, sqrt(0.5e-5)};
    double x[] = {1, 1, 1}, w[] = {1, 1, 1};
    struct basis *basis = kind_new("scale:0.5", &input);
    basis_turn_tokens(basis, x, 1, NULL);
    basis_turn_weights(basis, w, 1, NULL);
    for (size_t j = 0; j < 3; j++) {
        assert_true(fabs(x[j] * s[j] - 1) < 1e-14);
        assert_true(fabs(w[j] / s[j] - 1) < 1e-14);
    }
    assert_string_equal(basis_part_text(basis, 0), "scale 0.5");
    basis_free(basis);
}

/* ALPHA = 1 makes all of x at most 1, ALPHA = 0 all of W. */
static void test_extremes(void **state)
{
    (void)state;
    double x[] = {16, 1, 0}, w[] = {4, 9, 2};
    struct basis *all = kind_new("scale:1", &input), *nothing = kind_new("scale:0", &input);
    basis_turn_tokens(all, x, 1, NULL);
    basis_turn_weights(nothing, w, 1, NULL);
    for (size_t j = 0; j < 3; j++) {
        assert_true(fabs(x[j] - (j < 2)) < 1e-14);
        assert_true(fabs(w[j] - 1) < 1e-14);
    }
    basis_free(nothing);
    basis_free(all);
}

/* After another scaling the maxima are still known: balanced columns need no more of it. */
static void test_after_scaling(void **state)
{
    (void)state;
    double once[] = {1, 1, 1}, twice[] = {1, 1, 1};
    struct basis_input alive = input;
    alive.columns = alive.x.columns = alive.w.columns = 2;
    struct basis *single = kind_new("scale:0.5", &alive);
    struct basis *repeated = kind_new("scale:0.5+scale:0.5", &alive);
    basis_turn_tokens(single, once, 1, NULL);
    basis_turn_tokens(repeated, twice, 1, NULL);
    for (size_t j = 0; j < 2; j++)
        assert_true(fabs(once[j] - twice[j]) < 1e-14);
    basis_free(repeated);
    basis_free(single);
}

static void test_refused(void **state)
{
    (void)state;
    struct basis_input blind = input;
    blind.x_maxima = NULL;
    kind_check_refused("scale:0.5", &blind, ERROR_USAGE, "the largest |x|");
    kind_check_refused("random+scale:0.5", &input, ERROR_USAGE, "no transform before it");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_smoothquant),
        cmocka_unit_test(test_extremes),
        cmocka_unit_test(test_after_scaling),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
