/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "linear/moment_sums.h"
#include "random_rows.h"

#define D 150
#define N 200 /* more rows than are gathered at a time */

/* Blocks of every kind: the diagonal, narrow ones, a last shorter one, two, the whole. */
static void test_blocks(void **state)
{
    (void)state;
    static const size_t blocks[] = {1, 2, 15, 32, 100, D};
    static double rows[N * D];
    random_rows(rows, N * D, 1);
    for (size_t b = 0; b < sizeof blocks / sizeof *blocks; b++) {
        struct moment_sums *sums = moment_sums_new(D, blocks[b]);
        assert_non_null(sums);
        moment_sums_add(sums, rows, 70);
        moment_sums_add(sums, rows + 70 * D, N - 70);
        double *value = moment_sums_finish(sums, N);
        assert_non_null(value);
        const struct moment moment = {D, blocks[b], value};
        for (size_t i = 0; i < D; i++)
            for (size_t j = 0; j < D; j++) {
                double sum = 0;
                for (size_t t = 0; i / blocks[b] == j / blocks[b] && t < N; t++)
                    sum += rows[t * D + i] * rows[t * D + j];
                assert_true(fabs(moment_at(&moment, i, j) - sum / N) < 1e-13);
            }
        mem_free(value);
    }
}

static void test_nothing_and_too_much(void **state)
{
    (void)state;
    struct moment_sums *sums = moment_sums_new(3, 2);
    moment_sums_add(sums, NULL, 0);
    double *value = moment_sums_finish(sums, 1);
    const struct moment moment = {3, 2, value};
    assert_true(moment_trace(&moment) == 0);
    mem_free(value);
    assert_null(moment_sums_new(SIZE_MAX / 2, SIZE_MAX / 2));
    moment_sums_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_blocks),
        cmocka_unit_test(test_nothing_and_too_much),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
