/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "layers_sample.h"
#include "ui/view.h"
#include "ui/view_model.h"

#define WIDTH  120
#define HEIGHT 40

struct sample {
    struct model_layers *layers;
    struct cells *cells;
    struct text text;
};

static int setup(void **state)
{
    static struct sample sample;
    sample = (struct sample){.layers = layers_sample("none"), .cells = cells_new(WIDTH, HEIGHT)};
    *state = &sample;
    return 0;
}

static int teardown(void **state)
{
    struct sample *sample = *state;
    layers_sample_free(sample->layers);
    cells_free(sample->cells);
    text_done(&sample->text);
    return 0;
}

static struct view_model model_of(const struct sample *sample)
{
    return (struct view_model){
        .model = sample->layers->model, .tensor = SAMPLE_DOWN, .layers = sample->layers};
}

static const char *dump(struct sample *sample)
{
    text_clear(&sample->text);
    cells_dump(sample->cells, &sample->text);
    return sample->text.data;
}

static const char *picture(struct sample *sample, enum sqnr_picture first, int width, int height,
                           enum glyphs glyphs)
{
    const struct view_model model = model_of(sample);
    const struct view_options options = {.glyphs = glyphs, .sqnr_picture = first};
    cells_clear(sample->cells);
    view_model_sqnr(&model, &options, sample->cells, (struct rect){0, 0, width, height});
    return dump(sample);
}

static void assert_has(const char *frame, const char *part)
{
    if (!strstr(frame, part))
        fail_msg("no \"%s\" in\n%s", part, frame);
}

static void assert_lacks(const char *frame, const char *part)
{
    if (strstr(frame, part))
        fail_msg("\"%s\" in\n%s", part, frame);
}

static void test_one_picture_at_a_time(void **state)
{
    struct sample *sample = *state;
    static const char *const titles[SQNR_PICTURES] = {"concentration of weights",
                                                      "concentration of inputs", "alignment",
                                                      "SQNR of inputs against weights"};
    for (int first = 0; first < SQNR_PICTURES; first++) {
        const char *frame = picture(sample, (enum sqnr_picture)first, 60, 14, GLYPHS_BRAILLE);
        for (int i = 0; i < SQNR_PICTURES; i++)
            (i == first ? assert_has : assert_lacks)(frame, titles[i]);
        assert_has(frame, "5 layers; 64 samples; 1 failed: it broke");
    }
    const char *all = picture(sample, SQNR_WEIGHTS, WIDTH, HEIGHT, GLYPHS_BRAILLE);
    for (int i = 0; i < SQNR_PICTURES; i++)
        assert_has(all, titles[i]);
}

static void test_strips(void **state)
{
    struct sample *sample = *state;
    const char *frame = picture(sample, SQNR_WEIGHTS, 70, 16, GLYPHS_BRAILLE);
    assert_has(frame, "    q ┤");
    assert_has(frame, " down ┤");
    assert_has(frame, "other ┤");
    assert_has(frame, "    k ┤"); /* though all of its layers failed */
    assert_lacks(frame, "gate");
    assert_has(frame, "least");
    assert_has(frame, "Laplace");
    assert_has(frame, "Gaussian");
    frame = picture(sample, SQNR_ALIGNMENT, 70, 16, GLYPHS_BRAILLE);
    assert_has(frame, "░░ possible");
    assert_has(picture(sample, SQNR_ALIGNMENT, 70, 16, GLYPHS_ASCII), "`` possible");
}

static void test_plane(void **state)
{
    struct sample *sample = *state;
    const char *frame = picture(sample, SQNR_PLANE, 70, 20, GLYPHS_BRAILLE);
    assert_has(frame, "a none, A cat; inputs limit 4 and 0 of 4");
    assert_has(frame, "q");
    assert_has(frame, "Q");
    assert_has(frame, "◆"); /* the selected one, over its letter */
    assert_has(frame, "joint SQNR");
    assert_has(picture(sample, SQNR_PLANE, 70, 20, GLYPHS_ASCII), "*");
}

