/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/expression.h"

enum { SQNR, BITS, UNDEFINED, NAME, UNNAMED };

static int find(const char *name, size_t length, bool *string)
{
    static const char *const names[] = {"sqnr", "bits", "undefined", "name", "unnamed"};
    for (int i = 0; i < 5; i++) {
        if (strlen(names[i]) == length && memcmp(names[i], name, length) == 0) {
            *string = i >= NAME;
            return i;
        }
    }
    return -1;
}

static double number(void *user, int figure)
{
    (void)user;
    return figure == SQNR ? 17.5 : figure == BITS ? 4 : (double)NAN;
}

static const char *string(void *user, int figure)
{
    (void)user;
    return figure == NAME ? "layers.2.mlp.up" : NULL;
}

static const struct expression_names names = {find};

static bool holds(const char *text)
{
    static const struct expression_figures figures = {NULL, number, string};
    struct error error = {ERROR_NONE, ""};
    struct expression *expression = expression_parse(text, &names, &error);
    if (!expression)
        fail_msg("%s: %s", text, error.text);
    bool result = expression_holds(expression, &figures);
    expression_free(expression);
    return result;
}

static void assert_fails(const char *text, const char *message)
{
    struct error error = {ERROR_NONE, ""};
    assert_null(expression_parse(text, &names, &error));
    assert_int_equal(error.code, ERROR_USAGE);
    assert_string_equal(error.text, message);
}

static void test_comparisons(void **state)
{
    (void)state;
    assert_true(holds("sqnr<20 && bits==4"));
    assert_false(holds("sqnr<20 && bits==8"));
    assert_true(holds("sqnr <= 17.5 && sqnr >= 17.5"));
    assert_false(holds("sqnr < 17.5 || sqnr > 17.5"));
    assert_true(holds("bits != 5"));
    assert_true(holds("!(bits == 5)"));
    assert_true(holds("! bits == 5")); /* ! is weaker than == */
}

static void test_arithmetic(void **state)
{
    (void)state;
    assert_true(holds("1 + 2 * 3 == 7"));
    assert_true(holds("(1 + 2) * 3 == 9"));
    assert_true(holds("8 - 2 - 1 == 5"));
    assert_true(holds("8 / 2 / 2 == 2"));
    assert_true(holds("-bits + 5 == - -1"));
    assert_true(holds("1e-3 < .5"));
    assert_true(holds("sqnr - bits > 13"));
}

/* && binds more than ||, and a number is a condition. */
static void test_conditions(void **state)
{
    (void)state;
    assert_true(holds("1 || 0 && 0"));
    assert_false(holds("(1 || 0) && 0"));
    assert_true(holds("bits"));
    assert_false(holds("!bits"));
    assert_true(holds("!!bits"));
}

static void test_undefined(void **state)
{
    (void)state;
    assert_false(holds("undefined < 1"));
    assert_false(holds("undefined >= 1"));
    assert_false(holds("undefined == undefined"));
    assert_true(holds("undefined != 1"));
    assert_false(holds("undefined"));
    assert_true(holds("!undefined"));
    assert_false(holds("undefined + 1 > 0"));
}

static void test_strings(void **state)
{
    (void)state;
    assert_true(holds("name == 'layers.2.mlp.up'"));
    assert_true(holds("name ~ \"*.mlp.*\""));
    assert_false(holds("name ~ 'mlp'"));
    assert_true(holds("name !~ 'mlp' && name != \"x\""));
    assert_false(holds("unnamed == ''"));
    assert_true(holds("unnamed != ''"));
    assert_false(holds("unnamed ~ '*'"));
}

static void test_mentions(void **state)
{
    (void)state;
    struct expression *expression = expression_parse("!(sqnr < 3) && name ~ 'a'", &names, NULL);
    assert_non_null(expression);
    assert_true(expression_mentions(expression, SQNR));
    assert_true(expression_mentions(expression, NAME));
    assert_false(expression_mentions(expression, BITS));
    expression_free(expression);
}

static void test_mistakes(void **state)
{
    (void)state;
    assert_fails("", "a figure or a number is wanted, not the end, at column 1");
    assert_fails("sqnr <", "a figure or a number is wanted, not the end, at column 7");
    assert_fails("sqnr < )", "a figure or a number is wanted at column 8");
    assert_fails("snqr < 20", "there is no figure \"snqr\" at column 1");
    assert_fails("sqnr = 20", "an operator is wanted, not \"=\" at column 6");
    assert_fails("(sqnr < 20", "a ) is wanted at column 11");
    assert_fails("3 < sqnr < 20", "comparisons are joined by &&, as here at column 10");
    assert_fails("name < 'a'", "strings have no order: == != ~ or !~ is wanted at column 6");
    assert_fails("name == 4", "a string is compared with a number at column 6");
    assert_fails("sqnr ~ 4", "~ is for strings at column 6");
    assert_fails("name", "a string can only be compared, by == != ~ or !~, at column 1");
    assert_fails("bits && name", "a string can only be compared, by == != ~ or !~, at column 8");
    assert_fails("name == 'x", "a string has no end at column 9");
    assert_fails("4x < 2", "a number is malformed at column 1");
    assert_fails("sqnr < \x1b", "a figure or a number is wanted at column 8");
}

/* What somebody pastes must not exhaust the stack. */
static void test_depth(void **state)
{
    (void)state;
    char text[4096];
    static const char openings[] = "(!-";
    for (const char *opening = openings; *opening; opening++) {
        memset(text, *opening, sizeof text);
        text[sizeof text - 1] = '\0';
        assert_null(expression_parse(text, &names, NULL));
    }
    memset(text, '1', sizeof text);
    for (size_t i = 1; i < sizeof text; i += 2)
        text[i] = '+';
    text[sizeof text - 1] = '\0';
    assert_fails(text, "the expression is too long at column 514");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_comparisons), cmocka_unit_test(test_arithmetic),
        cmocka_unit_test(test_conditions),  cmocka_unit_test(test_undefined),
        cmocka_unit_test(test_strings),     cmocka_unit_test(test_mentions),
        cmocka_unit_test(test_mistakes),    cmocka_unit_test(test_depth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
