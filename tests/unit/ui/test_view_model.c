/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/view.h"

/* Two matrices and a vector, and what a survey would say of them. */
static const char *const labels[] = { "a", "b", "norm" };
#define COUNT (sizeof labels / sizeof *labels)

struct sample {
    struct model *model;
    struct survey_record record[COUNT];
    struct survey_record *pointer[COUNT];
    struct view_model view;
    struct cells *cells;
    struct text text;
};

/* Channels on y = x + offset in std, at every width; of them the first two are normal. */
static void fill(struct survey_record *record, double from, double offset, uint64_t wide)
{
    record->parts = RECORD_FAST | RECORD_SLOW;
    record->weights.channels = 4;
    record->weights.abs_max_over_std = 2.8;
    record->weights.worst_channel = 3;
    record->normality.tested = 4;
    record->normality.normal = 2;
    record->weights.ratio[8] = 4; /* from 2 on */
    for (int k = 0; k < RECORD_WIDTHS; k++) {
        struct record_error *error = &record->error[k];
        error->wide_channels = k == 0 ? wide : 0;
        for (int i = 0; i < 4; i++) {
            const double x = from + i;
            regression_add(&error->std_fit[RECORD_ALL], x, x + offset);
            regression_add(&error->mean_fit[RECORD_ALL], x, -x);
            if (i < 2)
                regression_add(&error->std_fit[RECORD_NORMAL], x, x);
        }
    }
}

static int setup(void **state)
{
    static struct sample sample;
    static const uint64_t dims[] = { 1, 1 };
    sample = (struct sample){ .model = fixture_named_model(labels, COUNT) };
    for (size_t i = 0; i < 2; i++) {
        sample.model->tensors[i].rank = 2;
        sample.model->tensors[i].dims = dims;
    }
    for (size_t i = 0; i < COUNT; i++)
        sample.pointer[i] = &sample.record[i];
    fill(&sample.record[0], 1, 0.5, 1);
    fill(&sample.record[1], 11, 0.5, 0);
    fill(&sample.record[2], 100, 50, 4);
    sample.view = (struct view_model){
        .model = sample.model, .record = sample.pointer, .bits = 4, .tensor = 1};
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

static const char *picture(struct sample *sample,
                           void (*draw)(const struct view_model *, const struct view_options *,
                                        struct cells *, struct rect),
                           const struct view_options *options)
{
    cells_clear(sample->cells);
    draw(&sample->view, options, sample->cells, (struct rect){ 0, 0, 80, 24 });
    text_clear(&sample->text);
    cells_dump(sample->cells, &sample->text);
    return sample->text.data;
}

static void assert_has(const char *frame, const char *part)
{
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in\n%s", part, frame);
}

static void test_fits_are_over_all_channels(void **state)
{
    struct sample *sample = *state;
    struct view_options options = { .channel = -1 };
    const char *frame = picture(sample, view_model_channels, &options);
    assert_has(frame, "all:    slope 1.000");
    assert_has(frame, "n 8\n"); /* the vector's four are set apart */
    assert_has(frame, "normal: slope 1.000  R² 1.000  n 4  50 %");
    assert_has(frame, "2 matrices at clip max; 1 vector set apart");
    assert_has(frame, "b"); /* the one to mark */
    options.means = true;
    assert_has(picture(sample, view_model_channels, &options), "all:    slope -1.000");
}

static void test_shares(void **state)
{
    struct sample *sample = *state;
    struct view_options options = { .channel = -1 };
    assert_has(picture(sample, view_model_ratio, &options), "q/σ > 2: 0 of 8 channels");
    sample->view.bits = 2;
    const char *frame = picture(sample, view_model_ratio, &options);
    assert_has(frame, "q/σ > 2: 1 of 8 channels, 12.50 %");
    assert_has(frame, "largest 2.800: a, channel 3");
}

static void test_table_of_widths(void **state)
{
    struct sample *sample = *state;
    struct view_options options = { .glyphs = GLYPHS_ASCII };
    const char *frame = picture(sample, view_model_table, &options);
    assert_has(frame, "q/s > 2");
    assert_has(frame, " 2    1.000");
    assert_has(frame, "  12.50 %");
    assert_has(frame, ">4    1.000");
    assert_has(frame, " 8    1.000");
}

static void test_before_the_survey_is_done(void **state)
{
    struct sample *sample = *state;
    struct view_options options = { .channel = -1 };
    sample->pointer[0] = NULL;
    assert_has(picture(sample, view_model_channels, &options), "1 of 2 matrices so far");
    assert_has(picture(sample, view_model_ratio, &options), "1 of 2 matrices so far");
    sample->record[1].parts = 0;
    assert_has(picture(sample, view_model_channels, &options), "nothing of a matrix yet");
    assert_has(picture(sample, view_model_ratio, &options), "nothing of a matrix yet");
    sample->view.bits = 9;
    assert_has(picture(sample, view_model_ratio, &options), "knows 2 to 8 bits");
    sample->view.bits = 4;
    sample->model->count = 0;
    assert_has(picture(sample, view_model_channels, &options), "there are no matrices");
}

static void test_small_places(void **state)
{
    struct sample *sample = *state;
    struct view_options options = { .channel = -1 };
    for (int width = 1; width < 40; width += 3)
        for (int height = 0; height < 12; height++) {
            const struct rect rect = { 3, 2, width, height };
            cells_clear(sample->cells);
            view_model_channels(&sample->view, &options, sample->cells, rect);
            view_model_ratio(&sample->view, &options, sample->cells, rect);
            view_model_table(&sample->view, &options, sample->cells, rect);
            for (int y = 0; y < 24; y++)
                for (int x = 0; x < 80; x++)
                    if (x < 3 || x >= 3 + width || y < 2 || y >= 2 + height)
                        assert_int_equal(sample->cells->cell[y * 80 + x].point, ' ');
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_fits_are_over_all_channels, setup, teardown),
        cmocka_unit_test_setup_teardown(test_shares, setup, teardown),
        cmocka_unit_test_setup_teardown(test_table_of_widths, setup, teardown),
        cmocka_unit_test_setup_teardown(test_before_the_survey_is_done, setup, teardown),
        cmocka_unit_test_setup_teardown(test_small_places, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
