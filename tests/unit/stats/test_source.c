/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "stats/source.h"

static void test_find(void **state)
{
    (void)state;
    assert_ptr_equal(source_find("gaussian"), &source_gaussian);
    assert_null(source_find("Gaussian"));
    assert_null(source_find(""));
    assert_null(source_find("gaussian "));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
