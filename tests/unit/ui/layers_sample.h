/* SPDX-License-Identifier: MIT
 *
 * Records of a few linear layers that no survey made, for the tests of what draws them.
 */
#ifndef TESTS_LAYERS_SAMPLE_H
#define TESTS_LAYERS_SAMPLE_H

#include <math.h>
#include <stdio.h>

#include "fixture.h"
#include "ui/model_layers.h"

enum {
    SAMPLE_QUERY,
    SAMPLE_DOWN,
    SAMPLE_DOWN_TOO,
    SAMPLE_OTHER,
    SAMPLE_FAILED,
    SAMPLE_NORM, /* no linear layer: it has no record */
    LAYERS_SAMPLE
};

/* Rounds inputs to 4 bits; records are as they were. */
static inline void layers_sample_ask(struct model_layers *layers, const char *own)
{
    static const struct layer_index index = {.model = NULL}; /* its address alone tells */
    const struct scheme scheme = scheme_default();
    const struct input_grid inputs = {.bits = 4};
    struct transform_spec spec;
    if (!transform_spec_parse(own, &spec, NULL))
        return;
    model_layers_ask(layers, &index, &scheme, &inputs, &spec);
}

/* Behind transform t all but the concentration of the weights is 3 t higher. */
static inline struct layer_record layers_sample_record(enum layer_role role, double base)
{
    struct layer_record record = {.role = role,
                                  .columns = 256,
                                  .rows = 64,
                                  .inputs = ACTIVATION_SAMPLES,
                                  .tokens = 64,
                                  .known = 7,
                                  .aligned = 7,
                                  .tried = 7};
    for (size_t t = 0; t < MODEL_LAYERS_OWN; t++)
        record.figures[t].sqnr = (struct layer_sqnr){
            .weight_concentration = base,
            .activation_concentration = base - 5 + 3 * (double)t,
            .alignment = base - 30 + 3 * (double)t,
            .max_alignment = -8,
            .weights_only = base + 12 + 3 * (double)t,
            .activations_only = base + 10 + 3 * (double)t + (t == 2 ? 4 : 0),
            .measured = base + 8 + 3 * (double)t,
        };
    return record;
}

static inline struct model_layers *layers_sample(const char *own)
{
    static const char *const labels[LAYERS_SAMPLE] = {"q", "down.0", "down.1",
                                                      "x", "broken", "norm"};
    static const enum layer_role roles[] = {LAYER_QUERY, LAYER_DOWN, LAYER_DOWN, LAYER_ROLES};
    static const double base[] = {10, 10, 12, 14};
    struct model *model = fixture_named_model(labels, LAYERS_SAMPLE);
    struct model_layers *layers = model_layers_new(model, NULL);
    struct layer_record failed = {.role = LAYER_KEY, .columns = 256, .rows = 4, .tried = 7};
    layers_sample_ask(layers, own);
    for (size_t i = SAMPLE_QUERY; i <= SAMPLE_OTHER; i++) {
        const struct layer_record record = layers_sample_record(roles[i], base[i]);
        model_layers_learn(layers, i, &record);
    }
    snprintf(failed.failure, sizeof failed.failure, "it broke");
    model_layers_learn(layers, SAMPLE_FAILED, &failed);
    return layers;
}

static inline void layers_sample_free(struct model_layers *layers)
{
    struct model *model = (struct model *)layers->model;
    model_layers_free(layers);
    fixture_free_named_model(model);
}

#endif
