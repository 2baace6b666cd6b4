/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model/pickle.h"
#include "model/pickle_memo.h"

/* Numbers counted up, far apart, and alike in their lowest bits: none is lost or mixed up. */
static void test_memo(void **state)
{
    (void)state;
    enum { N = 20000 };
    static const uint32_t steps[] = {1, 1u << 17, 2654435761u, 0xffffffff};
    static struct pickle_value values[N + 1];
    for (size_t s = 0; s < sizeof steps / sizeof *steps; s++) {
        struct pickle_memo memo = {0};
        assert_null(pickle_memo_get(&memo, 0));
        for (uint32_t i = 0; i < N; i++)
            pickle_memo_put(&memo, i * steps[s], &values[i + 1]);
        pickle_memo_put(&memo, 5 * steps[s], &values[0]);
        for (uint32_t i = 0; i < N; i++)
            assert_ptr_equal(pickle_memo_get(&memo, i * steps[s]), &values[i == 5 ? 0 : i + 1]);
        assert_int_equal(memo.count, N);
        assert_null(pickle_memo_get(&memo, N * steps[s]));
        pickle_memo_done(&memo);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memo),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
