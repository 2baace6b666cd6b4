/* SPDX-License-Identifier: MIT
 *
 * What a survey of a model's linear layers knows of one of them: the terms of its signal-to-noise
 * ratio (MATH §8) behind each of a few transforms.
 */
#ifndef ENGINE_LAYER_RECORD_H
#define ENGINE_LAYER_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/layer.h"
#include "engine/layer_index.h"
#include "linear/transform_spec.h"
#include "model/activations.h"
#include "model/layer_name.h"
#include "quant/scheme.h"

#define LAYER_RECORD_TRANSFORMS 4

/* What records depend on; transforms that are named twice are computed twice. */
struct layer_survey_settings {
    const struct layer_index *layers; /* lent for as long as whoever gets the settings lives */
    struct scheme scheme;
    struct input_grid inputs;
    size_t transforms;
    struct transform_spec transform[LAYER_RECORD_TRANSFORMS];
};

bool layer_survey_settings_equal(const struct layer_survey_settings *a,
                                 const struct layer_survey_settings *b);

/* Where a transform is among the settings', or their number if it is not. */
size_t layer_survey_settings_find(const struct layer_survey_settings *settings,
                                  const struct transform_spec *transform);

struct layer_record {
    enum layer_role role; /* LAYER_ROLES: none that its name tells */
    size_t columns, rows;
    enum activation_kind inputs; /* what is known of them; ACTIVATION_UNKNOWN: nothing */
    size_t tokens;               /* of samples */
    /* Sets of transforms, bit t for the one at t: those whose figures are there, those of whose
     * figures the alignments at least are, which no scheme changes, and those that were tried. */
    unsigned known, aligned, tried;
    struct layer_figures figures[LAYER_RECORD_TRANSFORMS];
    char failure[160]; /* why figures are missing that were tried; else empty */
};

#endif
