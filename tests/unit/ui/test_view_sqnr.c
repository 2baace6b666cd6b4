/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "fixture.h"
#include "ui/glossary.h"
#include "ui/view.h"

static int setup(void **state)
{
    static struct fixture fixture;
    fixture_open(&fixture);
    fixture_select(&fixture, FIXTURE_MATRIX);
    *state = &fixture;
    return 0;
}

static int teardown(void **state)
{
    fixture_close(*state);
    return 0;
}

static void assert_text_has(const char *text, const char *part)
{
    if (!strstr(text, part))
        fail_msg("no \"%s\" in\n%s", part, text);
}

static void assert_text_lacks(const char *text, const char *part)
{
    if (strstr(text, part))
        fail_msg("\"%s\" in\n%s", part, text);
}

/* A line-up by hand, of two layers of which the fixture's is the second. */
struct made {
    struct layer_member member[2];
    struct layer_figures figures[3][2];
    struct layer layer[3];
    struct layer_lineup lineup;
};

static struct layer_sqnr sqnr_of(double concentration, double alignment)
{
    return (struct layer_sqnr){.bits = 33.7,
                               .concentration = concentration,
                               .alignment = alignment,
                               .approximation = 33.7 + concentration + alignment,
                               .weight_concentration = 9.5,
                               .activation_concentration = -0.5,
                               .max_alignment = -14,
                               .measured = 34 + concentration + alignment,
                               .weights_only = 21.3,
                               .activations_only = 19.4};
}

static void make(struct made *made, const struct tensor *tensor)
{
    static const char *const labels[] = {"none", "hadamard", "cat", "scale:0.5", "W5 A5"};
    static char basis[] = "align 128, ridge 1e-06; hadamard 64";
    memset(made, 0, sizeof *made);
    made->member[1].tensor = tensor;
    made->lineup = (struct layer_lineup){
        .columns = 64,
        .members = 2,
        .member = made->member,
        .inputs = ACTIVATION_SAMPLES,
        .tokens = 512,
        .count = 5,
        .known = 4,
        .gaussian = {11.9, 12.4, 40},
        .laplace = {8.2, 9.1, 37},
    };
    for (size_t i = 0; i < 5; i++) {
        struct layer_lineup_entry *entry = &made->lineup.entry[i];
        snprintf(entry->label, sizeof entry->label, "%s", labels[i]);
        if (i < 3) {
            made->layer[i] = (struct layer){.count = 2, .member = made->figures[i], .basis = basis};
            entry->layer = &made->layer[i];
        }
    }
    made->lineup.entry[0].own = true;
    snprintf(made->lineup.entry[3].reason, LAYER_LINEUP_REASON, "needs samples");
    made->figures[0][1].sqnr = sqnr_of(-0.3, -21.8);
    made->figures[1][1].sqnr = sqnr_of(11, -21.8);
    made->figures[2][1].sqnr = sqnr_of(10.5, -14.9);
}

/* The picture of the fixture's report with that line-up, which may be NULL. */
static const char *picture(const struct fixture *fixture, const struct layer_lineup *lineup,
                           enum glyphs glyphs, int width, int height)
{
    static char frame[1 << 16];
    struct report report = *session_report(fixture->session);
    const struct view_options options = {.glyphs = glyphs};
    struct cells *cells = cells_new(width, height);
    struct text out = {0};
    report.lineup = lineup;
    view_sqnr.draw(&report, &options, cells, (struct rect){0, 0, width, height});
    cells_dump(cells, &out);
    snprintf(frame, sizeof frame, "%s", out.data);
    text_done(&out);
    cells_free(cells);
    return frame;
}

static void test_all_is_said(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    char source[] = "inputs.npz";
    make(&made, &fixture->model->tensors[FIXTURE_MATRIX]);
    made.lineup.source = source;
    made.member[1].nonfinite = 3;
    const char *frame = picture(fixture, &made.lineup, GLYPHS_BRAILLE, 80, 30);
    assert_text_has(frame, "▸ none");
    assert_text_has(frame, "needs samples");
    assert_text_has(frame, "W5 A5     ...");
    assert_text_has(frame, "512 samples of the input of 2 layers");
    assert_text_has(frame, "cat gains +6.4 dB over hadamard: align. +6.9, conc. -0.5");
    assert_text_has(frame, "inputs limit: 19.4 dB alone, weights 21.3");
    assert_text_has(frame, "alignment -21.8 dB, at best -14.0");
    assert_text_has(frame, "C(W) 9.5 dB (G Gaussian 11.9, L Laplace 8.2)");
    assert_text_has(frame, "C(x) -0.5 dB (G Gaussian 12.4, L Laplace 9.1)");
    assert_text_has(frame, "cat is align 128, ridge 1e-06; hadamard 64");
    assert_text_has(frame, "inputs: inputs.npz");
    assert_text_has(frame, "3 NaN or infinite weights count as 0");
    assert_text_lacks(frame, "isotropic");
}

