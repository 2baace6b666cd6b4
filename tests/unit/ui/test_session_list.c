/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/action.h"
#include "ui/screen.h"

struct surveyed {
    struct fixture fixture;
    struct survey *survey;
};

static int setup(void **state)
{
    static struct surveyed surveyed;
    struct error error;
    fixture_open(&surveyed.fixture);
    surveyed.survey = survey_new(surveyed.fixture.model, 2, &error);
    if (!surveyed.survey)
        return -1;
    *state = &surveyed;
    return 0;
}

static int teardown(void **state)
{
    struct surveyed *surveyed = *state;
    survey_free(surveyed->survey); /* before the model that it reads */
    fixture_close(&surveyed->fixture);
    return 0;
}

static void finish(struct surveyed *surveyed)
{
    survey_wait(surveyed->survey);
    session_survey(surveyed->fixture.session);
    fixture_settle(&surveyed->fixture);
}

static double value(const struct surveyed *surveyed, size_t tensor, enum column column)
{
    return listing_values(surveyed->fixture.session->listing, tensor)[column];
}

/* Keys as they are typed, "\r" for Enter. */
static void type(struct surveyed *surveyed, const char *keys)
{
    for (; *keys; keys++)
        session_key(surveyed->fixture.session, *keys);
    finish(surveyed);
}

/* A report of a tensor and the survey's record of it agree in every column. */
static void test_survey_and_reports_agree(void **state)
{
    struct surveyed *surveyed = *state;
    static const size_t tensors[] = { FIXTURE_MATRIX, FIXTURE_TAILS, FIXTURE_NORM };
    double seen[3][COLUMN_COUNT];
    for (size_t i = 0; i < 3; i++) {
        fixture_select(&surveyed->fixture, tensors[i]);
        memcpy(seen[i], listing_values(surveyed->fixture.session->listing, tensors[i]),
               sizeof seen[i]);
    }
    listing_forget(surveyed->fixture.session->listing, BASIS_WEIGHTS);
    session_attach(surveyed->fixture.session, surveyed->survey);
    finish(surveyed);
    for (size_t i = 0; i < 3; i++)
        for (int column = COLUMN_SQNR; column < COLUMN_COUNT; column++) {
            const double now = value(surveyed, tensors[i], (enum column)column);
            if (isnan(now) != isnan(seen[i][column]) ||
                fabs(now - seen[i][column]) > 1e-9 * fabs(now))
                fail_msg("tensor %zu: %s is %g, was %g", tensors[i], column_types[column].name,
                         now, seen[i][column]);
        }
}

static void test_settings_are_surveyed_anew(void **state)
{
    struct surveyed *surveyed = *state;
    session_attach(surveyed->fixture.session, surveyed->survey);
    finish(surveyed);
    const double before = value(surveyed, FIXTURE_TAILS, COLUMN_SQNR);
    assert_false(isnan(before));
    fixture_select(&surveyed->fixture, FIXTURE_MATRIX);
    session_key(surveyed->fixture.session, '+');
    assert_true(isnan(value(surveyed, FIXTURE_TAILS, COLUMN_SQNR)));
    assert_false(isnan(value(surveyed, FIXTURE_TAILS, COLUMN_KURTOSIS)));
    finish(surveyed);
    assert_true(value(surveyed, FIXTURE_TAILS, COLUMN_SQNR) > before + 4);
    session_key(surveyed->fixture.session, 'T');
    assert_true(isnan(value(surveyed, FIXTURE_TAILS, COLUMN_KURTOSIS)));
    finish(surveyed);
    assert_false(isnan(value(surveyed, FIXTURE_TAILS, COLUMN_KURTOSIS)));
}

/* Values that come bring the list into order, and what is selected stays selected. */
static void test_the_list_orders_itself(void **state)
{
    struct surveyed *surveyed = *state;
    struct session *session = surveyed->fixture.session;
    fixture_select(&surveyed->fixture, FIXTURE_MATRIX);
    session_sort(session, COLUMN_KURTOSIS, true);
    session_attach(session, surveyed->survey);
    finish(surveyed);
    const struct tree *tree = session->tree;
    assert_int_equal(tree->node[tree->row[0]].tensor, FIXTURE_TAILS);
    assert_int_equal(tree->node[tree->row[session->cursor]].tensor, FIXTURE_MATRIX);
}

static void test_filter(void **state)
{
    struct surveyed *surveyed = *state;
    struct session *session = surveyed->fixture.session;
    type(surveyed, ":filter kurt>5\r");
    assert_int_equal(session->tree->rows, 0);
    assert_non_null(strstr(fixture_frame(&surveyed->fixture), "no tensor passes kurt>5"));
    session_attach(session, surveyed->survey);
    finish(surveyed);
    assert_int_equal(session->shown, 1);
    assert_non_null(strstr(fixture_frame(&surveyed->fixture), " 1 of 9 "));
    type(surveyed, ":filter kurt>\r");
    assert_int_equal(session->message_style, STYLE_WARN);
    assert_int_equal(session->shown, 1); /* the old one stays */
    type(surveyed, ":tensor norm.bias\r"); /* what is asked for is shown */
    assert_int_equal(session->shown, FIXTURE_TENSORS);
    type(surveyed, ":filter proj\r");
    assert_int_equal(session->shown, 2);
    type(surveyed, ":filter\r");
    assert_int_equal(session->shown, FIXTURE_TENSORS);
}

static void test_pause(void **state)
{
    struct surveyed *surveyed = *state;
    struct session *session = surveyed->fixture.session;
    session_key(session, 'P');
    assert_string_equal(session->message, "there is no survey");
    session_attach(session, surveyed->survey);
    session_key(session, 'P');
    assert_true(session->paused);
    assert_true(survey_progress(surveyed->survey).held);
    survey_wait(surveyed->survey); /* does not wait for what stands still */
    session_key(session, 'P');
    finish(surveyed);
    assert_false(isnan(value(surveyed, FIXTURE_TAILS, COLUMN_NORMAL)));
}

static void test_the_whole_model(void **state)
{
    struct surveyed *surveyed = *state;
    session_attach(surveyed->fixture.session, surveyed->survey);
    finish(surveyed);
    type(surveyed, "4A");
    const char *frame = fixture_frame(&surveyed->fixture);
    assert_non_null(strstr(frame, "all matrices"));
    assert_non_null(strstr(frame, "By bits"));
    assert_non_null(strstr(frame, "n 12")); /* two of them have spread */
    type(surveyed, "G5"); /* whatever is selected */
    assert_non_null(strstr(fixture_frame(&surveyed->fixture), "0 of "));
    type(surveyed, "A");
    assert_null(strstr(fixture_frame(&surveyed->fixture), "By bits"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_survey_and_reports_agree, setup, teardown),
        cmocka_unit_test_setup_teardown(test_settings_are_surveyed_anew, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_list_orders_itself, setup, teardown),
        cmocka_unit_test_setup_teardown(test_filter, setup, teardown),
        cmocka_unit_test_setup_teardown(test_pause, setup, teardown),
        cmocka_unit_test_setup_teardown(test_the_whole_model, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
