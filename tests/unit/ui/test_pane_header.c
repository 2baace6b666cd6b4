/* SPDX-License-Identifier: MIT */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/pane.h"

static int setup(void **state)
{
    static struct fixture fixture;
    fixture_open(&fixture);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    return 0;
}

/* The header at this width; until the next call. */
static const char *header(const struct fixture *fixture, const struct engine_progress *progress,
                          int width)
{
    static struct text text;
    struct cells *cells = cells_new(width, 1);
    pane_header(fixture->session, progress, cells);
    text_clear(&text);
    cells_dump(cells, &text);
    cells_free(cells);
    return text.data;
}

static void assert_has(const char *frame, const char *part)
{
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in \"%s\"", part, frame);
}

static void test_what_is_looked_at(void **state)
{
    struct fixture *fixture = *state;
    const struct engine_progress idle = { .busy = false };
    assert_has(header(fixture, &idle, 80), " roundoff  test-model  9 tensors  868 weights  mixed");
    assert_null(strstr(header(fixture, &idle, 40), "mixed")); /* whole, or not at all */
    for (int width = 1; width < 40; width++)
        header(fixture, &idle, width);
    fixture_press(fixture, "F6");
    assert_has(header(fixture, &idle, 80), "lab: random draws");
}

static void test_work_that_takes_its_time(void **state)
{
    struct fixture *fixture = *state;
    struct engine_progress progress = { true, 1.0, "normality", 0.5 };
    assert_has(header(fixture, &progress, 100), "normality █████░░░░░  50 %");
    assert_has(header(fixture, &progress, 30), "  50 %");
    fixture->session->options.glyphs = GLYPHS_ASCII;
    assert_has(header(fixture, &progress, 100), "normality #####.....  50 %");
    progress.seconds = PANE_PATIENCE / 2;
    assert_null(strstr(header(fixture, &progress, 100), "50 %"));
}

/* How far it is when it is looked at is of chance; in the end there is nothing to say. */
static void test_a_survey(void **state)
{
    struct fixture *fixture = *state;
    const struct engine_progress idle = { .busy = false };
    struct error error;
    struct survey *survey = survey_new(fixture->model, 1, &error);
    assert_non_null(survey);
    session_attach(fixture->session, survey);
    while (survey_progress(survey).busy)
        header(fixture, &idle, 100);
    assert_null(strstr(header(fixture, &idle, 100), "%"));
    survey_free(survey);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_what_is_looked_at, setup, teardown),
        cmocka_unit_test_setup_teardown(test_work_that_takes_its_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_a_survey, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
