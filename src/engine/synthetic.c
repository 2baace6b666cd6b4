/* SPDX-License-Identifier: MIT */
#include "engine/synthetic.h"

#include <gsl/gsl_rng.h>

#include "base/mem.h"
#include "model/memory.h"

/* Draws between two looks at whether the work is still wanted. */
#define SLICE 16384

/* The names by which the inputs are found to be the weight's. */
#define WEIGHT "synthetic layer.weight"
#define INPUTS WEIGHT ".input"

static void synthetic_free(struct part *part)
{
    struct synthetic *synthetic = (struct synthetic *)part;
    if (synthetic->layers)
        layer_index_done(synthetic->layers);
    mem_free(synthetic->layers);
    activations_free(synthetic->activations);
    model_free(synthetic->model);
    mem_free(synthetic);
}

static struct synthetic *synthetic_new(struct model *model_stolen)
{
    struct synthetic *synthetic = mem_zero(1, sizeof *synthetic);
    synthetic->model = model_stolen;
    part_init(&synthetic->part, (size_t)model_stolen->bytes, synthetic_free);
    return synthetic;
}

static gsl_rng *generator_new(unsigned long seed)
{
    gsl_rng *rng = gsl_rng_alloc(gsl_rng_mt19937);
    if (!rng)
        mem_panic("out of memory");
    gsl_rng_set(rng, seed);
    return rng;
}

static bool draw_all(const struct source *law, uint64_t n, gsl_rng *rng, float values[],
                     struct watch *watch, struct error *error)
{
    struct source unit = *law;
    unit.mean = 0;
    unit.std = 1;
    for (uint64_t i = 0; i < n; i++) {
        values[i] = (float)unit.type->draw(&unit, rng);
        if (i % SLICE != 0)
            continue;
        atomic_store(&watch->done, i);
        if (atomic_load(&watch->cancel))
            return error_set(error, ERROR_CANCELLED, "cancelled");
    }
    return true;
}

const struct synthetic *synthetic_draw(const struct source *law, uint64_t n, unsigned long seed,
                                       struct watch *watch, struct error *error)
{
    float *values;
    struct model *model = memory_model("synthetic sample", 1, &n, &values, error);
    if (!model)
        return NULL;
    gsl_rng *rng = generator_new(seed);
    watch_begin(watch, "drawing", n);
    const bool drawn = draw_all(law, n, rng, values, watch, error);
    gsl_rng_free(rng);
    if (drawn)
        return synthetic_new(model);
    model_free(model);
    return NULL;
}

/* Ties the inputs to the weight as those of a file would be. */
static bool index_layer(struct synthetic *synthetic, struct model *inputs_stolen,
                        struct error *error)
{
    synthetic->part.bytes += (size_t)inputs_stolen->bytes;
    synthetic->activations = activations_of(inputs_stolen, ACTIVATION_UNKNOWN, error);
    if (!synthetic->activations)
        return false;
    synthetic->layers = mem_alloc(1, sizeof *synthetic->layers);
    layer_index_make(synthetic->layers, synthetic->model, (struct tensor_view){0},
                     synthetic->activations, NULL);
    return true;
}

const struct synthetic *synthetic_draw_layer(const struct source *law,
                                             const struct synthetic_layer *layer,
                                             unsigned long seed, struct watch *watch,
                                             struct error *error)
{
    const uint64_t weight_dims[] = {layer->rows, layer->columns};
    const uint64_t input_dims[] = {layer->tokens, layer->columns};
    float *weight, *x;
    struct model *model = memory_model(WEIGHT, 2, weight_dims, &weight, error);
    if (!model)
        return NULL;
    struct synthetic *synthetic = synthetic_new(model);
    struct model *inputs = memory_model(INPUTS, 2, input_dims, &x, error);
    if (inputs) {
        gsl_rng *rng = generator_new(seed);
        const bool drawn = synthetic_layer_draw(layer, law, rng, weight, x, watch, error);
        gsl_rng_free(rng);
        if (drawn && index_layer(synthetic, inputs, error))
            return synthetic;
        if (!drawn)
            model_free(inputs);
    }
    part_unref(&synthetic->part);
    return NULL;
}
