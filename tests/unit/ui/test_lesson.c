/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "base/mem.h"
#include "ui/lesson.h"

#define COUNT(array) (sizeof (array) / sizeof *(array))

#define HEAD "title: T\nsummary: S\n"

static struct lesson *parse(const char *text, struct error *error)
{
    *error = (struct error){ ERROR_NONE, "" };
    return lesson_parse("dir/one.lesson", text, strlen(text), error);
}

static struct lesson *parse_good(const char *text)
{
    struct error error;
    struct lesson *lesson = parse(text, &error);
    if (!lesson)
        fail_msg("%s", error.text);
    return lesson;
}

/* Asserts that the message begins with the place and holds a part. */
static void assert_bad(const char *text, const char *place, const char *part)
{
    struct error error;
    struct lesson *lesson = parse(text, &error);
    if (lesson)
        fail_msg("taken for good: %s", text);
    assert_int_equal(error.code, ERROR_FILE);
    if (strncmp(error.text, place, strlen(place)) != 0 || !strstr(error.text, part))
        fail_msg("\"%s\" is not \"%s ... %s\"", error.text, place, part);
}

static void test_structure(void **state)
{
    (void)state;
    struct lesson *lesson = parse_good("# comment\n"
                                       "title:  A title \r\n"
                                       "summary: µ and σ\n"
                                       "\n"
                                       "=== First\n"
                                       "one\n"
                                       "# a comment ends nothing\n"
                                       "two\n"
                                       "\n"
                                       "\n"
                                       "three\n"
                                       "ask: four\n"
                                       "five\n"
                                       "look: six\n"
                                       "check q > 0\n"
                                       "seven\n"
                                       "===Second\n"
                                       "eight");
    assert_string_equal(lesson->name, "one");
    assert_string_equal(lesson->title, "A title");
    assert_string_equal(lesson->summary, "µ and σ");
    assert_int_equal(lesson->steps, 2);
    const struct lesson_step *step = &lesson->step[0];
    assert_string_equal(step->heading, "First");
    assert_int_equal(step->paragraphs, 3);
    assert_string_equal(step->paragraph[0], "one two");
    assert_string_equal(step->paragraph[1], "three");
    assert_string_equal(step->paragraph[2], "seven");
    assert_string_equal(step->ask, "four five");
    assert_string_equal(step->look, "six");
    assert_int_equal(step->checks, 1);
    assert_int_equal(step->check[0].line, 15);
    assert_string_equal(step->check[0].text, "q > 0");
    assert_string_equal(step[1].heading, "Second");
    assert_string_equal(step[1].paragraph[0], "eight");
    assert_null(step[1].ask);
    assert_null(step[1].look);
    lesson_free(lesson);
    lesson_free(NULL);
}

/* A step keeps what the one before has set, and does not change it. */
static void test_settings_go_on(void **state)
{
    (void)state;
    struct lesson *lesson = parse_good(HEAD "=== 1\nset ratio 2; phase 0.5\na\n"
                                            "=== 2\nset ratio 3\nset log on\nb\n"
                                            "=== 3\nc\n");
    const struct lesson_step *step = lesson->step;
    assert_true(step[0].settings.ratio == 2 && step[1].settings.ratio == 3);
    assert_true(step[2].settings.ratio == 3 && step[2].settings.phase == 0.5);
    assert_true(step[2].settings.scheme.clip.parameter == 3);
    assert_false(step[0].settings.log);
    assert_true(step[1].settings.log && step[2].settings.log);
    assert_int_equal(step[2].settings.n, lesson_settings_default().n);
    lesson_free(lesson);
}

static void test_names(void **state)
{
    (void)state;
    static const char *const names[][2] = {
        { "a/b/05-x.lesson", "05-x" }, { "plain", "plain" },           { ".lesson", ".lesson" },
        { "a\x1b.lesson", "a\\u{1B}" }, { "/x.lesson/y.lesson", "y" }, { "a/", "" },
    };
    for (size_t i = 0; i < COUNT(names); i++) {
        const char text[] = HEAD "=== 1\na";
        struct error error;
        struct lesson *lesson = lesson_parse(names[i][0], text, sizeof text - 1, &error);
        assert_non_null(lesson);
        assert_string_equal(lesson->name, names[i][1]);
        lesson_free(lesson);
    }
}

