/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "linear/blas_threads.h"

/* In OpenBLAS's place. */
void openblas_set_num_threads(int threads);
void openblas_set_num_threads(int threads)
{
    function_called();
    check_expected(threads);
}

static void test_the_library_is_told(void **state)
{
    (void)state;
    expect_function_call(openblas_set_num_threads);
    expect_value(openblas_set_num_threads, threads, 1);
    blas_threads_none();
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_the_library_is_told)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
