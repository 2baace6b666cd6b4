/* SPDX-License-Identifier: MIT */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "layers_sample.h"

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)

static void test_transforms(void **state)
{
    (void)state;
    struct model_layers *layers = layers_sample("none");
    assert_int_equal(layers->settings.transforms, 3);
    assert_int_equal(layers->compared, MODEL_LAYERS_CAT);
    assert_string_equal(layers->name[MODEL_LAYERS_HADAMARD].data, "hadamard");
    layers_sample_ask(layers, "hadamard");
    assert_int_equal(layers->settings.transforms, 3);
    assert_int_equal(layers->compared, MODEL_LAYERS_HADAMARD);
    layers_sample_ask(layers, "align:8");
    assert_int_equal(layers->settings.transforms, 4);
    assert_int_equal(layers->compared, MODEL_LAYERS_OWN);
    assert_string_equal(layers->name[MODEL_LAYERS_OWN].data, "align:8");
    layers_sample_ask(layers, "cat");
    assert_int_equal(layers->compared, MODEL_LAYERS_CAT);
    layers_sample_free(layers);
}

static void test_values_by_role(void **state)
{
    (void)state;
    struct model_layers *layers = layers_sample("none");
    double values[LAYERS_SAMPLE];
    const enum layer_figure figure = LAYER_FIGURE_WEIGHT_CONCENTRATION;
    assert_int_equal(model_layers_values(layers, LAYER_DOWN, figure, 0, values), 2);
    assert_near(values[0], 10);
    assert_near(values[1], 12);
    assert_int_equal(model_layers_values(layers, LAYER_ROLES, figure, 0, values), 1);
    assert_int_equal(model_layers_values(layers, LAYER_GATE, figure, 0, values), 0);
    assert_int_equal(model_layers_values(layers, MODEL_LAYERS_ALL, figure, 0, values), 4);
    assert_near(model_layers_median(layers, figure, 0), 11);
    assert_true(isnan(model_layers_median(layers, figure, MODEL_LAYERS_OWN)));
    layers_sample_free(layers);
}

/* Figures about inputs are of layers whose inputs are known, as soon as there are any. */
static void test_isotropic_is_set_apart(void **state)
{
    (void)state;
    struct model_layers *layers = layers_sample("none");
    double values[LAYERS_SAMPLE];
    struct layer_record isotropic = *layers->record[SAMPLE_OTHER];
    assert_int_equal(
        model_layers_values(layers, MODEL_LAYERS_ALL, LAYER_FIGURE_ALIGNMENT, 0, values), 4);
    isotropic.inputs = ACTIVATION_UNKNOWN;
    model_layers_learn(layers, SAMPLE_OTHER, &isotropic);
    assert_int_equal(
        model_layers_values(layers, MODEL_LAYERS_ALL, LAYER_FIGURE_ALIGNMENT, 0, values), 3);
    const struct model_layers_extent extent = model_layers_extent(layers);
    assert_int_equal(extent.layers, 5);
    assert_int_equal(extent.isotropic, 1);
    assert_int_equal(extent.known_inputs, 3);
    assert_int_equal(extent.sampled, 3);
    assert_int_equal(extent.failed, 1);
    assert_string_equal(extent.failure, "it broke");
    assert_int_equal(extent.most_tokens, 64);
    assert_near(extent.columns, 256);
    layers_sample_free(layers);
}

static void test_gain(void **state)
{
    (void)state;
    struct model_layers *layers = layers_sample("none");
    assert_near(model_layers_gain(layers, LAYER_FIGURE_MEASURED, MODEL_LAYERS_NONE), 0);
    assert_near(model_layers_gain(layers, LAYER_FIGURE_MEASURED, MODEL_LAYERS_CAT), 6);
    layers_sample_free(layers);
}

/* Alignments stay when only they are known. */
static void test_aligned_alone(void **state)
{
    (void)state;
    struct model_layers *layers = layers_sample("none");
    struct layer_record record = *layers->record[SAMPLE_QUERY];
    record.known = 0;
    model_layers_learn(layers, SAMPLE_QUERY, &record);
    assert_near(model_layers_figure(layers, SAMPLE_QUERY, LAYER_FIGURE_ALIGNMENT, 0), -20);
    assert_near(model_layers_figure(layers, SAMPLE_QUERY, LAYER_FIGURE_MAX_ALIGNMENT, 0), -8);
    assert_true(
        isnan(model_layers_figure(layers, SAMPLE_QUERY, LAYER_FIGURE_WEIGHT_CONCENTRATION, 0)));
    assert_true(isnan(model_layers_figure(layers, SAMPLE_QUERY, LAYER_FIGURE_MEASURED, 0)));
    assert_true(isnan(model_layers_figure(layers, SAMPLE_NORM, LAYER_FIGURE_ALIGNMENT, 0)));
    layers_sample_free(layers);
}

static void test_roles_have_words(void **state)
{
    (void)state;
    for (int role = 0; role <= LAYER_ROLES; role++) {
        assert_non_null(layer_role_word((enum layer_role)role));
        assert_in_range(strlen(layer_role_word((enum layer_role)role)), 1, 7);
        assert_in_range(layer_role_letter((enum layer_role)role), 'a', 'z');
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_transforms),
        cmocka_unit_test(test_values_by_role),
        cmocka_unit_test(test_isotropic_is_set_apart),
        cmocka_unit_test(test_gain),
        cmocka_unit_test(test_aligned_alone),
        cmocka_unit_test(test_roles_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
