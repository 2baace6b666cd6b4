/* SPDX-License-Identifier: MIT
 *
 * Outliers of a whole model: the list, its picture and its keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/model_outliers.h"

/* A survey would say of "a" and "c" what is filled in; "tied" is "a" again. */
static const char *const labels[] = {"a", "tied", "c", "later", "broken"};
enum { A, TIED, C, LATER, BROKEN, COUNT };

struct sample {
    struct model *model;
    struct survey_record record[COUNT];
    struct survey_record *pointer[COUNT];
    struct cells *cells;
    struct text text;
};

/* As many elements as a record takes, from so many σ downwards in steps of 1. */
static void fill(struct survey_record *record, double most, uint64_t count)
{
    record->parts = RECORD_FAST | RECORD_SLOW;
    record->outliers.limit[OUTLIER_SIGMA] = 6;
    record->outliers.limit[OUTLIER_VALUE] = 5;
    record->outliers.limit[OUTLIER_RATIO] = 2;
    record->outliers.count[OUTLIER_SIGMA] = count;
    record->outliers.listed = RECORD_WORST;
    for (size_t i = 0; i < RECORD_WORST; i++)
        record->outliers.worst[i] =
            (struct record_outlier){i, 100 + i, 0.5, most - (double)i, most - (double)i};
}

static int setup(void **state)
{
    static struct sample sample;
    sample = (struct sample){.model = fixture_named_model(labels, COUNT)};
    sample.model->tensors[TIED].alias_of = labels[A];
    for (size_t i = 0; i < COUNT; i++)
        sample.pointer[i] = &sample.record[i];
    sample.pointer[LATER] = NULL;
    fill(&sample.record[A], 30, 11);
    fill(&sample.record[TIED], 30, 11);
    fill(&sample.record[C], 29.5, 4);
    snprintf(sample.record[BROKEN].failure, sizeof sample.record[BROKEN].failure, "was truncated");
    sample.cells = cells_new(80, 24);
    *state = &sample;
    return 0;
}

static int teardown(void **state)
{
    struct sample *sample = *state;
    fixture_free_named_model(sample->model);
    cells_free(sample->cells);
    text_done(&sample->text);
    return 0;
}

static void test_list(void **state)
{
    struct sample *sample = *state;
    const struct model_outliers outliers = model_outliers_of(sample->model, sample->pointer);
    assert_int_equal(outliers.tensors, 4);
    assert_int_equal(outliers.known, 2);
    assert_int_equal(outliers.failed, 1);
    assert_int_equal(outliers.count[OUTLIER_SIGMA], 15); /* the tied one's are not counted again */
    assert_true(outliers.limits.limit[OUTLIER_VALUE] == 5);
    assert_int_equal(outliers.listed, 2 * RECORD_WORST);
    for (size_t i = 0; i < outliers.listed; i++) {
        assert_int_equal(outliers.worst[i].tensor, i % 2 ? C : A);
        assert_int_equal(outliers.worst[i].place, i / 2);
        assert_int_equal(outliers.worst[i].element.column, 100 + i / 2);
    }
}

/* The list is full long before the elements are at their end. */
static void test_full_list(void **state)
{
    (void)state;
    static const char *const names[] = {"a", "b", "c", "d", "e"};
    struct model *model = fixture_named_model(names, 5);
    static struct survey_record record[5];
    struct survey_record *pointer[5];
    for (size_t i = 0; i < 5; i++) {
        fill(&record[i], 30 + (double)i, 20);
        pointer[i] = &record[i];
    }
    const struct model_outliers outliers = model_outliers_of(model, pointer);
    assert_int_equal(outliers.listed, MODEL_OUTLIERS_MOST);
    for (size_t i = 1; i < outliers.listed; i++) {
        const struct model_outlier *before = &outliers.worst[i - 1], *here = &outliers.worst[i];
        assert_true(
            before->element.sigmas > here->element.sigmas ||
            (before->element.sigmas == here->element.sigmas && before->tensor < here->tensor));
    }
    assert_int_equal(outliers.worst[0].tensor, 4);
    fixture_free_named_model(model);
}

static const char *picture(struct sample *sample, const struct view_options *options,
                           struct rect rect)
{
    const struct view_model view = {
        .model = sample->model, .record = sample->pointer, .bits = 4, .tensor = COUNT
    };
    cells_clear(sample->cells);
    view_outliers.draw_model(&view, options, sample->cells, rect);
    text_clear(&sample->text);
    cells_dump(sample->cells, &sample->text);
    return sample->text.data;
}

static void assert_has(const char *frame, const char *part)
{
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in\n%s", part, frame);
}