static void test_without_rounded_inputs(void **state)
{
    struct sample *sample = *state;
    for (size_t i = SAMPLE_QUERY; i <= SAMPLE_OTHER; i++) {
        struct layer_record record = *sample->layers->record[i];
        record.inputs = ACTIVATION_UNKNOWN;
        for (size_t t = 0; t < MODEL_LAYERS_OWN; t++) {
            struct layer_sqnr *sqnr = &record.figures[t].sqnr;
            sqnr->activation_concentration = sqnr->activations_only = sqnr->measured = NAN;
        }
        model_layers_learn(sample->layers, i, &record);
    }
    sample->layers->inputs_known = false;
    assert_has(picture(sample, SQNR_INPUTS, 60, 14, GLYPHS_ASCII), "takes samples of them");
    assert_has(picture(sample, SQNR_PLANE, 60, 14, GLYPHS_ASCII), "takes samples of them");
    assert_has(picture(sample, SQNR_WEIGHTS, 60, 14, GLYPHS_ASCII), "isotropic input assumed");
    sample->layers->settings.inputs.bits = 0;
    assert_has(picture(sample, SQNR_INPUTS, 60, 14, GLYPHS_ASCII), "inputs are not rounded");
}

static void test_table(void **state)
{
    struct sample *sample = *state;
    const struct view_model model = model_of(sample);
    const struct view_options options = {.glyphs = GLYPHS_ASCII};
    const int lines = view_model_sqnr_lines(sample->layers);
    assert_int_equal(lines, 4);
    cells_clear(sample->cells);
    view_model_sqnr_table(&model, &options, sample->cells, (struct rect){0, 0, 90, lines});
    const char *frame = dump(sample);
    assert_has(frame, "medians, dB    C(W)   C(x)  align.     max  weights  inputs   SQNR   gain");
    assert_has(frame, "none           11.0    6.0   -19.0    -8.0     23.0    21.0   19.0   +0.0");
    assert_has(frame, "cat            11.0   12.0   -13.0    -8.0     29.0    31.0   25.0   +6.0");
    view_model_sqnr_table(&model, &options, sample->cells, (struct rect){0, 20, 46, 4});
    assert_has(dump(sample), "medians, dB    C(W)   C(x)  align.   SQNR\n");
}

static void test_nothing_to_draw(void **state)
{
    struct sample *sample = *state;
    const struct view_options options = {.glyphs = GLYPHS_ASCII};
    struct view_model model = {.model = sample->layers->model};
    const struct rect rect = {0, 0, 60, 10};
    view_model_sqnr(&model, &options, sample->cells, rect);
    view_model_sqnr_table(&model, &options, sample->cells, rect);
    assert_has(dump(sample), "nothing surveys the layers");
    model.layers = model_layers_new(model.model, NULL);
    cells_clear(sample->cells);
    view_model_sqnr(&model, &options, sample->cells, rect);
    assert_has(dump(sample), "nothing is known of the layers yet");
    layers_sample_ask((struct model_layers *)model.layers, "none");
    cells_clear(sample->cells);
    view_model_sqnr(&model, &options, sample->cells, rect);
    assert_has(dump(sample), "the model has no linear layers");
    model_layers_free((struct model_layers *)model.layers);
}

static void test_small_places(void **state)
{
    struct sample *sample = *state;
    const struct view_model model = model_of(sample);
    for (int width = 0; width < WIDTH - 4; width += width < 40 ? 3 : 13)
        for (int height = 0; height < HEIGHT - 3; height += height < 12 ? 1 : 7)
            for (int first = 0; first < SQNR_PICTURES; first++) {
                const struct view_options options = {.sqnr_picture = (enum sqnr_picture)first};
                const struct rect rect = {3, 2, width, height};
                cells_clear(sample->cells);
                view_model_sqnr(&model, &options, sample->cells, rect);
                view_model_sqnr_table(&model, &options, sample->cells, rect);
                for (int y = 0; y < HEIGHT; y++)
                    for (int x = 0; x < WIDTH; x++)
                        if (x < 3 || x >= 3 + width || y < 2 || y >= 2 + height)
                            assert_int_equal(sample->cells->cell[y * WIDTH + x].point, ' ');
            }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_one_picture_at_a_time, setup, teardown),
        cmocka_unit_test_setup_teardown(test_strips, setup, teardown),
        cmocka_unit_test_setup_teardown(test_plane, setup, teardown),
        cmocka_unit_test_setup_teardown(test_without_rounded_inputs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_table, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_to_draw, setup, teardown),
        cmocka_unit_test_setup_teardown(test_small_places, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
