/* SPDX-License-Identifier: MIT */
#include "ui/model_layers.h"

#include <math.h>

#include "base/mem.h"
#include "stats/quantile.h"

/* Their names parse, or the tests fail. */
static const char *const always[] = {
    [MODEL_LAYERS_NONE] = "none", [MODEL_LAYERS_HADAMARD] = "hadamard", [MODEL_LAYERS_CAT] = "cat"};

struct model_layers *model_layers_new(const struct model *model, struct layer_survey *survey)
{
    struct model_layers *layers = mem_zero(1, sizeof *layers);
    layers->model = model;
    layers->survey = survey;
    layers->record = mem_zero(model->count, sizeof *layers->record);
    return layers;
}

static void forget(struct model_layers *layers)
{
    for (size_t i = 0; i < layers->model->count; i++) {
        mem_free(layers->record[i]);
        layers->record[i] = NULL;
    }
    layers->inputs_known = false;
}

void model_layers_free(struct model_layers *layers)
{
    if (!layers)
        return;
    forget(layers);
    for (size_t i = 0; i < LAYER_RECORD_TRANSFORMS; i++)
        text_done(&layers->name[i]);
    mem_free(layers->record);
    mem_free(layers);
}

/* The transforms to compare; returns the one that is set against none. */
static size_t choose_transforms(struct layer_survey_settings *settings,
                                const struct transform_spec *own)
{
    for (size_t i = 0; i < MODEL_LAYERS_OWN; i++)
        transform_spec_parse(always[i], &settings->transform[i], NULL);
    settings->transforms = MODEL_LAYERS_OWN;
    const size_t chosen = layer_survey_settings_find(settings, own);
    if (chosen == settings->transforms)
        settings->transform[settings->transforms++] = *own;
    return chosen == MODEL_LAYERS_NONE ? MODEL_LAYERS_CAT : chosen;
}

static void name_transforms(struct model_layers *layers)
{
    for (size_t i = 0; i < layers->settings.transforms; i++) {
        text_clear(&layers->name[i]);
        if (i < MODEL_LAYERS_OWN)
            text_puts(&layers->name[i], always[i]);
        else
            transform_spec_print(&layers->settings.transform[i], &layers->name[i]);
    }
}

void model_layers_ask(struct model_layers *layers, const struct layer_index *index,
                      const struct scheme *scheme, const struct input_grid *inputs,
                      const struct transform_spec *own)
{
    struct layer_survey_settings wanted = {.layers = index, .scheme = *scheme, .inputs = *inputs};
    layers->compared = choose_transforms(&wanted, own);
    if (layer_survey_settings_equal(&wanted, &layers->settings))
        return;
    if (layers->settings.layers != index)
        forget(layers);
    layers->settings = wanted;
    name_transforms(layers);
    if (layers->survey)
        layer_survey_ask(layers->survey, &wanted);
}

bool model_layers_take(struct model_layers *layers)
{
    size_t tensor;
    struct layer_record record;
    bool any = false;
    while (layers->survey && layer_survey_take(layers->survey, &tensor, &record)) {
        model_layers_learn(layers, tensor, &record);
        any = true;
    }
    return any;
}

void model_layers_learn(struct model_layers *layers, size_t tensor,
                        const struct layer_record *record)
{
    if (!layers->record[tensor])
        layers->record[tensor] = mem_alloc(1, sizeof *record);
    *layers->record[tensor] = *record;
    layers->inputs_known |= record->known && record->inputs != ACTIVATION_UNKNOWN;
}

/* ---- figures ---- */

static double figure_of(const struct layer_record *record, enum layer_figure figure,
                        size_t transform)
{
    const struct layer_sqnr *sqnr = &record->figures[transform].sqnr;
    const bool known = record->known >> transform & 1;
    const bool aligned = record->aligned >> transform & 1;
    switch (figure) {
    case LAYER_FIGURE_WEIGHT_CONCENTRATION:
        return known ? sqnr->weight_concentration : (double)NAN;
    case LAYER_FIGURE_INPUT_CONCENTRATION:
        return known ? sqnr->activation_concentration : (double)NAN;
    case LAYER_FIGURE_ALIGNMENT:
        return aligned ? sqnr->alignment : (double)NAN;
    case LAYER_FIGURE_MAX_ALIGNMENT:
        return aligned ? sqnr->max_alignment : (double)NAN;
    case LAYER_FIGURE_WEIGHTS_ONLY:
        return known ? sqnr->weights_only : (double)NAN;
    case LAYER_FIGURE_INPUTS_ONLY:
        return known ? sqnr->activations_only : (double)NAN;
    case LAYER_FIGURE_MEASURED:
        return known ? sqnr->measured : (double)NAN;
    case LAYER_FIGURES:
        break;
    }
    return NAN;
}

