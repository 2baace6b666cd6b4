/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "stats/source.h"

static void test_find(void **state)
{
    (void)state;
    assert_ptr_equal(source_find("gaussian"), &source_gaussian);
    assert_ptr_equal(source_find("t"), &source_student);
    assert_null(source_find("Gaussian"));
    assert_null(source_find(""));
    assert_null(source_find("gaussian "));
}

static void assert_parses(const char *text, const struct source_type *type, double a, double b)
{
    struct source source = {.mean = 7, .std = 8};
    struct error error = {0};
    char name[SOURCE_NAME];
    assert_true(source_parse(text, &source, &error));
    assert_ptr_equal(source.type, type);
    assert_true(source.shape[0] == a && source.shape[1] == b);
    assert_true(source.mean == 7 && source.std == 8);
    assert_string_equal(source_print(&source, name), text);
}

static void test_parse_and_print(void **state)
{
    (void)state;
    assert_parses("gaussian", &source_gaussian, 0, 0);
    assert_parses("laplace", &source_laplace, 0, 0);
    assert_parses("uniform", &source_uniform, 0, 0);
    assert_parses("logistic", &source_logistic, 0, 0);
    assert_parses("t:5", &source_student, 5, 0);
    assert_parses("t:2.1", &source_student, 2.1, 0);
    assert_parses("t:3.141592653589793", &source_student, 3.141592653589793, 0);
    assert_parses("mixture:0.01:10", &source_mixture, 0.01, 10);
}

static void assert_refused(const char *text, const char *why)
{
    const struct source before = {.type = &source_student, .shape = {4}};
    struct source source = before;
    struct error error = {0};
    assert_false(source_parse(text, &source, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    if (!strstr(error.text, why))
        fail_msg("\"%s\": said: %s", text, error.text);
    assert_ptr_equal(source.type, before.type);
    assert_true(source.shape[0] == before.shape[0]);
}

static void test_refuse(void **state)
{
    (void)state;
    assert_refused("", "one of gaussian, laplace");
    assert_refused("cauchy", "mixture:SHARE:RATIO is wanted");
    assert_refused("empirical", "made from a tensor");
    assert_refused("laplace:1", "laplace takes no numbers");
    assert_refused("gaussian:", "takes no numbers");
    assert_refused("t", "t:NU is wanted, NU above 2");
    assert_refused("t:", "t:NU is wanted");
    assert_refused("t:2", "NU above 2");
    assert_refused("t:-5", "NU above 2");
    assert_refused("t:nan", "t:NU is wanted");
    assert_refused("t:inf", "t:NU is wanted");
    assert_refused("t:1e9", "at most 10000");
    assert_refused("t: 5", "t:NU is wanted");
    assert_refused("t:5x", "t:NU is wanted");
    assert_refused("t:5:6", "t:NU is wanted");
    assert_refused("mixture:0.1", "mixture:SHARE:RATIO is wanted");
    assert_refused("mixture:0:3", "SHARE between 0 and 1");
    assert_refused("mixture:1:3", "SHARE between 0 and 1");
    assert_refused("mixture:0.1:0", "RATIO from");
}

static void test_fit(void **state)
{
    (void)state;
    for (size_t i = 0; i < source_type_count; i++) {
        struct source source = {.type = source_types[i], .shape = {5, 3}};
        source_fit(&source, &(struct source_summary){0.25, 2, 0.5, 1});
        assert_true(source.shape[0] == 5 && source.shape[1] == 3);
        if (source.type != &source_laplace)
            assert_true(source.mean == 0.25 && source.std == 2);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find),
        cmocka_unit_test(test_parse_and_print),
        cmocka_unit_test(test_refuse),
        cmocka_unit_test(test_fit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
