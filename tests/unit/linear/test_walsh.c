/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "linear/walsh.h"
#include "random_rows.h"

static void test_definition(void **state)
{
    (void)state;
    double x[512], y[512];
    for (size_t n = 1; n <= 512; n *= 2) {
        random_rows(x, n, n);
        memcpy(y, x, n * sizeof *x);
        walsh_transform(y, n, 3);
        for (size_t i = 0; i < n; i++) {
            double sum = 0;
            for (size_t j = 0; j < n; j++)
                sum += __builtin_popcountll(i & j) % 2 ? -x[j] : x[j];
            assert_true(fabs(y[i] - 3 * sum) < 1e-12 * sqrt((double)n));
        }
    }
}

static void test_twice_is_nothing(void **state)
{
    (void)state;
    for (size_t n = 1024; n <= 65536; n *= 2) {
        double *x = malloc(n * sizeof *x), *y = malloc(n * sizeof *y);
        random_rows(x, n, n);
        memcpy(y, x, n * sizeof *x);
        walsh_transform(y, n, 1 / sqrt((double)n));
        assert_true(fabs(y[1] - x[1]) > 1e-6);
        walsh_transform(y, n, 1 / sqrt((double)n));
        for (size_t i = 0; i < n; i++)
            assert_true(fabs(y[i] - x[i]) < 1e-13);
        free(y);
        free(x);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_definition),
        cmocka_unit_test(test_twice_is_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
