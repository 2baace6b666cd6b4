/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "linear/transform_spec.h"

static void check_print(const char *text, const char *expected)
{
    struct transform_spec spec;
    struct text out = {.length = 0};
    struct error error;
    if (!transform_spec_parse(text, &spec, &error))
        fail_msg("%s: %s", text, error.text);
    transform_spec_print(&spec, &out);
    assert_string_equal(out.data, expected);
    text_done(&out);
}

static void test_canonical_form(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"none", "none"},
        {"none+none", "none"},
        {"hadamard+none", "hadamard"},
        {"scale:0.50", "scale:0.5"},
        {"scale:5e-1", "scale:0.5"},
        {"scale:0", "scale:0"},
        {"scale:0.1", "scale:0.1"},
        {"align", "align:128"},
        {"align:1", "align:1"},
        {"align:4096^0.25", "align:4096^0.25"},
        {"align:32^1", "align:32"},
        {"align:1^-2", "align:1^-2"},
        {"align:8^2", "align:8^2"},
        {"align:8^-0.25", "align:8^-0.25"},
        {"align:8^-0", "align:8^0"},
        {"hadamard", "hadamard"},
        {"hadamard:64", "hadamard:64"},
        {"hadamard+signs", "hadamard+signs:1"},
        {"hadamard:2+signs:4294967295", "hadamard:2+signs:4294967295"},
        {"random", "random:1"},
        {"random:0", "random:0"},
        {"cat", "align:128+hadamard"},
        {"cat:64+signs:3", "align:64+hadamard+signs:3"},
        {"scale:0.5+align:1+hadamard", "scale:0.5+align:1+hadamard"},
        {"matrix:t.npy", "matrix:t.npy"},
        {"matrix:a+b/c+d.npy+hadamard", "matrix:a+b/c+d.npy+hadamard"},
        {"matrix:none.npy+none", "matrix:none.npy"},
        {"matrix:a:b", "matrix:a:b"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        check_print(cases[i][0], cases[i][1]);
        check_print(cases[i][1], cases[i][1]);
    }
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {"", "\"\" is unknown"},
        {"hadamrd", "\"hadamrd\" is unknown; there are none, scale:ALPHA"},
        {"Hadamard", "is unknown"},
        {"hadamard+", "\"\" is unknown"},
        {"+hadamard", "is unknown"},
        {"none:1", "not \"1\""},
        {"scale", "scale:ALPHA"},
        {"scale:1.5", "not \"1.5\""},
        {"scale:nan", "not \"nan\""},
        {"scale: 0.5", "ALPHA from 0 to 1"},
        {"align:0", "not \"0\""},
        {"align:-1", "not \"-1\""},
        {"align:8^2.01", "BETA from -2 to 2, not \"8^2.01\""},
        {"align:8^--1", "not \"8^--1\""},
        {"align:^1", "not \"^1\""},
        {"align:99999999999999999999", "align:K"},
        {"hadamard:3", "B a power of two"},
        {"hadamard:1", "B a power of two"},
        {"hadamard:", "B a power of two"},
        {"signs", "signs goes with hadamard"},
        {"align+signs", "signs goes with hadamard"},
        {"hadamard+signs+signs", "signs goes with hadamard"},
        {"hadamard+signs:4294967296", "signs:SEED"},
        {"random:x", "random:SEED"},
        {"cat:1^0.5", "cat:K"},
        {"matrix", "matrix:FILE"},
        {"matrix:", "matrix:FILE"},
        {"matrix:a+matrix:b", "one matrix:FILE"},
        {"random+random+random+random+random+random+random+random+random", "at most 8 parts"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct transform_spec spec = {.count = 77};
        struct error error = {.code = ERROR_NONE};
        assert_false(transform_spec_parse(cases[i][0], &spec, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        if (!strstr(error.text, cases[i][1]))
            fail_msg("%s: %s", cases[i][0], error.text);
        assert_int_equal(spec.count, 77);
    }
}

static void test_long_names(void **state)
{
    (void)state;
    char text[TRANSFORM_FILE + 100] = "matrix:";
    struct transform_spec spec;
    struct error error;
    memset(text + 7, 'a', TRANSFORM_FILE - 1);
    assert_true(transform_spec_parse(text, &spec, &error));
    assert_int_equal(strlen(spec.file), TRANSFORM_FILE - 1);
    text[7 + TRANSFORM_FILE - 1] = 'a';
    assert_false(transform_spec_parse(text, &spec, &error));
    memset(text + 7, 'a', sizeof text - 8);
    assert_false(transform_spec_parse(text, &spec, &error));
}

static void check_needs(const char *text, size_t columns, size_t block, bool maxima, bool matrix)
{
    struct transform_spec spec;
    assert_true(transform_spec_parse(text, &spec, NULL));
    const struct transform_needs needs = transform_spec_needs(&spec, columns);
    assert_int_equal(needs.moment_block, block);
    assert_int_equal(needs.maxima, maxima);
    assert_int_equal(needs.matrix, matrix);
}

static void test_needs(void **state)
{
    (void)state;
    check_needs("none", 4096, 0, false, false);
    check_needs("hadamard", 4096, 0, false, false);
    check_needs("scale:0.5+random", 4096, 0, true, false);
    check_needs("matrix:t", 4096, 0, false, true);
    check_needs("cat", 4096, 128, false, false);
    check_needs("cat", 100, 100, false, false);
    check_needs("align:1", 100, 1, false, false);
    check_needs("scale:0.5+align:32", 4096, 32, true, false);
    check_needs("hadamard:256+align:32", 4096, 256, false, false);
    check_needs("hadamard+align:32", 4096, 4096, false, false);
    check_needs("align:32+align:48", 4096, 4096, false, false);
    check_needs("align:32+hadamard+scale:1", 4096, 32, true, false);
}

static struct transform_spec spec_of(const char *text)
{
    struct transform_spec spec;
    assert_true(transform_spec_parse(text, &spec, NULL));
    return spec;
}

/* Two names mean the same if they print the same. */
static void test_equality(void **state)
{
    (void)state;
    static const char *const names[] = {
        "none",          "hadamard",         "hadamard:8", "hadamard+signs:1", "hadamard+signs:2",
        "align:8",       "align:8^0.5",      "align:16",   "cat",              "random:1",
        "random:2",      "scale:0.5",        "scale:0.25", "matrix:a",         "matrix:b",
        "hadamard+cat:8"};
    const size_t n = sizeof names / sizeof *names;
    for (size_t i = 0; i < n * n; i++) {
        const struct transform_spec a = spec_of(names[i / n]), b = spec_of(names[i % n]);
        assert_true(transform_spec_equal(&a, &b) == (i / n == i % n));
    }
    const struct transform_spec cat = spec_of("cat"), same = spec_of("align:128+hadamard");
    const struct transform_spec zero = {.count = 0}, none = spec_of("none");
    assert_true(transform_spec_equal(&cat, &same));
    assert_true(transform_spec_equal(&zero, &none));
}

static void test_what_depends_on_a_layer(void **state)
{
    (void)state;
    static const char *const general[] = {"none", "hadamard+signs", "random", "matrix:f"};
    static const char *const fitted[] = {"scale:0.5", "align:1", "cat", "hadamard+align:8"};
    for (size_t i = 0; i < 4; i++) {
        const struct transform_spec a = spec_of(general[i]), b = spec_of(fitted[i]);
        assert_false(transform_spec_fits_layer(&a));
        assert_true(transform_spec_fits_layer(&b));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_canonical_form),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_long_names),
        cmocka_unit_test(test_needs),
        cmocka_unit_test(test_equality),
        cmocka_unit_test(test_what_depends_on_a_layer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
