/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/truncated.h"

/* Of exp(-|y|) / 2, whose tail is its own shape. */
static void laplace_tail(const struct source *source, double a, double at, double m[3])
{
    (void)source;
    assert_true(a >= 0 && isfinite(a));
    const double d = a - at;
    m[0] = 0.5 * exp(-a);
    m[1] = m[0] * (1 + d);
    m[2] = m[0] * (2 + 2 * d + d * d);
}

static void test_against_the_closed_form(void **state)
{
    (void)state;
    const struct source laplace = {.type = &source_laplace, .mean = 3, .std = sqrt(2)};
    static const double ends[] = {-INFINITY, -40, -5, -2.5, 0, 0.7, 4, 30, INFINITY};
    for (size_t i = 0; i < 9; i++)
        for (size_t j = i + 1; j < 9; j++)
            for (double at = -3; at < 4; at += 0.9) {
                double got[3], wanted[3];
                const double a = 3 + ends[i], b = 3 + ends[j];
                truncated_from_tails(&laplace, laplace_tail, a, b, 3 + at, got);
                source_laplace.truncated(&laplace, a, b, 3 + at, wanted);
                for (size_t k = 0; k < 3; k++)
                    if (!(fabs(got[k] - wanted[k]) <= 1e-12 * wanted[2]))
                        fail_msg("m[%zu] from %g to %g: %.17g instead of %.17g", k, ends[i],
                                 ends[j], got[k], wanted[k]);
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_against_the_closed_form),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
