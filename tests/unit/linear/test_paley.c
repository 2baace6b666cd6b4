/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "base/mem.h"
#include "linear/paley.h"

static void test_which_exist(void **state)
{
    (void)state;
    static const struct {
        size_t order, field;
        enum paley_kind kind;
    } cases[] = {
        {4, 3, PALEY_I},     {8, 7, PALEY_I},     {12, 11, PALEY_I},    {20, 19, PALEY_I},
        {28, 27, PALEY_I},   {36, 17, PALEY_II},  {52, 25, PALEY_II},   {76, 37, PALEY_II},
        {148, 73, PALEY_II}, {344, 343, PALEY_I}, {924, 461, PALEY_II},
    };
    static const size_t none[] = {0, 1, 2, 3, 6, 10, 92, 116, 156, 172, 188, 428, 13696};
    struct paley paley;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_true(paley_find(cases[i].order, &paley));
        assert_int_equal(paley.order, cases[i].order);
        assert_int_equal(paley.field, cases[i].field);
        assert_int_equal(paley.kind, cases[i].kind);
    }
    for (size_t i = 0; i < sizeof none / sizeof *none; i++)
        assert_false(paley_find(none[i], &paley));
    assert_string_equal(paley_kind_name(PALEY_I), "I");
    assert_string_equal(paley_kind_name(PALEY_II), "II");
}

static void check_rows(const struct paley *paley)
{
    const size_t n = paley->order;
    signed char *h = paley_elements(paley);
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j <= i; j++) {
            int dot = 0;
            for (size_t k = 0; k < n; k++) {
                assert_int_equal(abs(h[i * n + k]), 1);
                dot += h[i * n + k] * h[j * n + k];
            }
            assert_int_equal(dot, i == j ? (int)n : 0);
        }
    mem_free(h);
}

/* Both kinds, over primes and over powers of primes. */
static void test_rows_are_orthogonal(void **state)
{
    (void)state;
    struct paley paley;
    size_t found = 0;
    for (size_t order = 4; order <= 120; order += 4)
        if (paley_find(order, &paley)) {
            check_rows(&paley);
            found++;
        }
    assert_int_equal(found, 20); /* of the other ten, eight are twice a smaller one */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_which_exist),
        cmocka_unit_test(test_rows_are_orthogonal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
