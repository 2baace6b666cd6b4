/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "quant/fitter.h"

static struct books *books_of(const char *levels, int bits)
{
    struct scheme scheme = scheme_default();
    scheme.bits = bits;
    assert_true(levels_parse(levels, &scheme.levels, &scheme.bits, NULL));
    struct books *books = books_make(&scheme, NULL);
    assert_non_null(books);
    return books;
}

static void test_families(void **state)
{
    (void)state;
    struct books *both = books_of("lloyd-max", 3), *gaussian = books_of("lloyd-max:gaussian", 3),
                 *laplace = books_of("lloyd-max:laplace", 3), *unit = books_of("lloyd-max:unit", 3);
    /* The outermost levels (FORMULAS §2.3). */
    const double narrow = 2.1519, wide = 3.0867;
    assert_float_equal(books_codebook(both, false)->level[7], narrow, 1e-4);
    assert_float_equal(books_codebook(both, true)->level[7], wide, 1e-4);
    assert_float_equal(books_codebook(unit, false)->level[7], narrow, 1e-4);
    assert_float_equal(books_codebook(unit, true)->level[7], wide, 1e-4);
    for (int family = 0; family < 2; family++) { /* there is no other */
        assert_float_equal(books_codebook(gaussian, family)->level[7], narrow, 1e-4);
        assert_float_equal(books_codebook(laplace, family)->level[7], wide, 1e-4);
    }
    books_free(both);
    books_free(gaussian);
    books_free(laplace);
    books_free(unit);
}

static void test_what_is_shared(void **state)
{
    (void)state;
    struct books *uniform = books_of("uniform", 4), *own = books_of("lloyd-max:empirical", 4),
                 *nf = books_of("nf4", 4);
    assert_null(books_codebook(uniform, false));
    assert_null(books_codebook(own, true));
    assert_int_equal(books_codebook(nf, false)->count, 16);
    assert_ptr_equal(books_codebook(nf, false), books_codebook(nf, true));
    books_free(uniform);
    books_free(own);
    books_free(nf);
    books_free(NULL);
}

static void test_elements_of_blocks(void **state)
{
    (void)state;
    for (size_t i = 0; i < block_format_count; i++) {
        struct books *books = books_of(block_formats[i]->name, 4);
        const struct codebook *plain = books_elements(books, false),
                              *mirrored = books_elements(books, true);
        assert_int_equal(plain->count, mirrored->count);
        for (size_t k = 0; k < plain->count; k++)
            assert_true(plain->level[k] == -mirrored->level[plain->count - 1 - k]);
        books_free(books);
    }
}

static void test_refusals(void **state)
{
    (void)state;
    struct scheme scheme = scheme_default();
    struct error error = {0};
    scheme.levels = (struct levels){.kind = LEVELS_CODEBOOK, .codebook = &codebook_apot};
    scheme.bits = 8;
    assert_null(books_make(&scheme, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    scheme.levels.codebook = &codebook_lloyd_max;
    scheme.bits = 9;
    assert_null(books_make(&scheme, &error));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_families),
        cmocka_unit_test(test_what_is_shared),
        cmocka_unit_test(test_elements_of_blocks),
        cmocka_unit_test(test_refusals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
