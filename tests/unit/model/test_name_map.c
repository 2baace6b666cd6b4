/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "model/name_map.h"

static void check(const char *const rules[], size_t n, const char *name, const char *wanted)
{
    struct name_map map = {0};
    struct text out = {0};
    struct error error = {0};
    for (size_t i = 0; i < n; i++)
        assert_true(name_map_add(&map, rules[i], &error));
    name_map_apply(&map, name, &out);
    assert_string_equal(out.data ? out.data : "", wanted);
    text_done(&out);
    name_map_done(&map);
}

static void test_rules(void **state)
{
    (void)state;
    check(NULL, 0, "a.b", "a.b");
    check((const char *[]){"^net\\.="}, 1, "net.fc.weight", "fc.weight");
    check((const char *[]){"a=b"}, 1, "aaa", "baa"); /* the first match only */
    check((const char *[]){"x=y"}, 1, "abc", "abc");
    check((const char *[]){"h([0-9]+)_(fc|out)=layers.\\1.\\2"}, 1, "h12_fc.weight",
          "layers.12.fc.weight");
    check((const char *[]){"b=<\\0\\\\>"}, 1, "abc", "a<b\\>c");
    check((const char *[]){"(x)|(y)=[\\1\\2]"}, 1, "y", "[y]"); /* a group that took no part */
    check((const char *[]){"a=b", "b=c"}, 2, "a", "c");         /* one after the other */
    check((const char *[]){"a=x=y"}, 1, "a", "x=y");
    check((const char *[]){"$=!"}, 1, "", "!");
}

static void test_long_names_stay(void **state)
{
    (void)state;
    char name[5001];
    memset(name, 'a', 5000);
    name[5000] = '\0';
    check((const char *[]){"a=b"}, 1, name, name);
}

static void test_refused(void **state)
{
    (void)state;
    static const char *const rules[][2] = {
        {"abc", "REGEX=REPLACEMENT"},    {"=x", "REGEX=REPLACEMENT"},       {"(=x", "rule \"(=x\":"},
        {"a=\\1", "there are 0 groups"}, {"(a)=\\2", "there are 1 groups"}, {"a=\\x", "backslash"},
        {"a=b\\", "backslash"},
    };
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct name_map map = {0};
        struct error error = {0};
        assert_false(name_map_add(&map, rules[i][0], &error));
        assert_int_equal(error.code, ERROR_USAGE);
        if (!strstr(error.text, rules[i][1]))
            fail_msg("\"%s\" has no \"%s\"", error.text, rules[i][1]);
        name_map_done(&map);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules),
        cmocka_unit_test(test_long_names_stay),
        cmocka_unit_test(test_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
