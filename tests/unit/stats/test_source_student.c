/* SPDX-License-Identifier: MIT */
#include "source_checks.h"

static const double nus[] = {2.3, 3, 4.5, 5, 11, 64, 300};

static void test_functions_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof nus / sizeof *nus; i++) {
        const double nu = nus[i], s = 0.8;
        struct source_check check = {
            .source = {.type = &source_student, .mean = -1, .std = s * sqrt(nu / (nu - 2))}};
        check.source.shape[0] = nu;
        check.grain = 0.4;
        check.far = s * sqrt(nu) * exp(fmin(46 / (nu - 2), 150)); /* of the variance */
        check_density(&check);
        check_quantile(&check);
        check_truncated(&check, 1e-10);
        if (nu >= 3)
            check_tails(&check, nu < 20 ? 25 : 6, 1e-10);
        check_derivatives(&check, -6, 6);
        check_draws(&check);
    }
}

/* Closed forms for 3 and 5 degrees of freedom; none lost for small and large arguments. */
static void test_characteristic(void **state)
{
    (void)state;
    for (double u = 1e-9; u < 200; u *= 1.7) {
        struct source t = {.type = &source_student, .std = sqrt(3), .shape = {3}};
        double v = sqrt(3) * u, wanted = (1 + v) * exp(-v);
        check_close("CF", &t, u, creal(source_student.characteristic(&t, u)), wanted,
                    1e-12 * wanted);
        t = (struct source){.type = &source_student, .std = sqrt(5.0 / 3), .shape = {5}};
        v = sqrt(5) * u;
        wanted = (1 + v + v * v / 3) * exp(-v);
        check_close("CF", &t, u, creal(source_student.characteristic(&t, u)), wanted,
                    1e-12 * wanted);
    }
    for (double nu = 2.01; nu <= 1e4; nu *= 1.3)
        for (double u = 1e-8; u < 1e6; u *= 3) {
            const struct source t = {.type = &source_student, .mean = 3, .std = 1, .shape = {nu}};
            const double size = cabs(source_student.characteristic(&t, u));
            assert_true(size >= 0 && size < 1 + 1e-10);
            if (nu > 4.5 && u < 1e-3)
                check_close("CF", &t, u, size, 1 - u * u / 2, 1e-10 + pow(u, 3));
            if (nu > 5000)
                check_close("CF", &t, u, size, exp(-u * u / 2), 1e-4);
        }
}

static void test_rough(void **state)
{
    (void)state;
    struct source t = {.type = &source_student, .std = 1, .shape = {5}};
    struct source_rough rough = source_student.rough(&t, false);
    assert_true(rough.count == 1 && !rough.empty_beyond);
    t.std = 100;
    assert_true(source_student.rough(&t, false).count == 0);
    t = (struct source){.type = &source_student, .std = 0.1, .shape = {5000}};
    assert_true(source_student.rough(&t, false).empty_beyond); /* nearly a Gaussian */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_agree),
        cmocka_unit_test(test_characteristic),
        cmocka_unit_test(test_rough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
