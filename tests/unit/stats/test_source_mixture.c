/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "source_checks.h"

/* Few outliers; many; and most elements outside of a narrow peak. */
static const double shapes[][2] = {{0.01, 10}, {0.4, 3}, {0.9, 20}};

static void test_functions_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++) {
        struct source_check check = {.source = {.type = &source_mixture, .mean = 0.2, .std = 1.5}};
        struct source narrow;
        memcpy(check.source.shape, shapes[i], sizeof shapes[i]);
        source_mixture.part(&check.source, 0, &narrow);
        check.grain = 0.7 * narrow.std;
        check.far = 12 * fmax(shapes[i][1], 1) * narrow.std;
        check_density(&check);
        check_quantile(&check);
        check_characteristic(&check, 20, 1e-13);
        check_draws(&check);
    }
}

/* SHARE of the elements have RATIO times the standard deviation of the others. */
static void test_parts(void **state)
{
    (void)state;
    const struct source source = {
        .type = &source_mixture, .mean = -3, .std = 2, .shape = {0.25, 4}};
    struct source many, few;
    assert_int_equal(source_mixture.parts(&source), 2);
    assert_true(source_mixture.part(&source, 0, &many) == 0.75);
    assert_true(source_mixture.part(&source, 1, &few) == 0.25);
    assert_true(many.mean == -3 && few.mean == -3);
    check_close("ratio", &source, 0, few.std / many.std, 4, 1e-15);
    check_close("variance", &source, 0, 0.75 * many.std * many.std + 0.25 * few.std * few.std, 4,
                1e-14);
    double m[3];
    source_mixture.truncated(&source, -INFINITY, INFINITY, -3, m);
    check_close("mass", &source, 0, m[0], 1, 1e-15);
    check_close("variance", &source, 0, m[2], 4, 1e-13);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_agree),
        cmocka_unit_test(test_parts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
