/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "quant/bounds.h"

/* Of a symmetric density of standard deviation 1, by the trapezoidal rule from its peak, where the
 * Laplace has a kink. */
struct integrals {
    double third_root; /* of f^(1/3) */
    double entropy;    /* of -f ln f */
};

static struct integrals integrate(const struct source *source)
{
    const double h = 1e-3;
    struct integrals sum = {0};
    for (int i = 0; i * h < 60; i++) {
        const double f = source->type->density(source, i * h);
        const double weight = i == 0 ? h : 2 * h;
        if (f > 0) {
            sum.third_root += weight * cbrt(f);
            sum.entropy -= weight * f * log(f);
        }
    }
    return sum;
}

static void test_against_their_definitions(void **state)
{
    (void)state;
    const struct source_type *types[] = {&source_gaussian, &source_laplace};
    for (size_t i = 0; i < 2; i++) {
        const struct source source = {.type = types[i], .std = 1};
        const struct integrals integrals = integrate(&source);
        const double panter_dite = pow(integrals.third_root, 3) / 12;
        const double shannon = exp(2 * integrals.entropy) / (2 * M_PI * M_E);
        assert_true(fabs(bounds_panter_dite(types[i]) / panter_dite - 1) < 1e-5);
        assert_true(fabs(bounds_shannon(types[i]) / shannon - 1) < 1e-5);
    }
}

static void test_other_sources_have_none(void **state)
{
    (void)state;
    assert_true(isnan(bounds_panter_dite(&source_uniform)));
    assert_true(isnan(bounds_shannon(&source_student)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_their_definitions),
        cmocka_unit_test(test_other_sources_have_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
