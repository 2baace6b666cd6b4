/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "ui/lesson_value.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

struct figure {
    const char *name;
    double value;
};

/* Nothing is known of other figures. */
static struct figure figures[] = {
    { "q", 0.5 },          { "error_std", 0.125 }, { "error_mse", 0.0625 },
    { "error_mean", NAN }, { "n", 100000 },        { "ratio", 2.0 / 3 },
};

/* user: the table, or NULL where nothing is known at all. */
static bool look_up(void *user, const char *name, double *value)
{
    const struct figure *table = user;
    for (size_t i = 0; table && i < COUNT(figures); i++)
        if (strcmp(table[i].name, name) == 0) {
            *value = table[i].value;
            return true;
        }
    return false;
}

static void test_numbers(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        double value;
    } good[] = { { "0", 0 }, { "-1.5", -1.5 }, { "1e-4", 1e-4 }, { "+2.", 2 }, { ".5", 0.5 } };
    static const char *const bad[] = { "",    "x",     "1x",    " 1",  "1 ", "nan", "inf",
                                       "0x1", "1e999", "1e5e5", "--1", "e",
                                       "11111111111111111111111111111111" };
    double number;
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(lesson_number(good[i].text, strlen(good[i].text), &number));
        assert_true(number == good[i].value);
    }
    for (size_t i = 0; i < COUNT(bad); i++)
        if (lesson_number(bad[i], strlen(bad[i]), &number))
            fail_msg("\"%s\" is a number", bad[i]);
    assert_true(lesson_number("123", 2, &number) && number == 12);
}

static double get(const char *text)
{
    struct lesson_value value;
    struct error error = { ERROR_NONE, "" };
    double number;
    if (!lesson_value_parse(text, strlen(text), false, &value, &error))
        fail_msg("%s: %s", text, error.text);
    assert_true(lesson_value_get(&value, look_up, figures, &number));
    return number;
}

static void test_values(void **state)
{
    (void)state;
    assert_true(get("0.25") == 0.25);
    assert_true(get("q") == 0.5);
    assert_true(get("error_std") == 0.125);
    assert_true(get("error_std/q") == 0.25);
    assert_true(get("error_std/q*-2") == -0.5);
    assert_true(get("error_std*2") == 0.25);
    assert_true(fabs(get("error_std/pqn") - 0.25 * sqrt(12)) < 1e-15);
    assert_true(get("error_mse/q") == 0.25);
    assert_true(fabs(get("error_mse/pqn") - 3) < 1e-14);
    assert_true(isnan(get("error_mean/q")));
}

static void test_unknown(void **state)
{
    (void)state;
    struct lesson_value value;
    double number;
    assert_true(lesson_value_parse("error_std/q", 11, false, &value, NULL));
    assert_false(lesson_value_get(&value, look_up, NULL, &number));
    assert_true(lesson_value_parse("qt1", 3, false, &value, NULL));
    assert_false(lesson_value_get(&value, look_up, figures, &number));
    assert_true(lesson_value_parse("7", 1, false, &value, NULL));
    assert_true(lesson_value_get(&value, look_up, NULL, &number));
}

/* A number alone is no figure to show, and digits are for what is shown. */
static void test_bad_values(void **state)
{
    (void)state;
    static const struct {
        const char *text, *message;
        bool shown;
    } bad[] = {
        { "", "no figure", true },         { "5", "no figure", true },
        { "Q", "no figure", true },        { "q ", "no figure", true },
        { "q:", "digits", true },          { "q:0", "digits", true },
        { "q:12", "digits", true },        { "q:x", "digits", true },
        { "q:3", "no figure", false },     { "q*", "number", false },
        { "q*x", "number", false },        { "q/", "/q or /pqn", false },
        { "q/n", "/q or /pqn", false },    { "q/pqn2", "/q or /pqn", false },
        { "ratio/q", "no length", false }, { "q*2/q", "number", false },
        { "error_stdx", "no figure", false },
    };
    for (size_t i = 0; i < COUNT(bad); i++) {
        struct lesson_value value;
        struct error error = { ERROR_NONE, "" };
        if (lesson_value_parse(bad[i].text, strlen(bad[i].text), bad[i].shown, &value, &error))
            fail_msg("taken for good: %s", bad[i].text);
        if (error.code != ERROR_FILE || !strstr(error.text, bad[i].message))
            fail_msg("%s: \"%s\" is not \"%s\"", bad[i].text, error.text, bad[i].message);
    }
}

static void assert_text(const char *words, void *user, const char *expected)
{
    struct text out = { 0 };
    struct error error = { ERROR_NONE, "" };
    if (!lesson_words_check(words, &error))
        fail_msg("%s: %s", words, error.text);
    text_puts(&out, ">");
    lesson_text(&out, words, look_up, user);
    assert_string_equal(out.data + 1, expected);
    text_done(&out);
}

static void test_text(void **state)
{
    (void)state;
    assert_text("", figures, "");
    assert_text("plain µ }", figures, "plain µ }");
    assert_text("{error_std}", figures, "0.1250");
    assert_text("{error_std/q:1} and {error_std/q*0.5:3}.", figures, "0.2 and 0.125.");
    assert_text("{n} draws, {error_mean}", figures, "100 000 draws, -");
    assert_text("{{q} is {q:2}{{", figures, "{q} is 0.50{");
    assert_text("{qt1} {q:1}", figures, "... 0.5");
    assert_text("{q} {n}", NULL, "... ...");
}

static void test_bad_words(void **state)
{
    (void)state;
    static const char *const bad[] = { "{", "a {q", "{}", "{q", "{q:}", "{{{", "{q}{", "{{q}{x}" };
    for (size_t i = 0; i < COUNT(bad); i++)
        if (lesson_words_check(bad[i], NULL))
            fail_msg("taken for good: %s", bad[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers), cmocka_unit_test(test_values),
        cmocka_unit_test(test_unknown), cmocka_unit_test(test_bad_values),
        cmocka_unit_test(test_text),    cmocka_unit_test(test_bad_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
