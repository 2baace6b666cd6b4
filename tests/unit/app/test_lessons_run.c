/* SPDX-License-Identifier: MIT
 *
 * Takes all lessons that come with the program: at every step the sample is drawn and analysed as
 * the lab does it, and what the text says of it is checked.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>
#include <gsl/gsl_errno.h>

#include "../ui/lab_run.h"
#include "app/lessons.h"

#define LESSONS_LEAST 12

static struct lesson_set *lessons;

static int load(void **state)
{
    (void)state;
    struct error error = { ERROR_NONE, "" };
    lessons = lessons_load(&error);
    if (!lessons)
        print_error("%s\n", error.text);
    return lessons ? 0 : -1;
}

static int unload(void **state)
{
    (void)state;
    lessons_free(lessons);
    return 0;
}

/* Every figure of a text is known and defined. */
static void check_text(const char *name, const char *words, const struct report *report)
{
    struct text text = { 0 };
    if (!words)
        return;
    text_puts(&text, " ");
    lesson_text(&text, words, lesson_report_lookup, (void *)report);
    text_puts(&text, " ");
    static const char *const signs[] = { "...", " - ", " -, ", " -. ", "nan", "inf " };
    for (size_t i = 0; i < sizeof signs / sizeof signs[0]; i++) {
        const char *at = strstr(text.data, signs[i]);
        if (at && !strstr(words, signs[i]))
            fail_msg("%s: a figure is missing: %s", name, text.data);
    }
    text_done(&text);
}

static size_t failures_of_step(const char *name, const struct lesson_step *step)
{
    size_t failures = 0;
    const struct report *report = lab_run(&step->settings);
    for (size_t i = 0; i < step->paragraphs; i++)
        check_text(name, step->paragraph[i], report);
    check_text(name, step->ask, report);
    check_text(name, step->look, report);
    for (size_t i = 0; i < step->checks; i++) {
        struct error why;
        if (!lesson_check_holds(&step->check[i], lesson_report_lookup, (void *)report, &why)) {
            print_error("%s: %s\n", name, why.text);
            failures++;
        }
    }
    part_unref(&report->part);
    return failures;
}

static void test_lessons(void **state)
{
    (void)state;
    size_t failures = 0;
    for (size_t i = 0; i < lessons->count; i++)
        for (size_t k = 0; k < lessons->lesson[i]->steps; k++)
            failures += failures_of_step(lessons->lesson[i]->name, &lessons->lesson[i]->step[k]);
    assert_int_equal(failures, 0);
}

/* What makes a lesson of ours: some steps, none without checks, few sentences. */
static void test_form(void **state)
{
    (void)state;
    assert_true(lessons->count >= LESSONS_LEAST);
    for (size_t i = 0; i < lessons->count; i++) {
        const struct lesson *lesson = lessons->lesson[i];
        assert_in_range(lesson->steps, 3, 6);
        for (size_t k = 0; k < lesson->steps; k++) {
            size_t length = 0;
            for (size_t p = 0; p < lesson->step[k].paragraphs; p++)
                length += strlen(lesson->step[k].paragraph[p]);
            if (lesson->step[k].checks == 0 || length > 800)
                fail_msg("%s: \"%s\" has no checks, or is long", lesson->name,
                         lesson->step[k].heading);
        }
    }
}

int main(void)
{
    gsl_set_error_handler_off(); /* as the program does */
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_form),
        cmocka_unit_test(test_lessons),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
