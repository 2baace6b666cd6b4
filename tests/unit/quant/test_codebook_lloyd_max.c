/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "quant/codebook.h"
#include "quant/lloyd_max.h"

/* The levels of the source's family, whatever its mean and standard deviation. */
static void test_levels_of_the_family(void **state)
{
    (void)state;
    const struct codebook_type *type = &codebook_lloyd_max;
    const struct source fitted = {.type = &source_laplace, .mean = -0.3, .std = 0.02};
    struct error error;
    for (int bits = 1; bits <= 8; bits++) {
        struct codebook *codebook = type->make(type, bits, &fitted, &error),
                        *wanted = lloyd_max_make(&fitted, bits, &error);
        assert_int_equal(codebook->count, 1 << bits);
        assert_memory_equal(codebook->level, wanted->level, codebook->count * sizeof(double));
        assert_true(codebook->mse == wanted->mse);
        codebook_free(codebook);
        codebook_free(wanted);
    }
}

static void test_other_widths_are_refused(void **state)
{
    (void)state;
    const struct source source = {.type = &source_gaussian, .std = 1};
    for (int bits = 0; bits <= 9; bits += 9) {
        struct error error = {0};
        assert_null(codebook_lloyd_max.make(&codebook_lloyd_max, bits, &source, &error));
        assert_true(error.code == ERROR_USAGE && strstr(error.text, "1 to 8 bits"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_levels_of_the_family),
        cmocka_unit_test(test_other_widths_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
