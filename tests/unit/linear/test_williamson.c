/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "linear/williamson.h"

static int dot(const signed char a[], const signed char b[], size_t n)
{
    int sum = 0;
    for (size_t i = 0; i < n; i++)
        sum += a[i] * b[i];
    return sum;
}

/* HHᵀ = n I. */
static void test_rows_are_orthogonal(void **state)
{
    (void)state;
    static const size_t orders[] = {92, 172};
    for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
        const size_t n = orders[k];
        assert_true(williamson_exists(n));
        signed char *elements = williamson_elements(n);
        for (size_t i = 0; i < n * n; i++)
            assert_true(elements[i] == 1 || elements[i] == -1);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++)
                assert_int_equal(dot(elements + i * n, elements + j * n, n), i == j ? n : 0);
        mem_free(elements);
    }
}

static void test_others_do_not_exist(void **state)
{
    (void)state;
    static const size_t orders[] = {0, 1, 4, 23, 43, 46, 91, 93, 184, 188, 344};
    for (size_t k = 0; k < sizeof orders / sizeof *orders; k++)
        assert_false(williamson_exists(orders[k]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows_are_orthogonal),
        cmocka_unit_test(test_others_do_not_exist),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