/* What is not known is not told; what is assumed always is. */
static void test_what_is_known_of_inputs(void **state)
{
    static const struct {
        enum activation_kind kind;
        const char *words;
    } cases[] = {{ACTIVATION_UNKNOWN, "isotropic input assumed"},
                 {ACTIVATION_SECOND_MOMENT, "second moment of the input of 2 layers"},
                 {ACTIVATION_DIAGONAL, "mean squares of the input"}};
    struct fixture *fixture = *state;
    struct made made;
    make(&made, &fixture->model->tensors[FIXTURE_MATRIX]);
    made.lineup.tokens = 0;
    made.lineup.inputs_left = true;
    made.figures[0][1].sqnr.activation_concentration = NAN;
    made.figures[0][1].sqnr.activations_only = NAN;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        made.lineup.inputs = cases[i].kind;
        for (int height = 8; height < 30; height += 7)
            assert_text_has(picture(fixture, &made.lineup, GLYPHS_ASCII, 60, height),
                            cases[i].words);
        const char *frame = picture(fixture, &made.lineup, GLYPHS_ASCII, 80, 30);
        assert_text_has(frame, "inputs are not rounded: that takes samples");
        assert_text_lacks(frame, "limit");
        assert_text_lacks(frame, "C(x)");
    }
}

/* In low panes bars that say why they are not there make room. */
static void test_low_panes(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    make(&made, &fixture->model->tensors[FIXTURE_MATRIX]);
    const char *frame = picture(fixture, &made.lineup, GLYPHS_BRAILLE, 48, 10);
    assert_text_lacks(frame, "scale:0.5");
    assert_text_has(frame, "512 samples");
    assert_text_has(frame, "cat gains +6.4 dB over hadamard: align. +6.9\n");
    for (int height = 1; height < 12; height++)
        for (int width = 3; width < 90; width += 20)
            picture(fixture, &made.lineup, GLYPHS_BLOCKS, width, height); /* no room, no harm */
}

static void test_nothing_to_draw(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    make(&made, &fixture->model->tensors[FIXTURE_TAILS]); /* another one than the report's */
    assert_text_lacks(picture(fixture, &made.lineup, GLYPHS_ASCII, 60, 12), "none");
    assert_text_has(picture(fixture, NULL, GLYPHS_ASCII, 60, 12), "still being read");
    const struct layer_lineup refused = {.refusal = "embeddings are looked up"};
    assert_text_has(picture(fixture, &refused, GLYPHS_ASCII, 60, 12), "embeddings are looked up");
}

/* The whole way, without anything known of the inputs; a channel that was chosen does not matter. */
static void test_in_the_session(void **state)
{
    struct fixture *fixture = *state;
    fixture_press(fixture, ". 6");
    assert_int_equal(fixture->session->asked.channel, REQUEST_ALL_CHANNELS);
    assert_text_has(fixture_frame(fixture), "Layer SQNR");
    assert_text_has(fixture_frame(fixture), "hadamard");
    assert_text_has(fixture_frame(fixture), "isotropic input assumed");
    fixture_select(fixture, FIXTURE_NORM);
    assert_text_has(fixture_frame(fixture), "one dimension");
    fixture_select(fixture, FIXTURE_TAILS);
    fixture->cells = (cells_free(fixture->cells), cells_new(120, 36));
    fixture_settle(fixture);
    assert_text_has(fixture_frame(fixture), "1 NaN or infinite weights count as 0");
}

/* The session asks with the layers of the way that tensors are looked at. */
static void test_layers_of_the_session(void **state)
{
    struct fixture *fixture = *state;
    struct session *session = fixture->session;
    struct layers *layers = layers_new(fixture->model, NULL, NULL);
    session->layers = layers;
    fixture_press(fixture, "6");
    assert_ptr_equal(session->asked.layers, layers_index(layers, (struct tensor_view){.axis = 0}));
    assert_text_has(fixture_frame(fixture), "isotropic input assumed");
    fixture_press(fixture, "T");
    assert_ptr_equal(session->asked.layers, layers_index(layers, (struct tensor_view){.axis = 1}));
    assert_int_equal(session->report->lineup->columns, 6);
    fixture_press(fixture, "1");
    engine_free(fixture->engine); /* which they outlive */
    fixture->engine = engine_new(1, NULL);
    session->engine = fixture->engine;
    layers_free(layers);
    session->layers = NULL;
}

/* The facts' explanations have the figures of the transform at hand. */
static void test_glossary(void **state)
{
    struct fixture *fixture = *state;
    struct made made;
    make(&made, &fixture->model->tensors[FIXTURE_MATRIX]);
    struct report report = *session_report(fixture->session);
    static const char *const keys[] = {"concentration_db", "alignment_db", "max_alignment_db",
                                       "approx_sqnr_db", "measured_sqnr_db"};
    const double values[] = {-0.3, -21.8, -14, 33.7 - 22.1, 34 - 22.1};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct glossary_entry *entry = glossary_find(keys[i]);
        assert_non_null(entry);
        report.lineup = NULL;
        assert_true(isnan(entry->value(&report)));
        report.lineup = &made.lineup;
        assert_float_equal(entry->value(&report), values[i], 1e-9);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_all_is_said, setup, teardown),
        cmocka_unit_test_setup_teardown(test_what_is_known_of_inputs, setup, teardown),
        cmocka_unit_test_setup_teardown(test_low_panes, setup, teardown),
        cmocka_unit_test_setup_teardown(test_nothing_to_draw, setup, teardown),
        cmocka_unit_test_setup_teardown(test_in_the_session, setup, teardown),
        cmocka_unit_test_setup_teardown(test_layers_of_the_session, setup, teardown),
        cmocka_unit_test_setup_teardown(test_glossary, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