static void test_picture(void **state)
{
    struct sample *sample = *state;
    struct view_options options = {.model_outlier = 1};
    const struct rect all = {0, 0, 80, 24};
    const char *frame = picture(sample, &options, all);
    assert_has(frame, ">6σ 15   >5 none   >2·p99.9 none");
    assert_has(frame, "2 of 4 tensors, 1 not surveyed yet, 1 cannot be; up to 20 of each listed");
    assert_has(frame, "  1 a ");
    assert_has(frame, "  2 c ");
    assert_true(sample->cells->cell[4 * 80].reverse); /* two lines of words, heading, the first */
    options.model_outlier = 1000;                     /* of a longer list */
    assert_has(picture(sample, &options, all), " 40 c ");
    options.glyphs = GLYPHS_ASCII;
    assert_has(picture(sample, &options, all), ">6 std 15");
    sample->pointer[A] = sample->pointer[C] = NULL;
    frame = picture(sample, &options, all);
    assert_has(frame, "0 of 4 tensors, 3 not surveyed yet, 1 cannot be\n");
    assert_null(strstr(frame, ">6"));
}

static void test_small_places(void **state)
{
    struct sample *sample = *state;
    const struct view_options options = {.model_outlier = 3};
    for (int width = 1; width < 76; width += 3)
        for (int height = 0; height < 12; height++) {
            picture(sample, &options, (struct rect){3, 2, width, height});
            for (int y = 0; y < 24; y++)
                for (int x = 0; x < 80; x++)
                    if (x < 3 || x >= 3 + width || y < 2 || y >= 2 + height)
                        assert_int_equal(sample->cells->cell[y * 80 + x].point, ' ');
        }
}

/* What the list says and where Enter leads agree with the map that is drawn there. */
static void test_keys(void **state)
{
    (void)state;
    struct fixture fixture;
    struct error error;
    fixture_open(&fixture);
    struct session *session = fixture.session;
    struct survey *survey = survey_new(fixture.model, 2, &error);
    assert_non_null(survey);
    session_attach(session, survey);
    survey_wait(survey);
    session_survey(session);
    fixture_select(&fixture, FIXTURE_TAILS);
    fixture_press(&fixture, ". h h o"); /* the second h leads to its module */
    assert_null(session_tensor(session));
    assert_true(session_is_whole(session));
    assert_has(fixture_frame(&fixture), "Outliers");
    assert_has(fixture_frame(&fixture), "all tensors");
    assert_null(strstr(fixture_frame(&fixture), "By bits"));
    fixture_press(&fixture, "k j j G j g j");
    assert_int_equal(session->options.model_outlier, 1);
    const struct model_outliers outliers = model_outliers_of(session->model, session->record);
    assert_int_equal(outliers.worst[0].tensor, FIXTURE_TAILS);
    const struct model_outlier *second = &outliers.worst[1];
    fixture_press(&fixture, "Enter");
    assert_false(session_is_whole(session));
    assert_int_equal(session->focus, FOCUS_VIEW);
    assert_ptr_equal(session_tensor(session), &session->model->tensors[second->tensor]);
    const struct outlier *there =
        &session_report(session)->outliers->worst[session->options.outlier];
    assert_int_equal(there->channel, second->element.channel);
    assert_int_equal(there->column, second->element.column);
    assert_true(there->value == second->element.value);
    fixture_press(&fixture, "A");
    assert_true(session_is_whole(session));
    fixture_press(&fixture, ": o u t l i e r s Space s i g m a Space 5 Enter");
    assert_has(session->message, "its own limits");
    fixture_press(&fixture, "A o");
    assert_false(session_is_whole(session));
    survey_free(survey);
    fixture_close(&fixture);
}

/* Without a survey the list is empty, and its keys say so; where weights are missing, Enter leads
 * no further than to the tensor. */
static void test_what_is_missing(void **state)
{
    (void)state;
    struct fixture fixture;
    fixture_open(&fixture);
    struct session *session = fixture.session;
    fixture_press(&fixture, "8 A j G Enter");
    assert_has(session->message, "no element");
    assert_has(fixture_frame(&fixture), "0 of 9 tensors, 9 not surveyed");
    static struct survey_record record;
    fill(&record, 30, 11);
    session_learn(session, FIXTURE_UNKNOWN, &record);
    fixture_press(&fixture, "g Enter");
    assert_ptr_equal(session_tensor(session), &session->model->tensors[FIXTURE_UNKNOWN]);
    assert_true(session_is_whole(session));
    assert_has(session->message, "no map: ");
    fixture_close(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_list, setup, teardown),
        cmocka_unit_test(test_full_list),
        cmocka_unit_test_setup_teardown(test_picture, setup, teardown),
        cmocka_unit_test_setup_teardown(test_small_places, setup, teardown),
        cmocka_unit_test(test_keys),
        cmocka_unit_test(test_what_is_missing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