static void test_bad(void **state)
{
    (void)state;
    static const char *const bad[][3] = {
        { "", "dir/one.lesson:1: ", "title" },
        { HEAD, "dir/one.lesson:2: ", "a step" },
        { "title: T\n=== 1\na\n", "dir/one.lesson:3: ", "summary" },
        { "title: T\ntitle: U\n", "dir/one.lesson:2: ", "second title" },
        { "title:\n", "dir/one.lesson:1: ", "columns" },
        { HEAD "text\n", "dir/one.lesson:3: ", "before the first step" },
        { HEAD "set ratio 1\n", "dir/one.lesson:3: ", "wrong place" },
        { HEAD "ask: why?\n", "dir/one.lesson:3: ", "wrong place" },
        { HEAD "===\n", "dir/one.lesson:3: ", "heading" },
        { HEAD "=== 1\n=== 2\n", "dir/one.lesson:4: ", "no text" },
        { HEAD "=== 1\nask: only\n", "dir/one.lesson:4: ", "no text" },
        { HEAD "=== 1\na\ntitle: U\n", "dir/one.lesson:5: ", "wrong place" },
        { HEAD "=== 1\na\nask: b\n\nask: c\n", "dir/one.lesson:7: ", "one question" },
        { HEAD "=== 1\na\nlook: b\nlook: c\n", "dir/one.lesson:6: ", "one hint" },
        { HEAD "=== 1\na\nb {q\n", "dir/one.lesson:5: ", "{" },
        { HEAD "=== 1\na {nothing}\n", "dir/one.lesson:4: ", "no figure \"nothing\"" },
        { HEAD "=== 1\nset n 1\n", "dir/one.lesson:4: ", "n: " },
        { HEAD "=== 1\ncheck q\n", "dir/one.lesson:4: ", "a check is" },
        { HEAD "=== 1\na\tb\n", "dir/one.lesson:4: ", "printable" },
        { HEAD "=== 1\na\xff\n", "dir/one.lesson:4: ", "printable" },
        { HEAD "=== 1\n\u202e\n", "dir/one.lesson:4: ", "printable" },
        { HEAD "=== 1\na\rb\n", "dir/one.lesson:4: ", "printable" },
    };
    for (size_t i = 0; i < COUNT(bad); i++)
        assert_bad(bad[i][0], bad[i][1], bad[i][2]);
}

/* A NUL is a byte like others that are not printable. */
static void test_nul(void **state)
{
    (void)state;
    static const char text[] = HEAD "=== 1\na\0b\n";
    struct error error;
    assert_null(lesson_parse("x", text, sizeof text - 1, &error));
    assert_string_equal(error.text, "x:4: something that is no printable UTF-8 (a tab?)");
}

static char *repeat(const char *begin, const char *piece, size_t n)
{
    struct text text = { 0 };
    text_puts(&text, begin);
    for (size_t i = 0; i < n; i++)
        text_puts(&text, piece);
    return text.data;
}

/* One less than too many is good. */
static void check_limit(const char *begin, const char *piece, size_t most, const char *message)
{
    char *text = repeat(begin, piece, most);
    lesson_free(parse_good(text));
    mem_free(text);
    text = repeat(begin, piece, most + 1);
    assert_bad(text, "dir/one.lesson:", message);
    mem_free(text);
}

static void test_limits(void **state)
{
    (void)state;
    check_limit(HEAD "=== 1\n", "x", LESSON_LINE_MOST, "bytes");
    check_limit(HEAD, "=== 1\na\n", LESSON_STEPS_MOST, "steps");
    check_limit(HEAD "=== 1\n", "a\n\n", LESSON_PARAGRAPHS_MOST, "paragraphs");
    check_limit(HEAD "=== 1\na\n", "check q > 0\n", LESSON_CHECKS_MOST, "checks");
    check_limit(HEAD "=== 1\n", "a\n", (LESSON_BYTES_MOST - strlen(HEAD "=== 1\n")) / 2, "bytes");
}

/* Columns count, not bytes. */
static void test_title(void **state)
{
    (void)state;
    for (size_t more = 0; more < 2; more++) {
        char *title = repeat("title: ", "µ", LESSON_TITLE_MOST + more);
        struct text text = { 0 };
        text_printf(&text, "%s\nsummary: S\n=== 1\na\n", title);
        if (more == 0)
            lesson_free(parse_good(text.data));
        else
            assert_bad(text.data, "dir/one.lesson:1: ", "columns");
        mem_free(title);
        text_done(&text);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_structure), cmocka_unit_test(test_settings_go_on),
        cmocka_unit_test(test_names),     cmocka_unit_test(test_bad),
        cmocka_unit_test(test_nul),       cmocka_unit_test(test_limits),
        cmocka_unit_test(test_title),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