double model_layers_figure(const struct model_layers *layers, size_t tensor,
                           enum layer_figure figure, size_t transform)
{
    const struct layer_record *record = layers->record[tensor];
    const bool about_inputs = figure != LAYER_FIGURE_WEIGHT_CONCENTRATION;
    if (!record || (about_inputs && layers->inputs_known && record->inputs == ACTIVATION_UNKNOWN))
        return NAN;
    return figure_of(record, figure, transform);
}

size_t model_layers_values(const struct model_layers *layers, int role, enum layer_figure figure,
                           size_t transform, double out[])
{
    size_t n = 0;
    for (size_t i = 0; i < layers->model->count; i++) {
        const struct layer_record *record = layers->record[i];
        if (!record || (role != MODEL_LAYERS_ALL && (int)record->role != role))
            continue;
        const double value = model_layers_figure(layers, i, figure, transform);
        if (!isnan(value))
            out[n++] = value;
    }
    quantile_sort(out, n);
    return n;
}

static double median_of(double values[], size_t n)
{
    return n > 0 ? quantile_percentile(values, n, 50) : (double)NAN;
}

double model_layers_median(const struct model_layers *layers, enum layer_figure figure,
                           size_t transform)
{
    double *values = mem_alloc(layers->model->count, sizeof *values);
    const size_t n = model_layers_values(layers, MODEL_LAYERS_ALL, figure, transform, values);
    const double median = median_of(values, n);
    mem_free(values);
    return median;
}

double model_layers_gain(const struct model_layers *layers, enum layer_figure figure,
                         size_t transform)
{
    double *values = mem_alloc(layers->model->count, sizeof *values);
    size_t n = 0;
    for (size_t i = 0; i < layers->model->count; i++) {
        const double gain = model_layers_figure(layers, i, figure, transform) -
                            model_layers_figure(layers, i, figure, MODEL_LAYERS_NONE);
        if (!isnan(gain))
            values[n++] = gain;
    }
    const double median = median_of(values, n);
    mem_free(values);
    return median;
}

static void add_layer(struct model_layers_extent *extent, const struct layer_record *record,
                      unsigned all)
{
    extent->layers++;
    extent->known += record->tried == all;
    if (record->failure[0] != '\0') {
        extent->failed++;
        extent->failure = extent->failure ? extent->failure : record->failure;
    }
    if (!record->known)
        return;
    extent->sampled += record->inputs == ACTIVATION_SAMPLES;
    extent->known_inputs += record->inputs != ACTIVATION_UNKNOWN;
    extent->isotropic += record->inputs == ACTIVATION_UNKNOWN;
    extent->most_tokens =
        record->tokens > extent->most_tokens ? record->tokens : extent->most_tokens;
}

struct model_layers_extent model_layers_extent(const struct model_layers *layers)
{
    struct model_layers_extent extent = {.layers = 0};
    double *columns = mem_alloc(layers->model->count, sizeof *columns);
    for (size_t i = 0; i < layers->model->count; i++) {
        const struct layer_record *record = layers->record[i];
        if (!record)
            continue;
        columns[extent.layers] = (double)record->columns;
        add_layer(&extent, record, (1u << layers->settings.transforms) - 1);
    }
    extent.columns = median_of(columns, extent.layers);
    mem_free(columns);
    return extent;
}

/* ---- roles ---- */

static const struct {
    const char *word;
    char letter;
} roles[LAYER_ROLES + 1] = {
    [LAYER_QUERY] = {"q", 'q'},
    [LAYER_KEY] = {"k", 'k'},
    [LAYER_VALUE] = {"v", 'v'},
    [LAYER_QUERY_KEY_VALUE] = {"qkv", 'a'},
    [LAYER_QUERY_DOWN] = {"q_a", 'q'},
    [LAYER_KEY_VALUE_DOWN] = {"kv_a", 'k'},
    [LAYER_QUERY_UP] = {"q_b", 'q'},
    [LAYER_KEY_VALUE_UP] = {"kv_b", 'k'},
    [LAYER_ATTENTION_OUTPUT] = {"o", 'o'},
    [LAYER_GATE] = {"gate", 'g'},
    [LAYER_UP] = {"up", 'u'},
    [LAYER_GATE_UP] = {"gate_up", 'g'},
    [LAYER_DOWN] = {"down", 'd'},
    [LAYER_ROUTER] = {"router", 'r'},
    [LAYER_EMBEDDINGS] = {"embd", 'e'},
    [LAYER_HEAD] = {"head", 'h'},
    [LAYER_ROLES] = {"other", 'x'},
};

const char *layer_role_word(enum layer_role role)
{
    return roles[role].word;
}

char layer_role_letter(enum layer_role role)
{
    return roles[role].letter;
}
