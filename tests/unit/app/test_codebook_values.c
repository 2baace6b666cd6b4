/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "app/codebook_values.h"

/* All of what fits. */
static void test_whole(void **state)
{
    (void)state;
    assert_int_equal(codebook_stride(0, 1), 1);
    assert_int_equal(codebook_stride(1, 1), 1);
    assert_int_equal(codebook_stride(CODEBOOK_VALUES_MOST, 4096), 1);
}

/* Of more never too many, nor far fewer, and from every column. */
static void test_sampled(void **state)
{
    (void)state;
    static const uint64_t lengths[] = {1, 2, 6, 4096, 11008, 30030, 128256};
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        for (uint64_t rows = CODEBOOK_VALUES_MOST / lengths[i] + 1;
             rows < ((uint64_t)1 << 34) / lengths[i]; rows += 1 + rows / 3) {
            const uint64_t elements = rows * lengths[i];
            const uint64_t stride = codebook_stride(elements, lengths[i]);
            const uint64_t taken = (elements - 1) / stride + 1;
            assert_true(stride > 1 && taken <= CODEBOOK_VALUES_MOST);
            assert_true(taken > CODEBOOK_VALUES_MOST / 32);
            for (uint64_t divisor = 2; divisor <= stride; divisor++)
                assert_false(stride % divisor == 0 && lengths[i] % divisor == 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_whole),
        cmocka_unit_test(test_sampled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
