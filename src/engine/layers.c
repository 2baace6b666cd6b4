/* SPDX-License-Identifier: MIT */
#include "engine/layers.h"

#include "base/mem.h"

#define AXES 2

struct layers {
    const struct model *model;
    const struct activations *activations;
    const struct layer_rules *rules;
    struct layer_index *index[AXES][2]; /* by axis, and whether scaled; NULL: not asked for yet */
};

struct layers *layers_new(const struct model *model, const struct activations *activations,
                          const struct layer_rules *rules)
{
    struct layers *layers = mem_zero(1, sizeof *layers);
    layers->model = model;
    layers->activations = activations;
    layers->rules = rules;
    return layers;
}

void layers_free(struct layers *layers)
{
    if (!layers)
        return;
    for (size_t i = 0; i < 2 * AXES; i++) {
        struct layer_index *index = layers->index[i / 2][i % 2];
        if (index)
            layer_index_done(index);
        mem_free(index);
    }
    mem_free(layers);
}

const struct activations *layers_activations(const struct layers *layers)
{
    return layers->activations;
}

const struct layer_index *layers_index(struct layers *layers, struct tensor_view view)
{
    struct layer_index **index = &layers->index[view.axis % AXES][view.scaled];
    if (!*index) {
        *index = mem_alloc(1, sizeof **index);
        layer_index_make(*index, layers->model, view, layers->activations, layers->rules);
    }
    return *index;
}
