/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/mem.h"
#include "linear/hadamard_core.h"

static void test_names(void **state)
{
    (void)state;
    static const struct {
        size_t order;
        const char *name; /* NULL if there is none */
    } cases[] = {
        {1, NULL},
        {2, NULL},
        {3, NULL},
        {12, "Paley I over GF(11)"},
        {92, "Williamson"},
        {172, "Williamson"},
        {188, NULL},
        {344, "Paley I over GF(343)"},
        {36, "Paley II over GF(17)"},
        {8192 + 28, NULL}, /* 8219 is prime, but it is too large */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct hadamard_core core;
        struct text text = {.length = 0};
        assert_int_equal(hadamard_core_find(cases[i].order, &core), cases[i].name != NULL);
        if (!cases[i].name)
            continue;
        assert_int_equal(core.order, cases[i].order);
        hadamard_core_print(&core, &text);
        assert_string_equal(text.data, cases[i].name);
        text_done(&text);
    }
}

/* One of each construction: rows are orthogonal. */
static void test_elements(void **state)
{
    (void)state;
    static const size_t orders[] = {12, 36, 92};
    for (size_t k = 0; k < sizeof orders / sizeof *orders; k++) {
        struct hadamard_core core;
        const size_t n = orders[k];
        assert_true(hadamard_core_find(n, &core));
        signed char *elements = hadamard_core_elements(&core);
        for (size_t i = 0; i < n; i++)
            for (size_t j = 0; j <= i; j++) {
                int sum = 0;
                for (size_t l = 0; l < n; l++)
                    sum += elements[i * n + l] * elements[j * n + l];
                assert_int_equal(sum, i == j ? n : 0);
            }
        mem_free(elements);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_elements),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
