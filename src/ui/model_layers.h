/* SPDX-License-Identifier: MIT
 *
 * What is known of all linear layers of a model behind a few transforms: the records of their
 * survey, and the figures that pictures of them take.
 */
#ifndef UI_MODEL_LAYERS_H
#define UI_MODEL_LAYERS_H

#include <stdbool.h>
#include <stddef.h>

#include "engine/layer_survey.h"
#include "model/model.h"

/* The transforms that are always compared; behind them the user's own, if it is another one. */
enum { MODEL_LAYERS_NONE, MODEL_LAYERS_HADAMARD, MODEL_LAYERS_CAT, MODEL_LAYERS_OWN };

struct model_layers {
    const struct model *model;
    struct layer_survey *survey;           /* lent; NULL: records come from elsewhere */
    struct layer_survey_settings settings; /* that were asked for; all zero before */
    struct text name[LAYER_RECORD_TRANSFORMS];
    size_t compared;              /* the transform that pictures set against none */
    struct layer_record **record; /* by tensor; NULL for what is no linear layer */
    bool inputs_known; /* of any layer: the others, of isotropic input, are then no match for it */
};

struct model_layers *model_layers_new(const struct model *model, struct layer_survey *survey);
void model_layers_free(struct model_layers *layers);

/* Asks for records of these layers, unless that was asked for last. */
void model_layers_ask(struct model_layers *layers, const struct layer_index *index,
                      const struct scheme *scheme, const struct input_grid *inputs,
                      const struct transform_spec *own);

/* Takes the survey's news; true if there were any. */
bool model_layers_take(struct model_layers *layers);

/* Takes a record, wherever it comes from. */
void model_layers_learn(struct model_layers *layers, size_t tensor,
                        const struct layer_record *record);

/* ---- figures, all in dB (linear/layer_sqnr.h) ---- */

enum layer_figure {
    LAYER_FIGURE_WEIGHT_CONCENTRATION,
    LAYER_FIGURE_INPUT_CONCENTRATION,
    LAYER_FIGURE_ALIGNMENT,
    LAYER_FIGURE_MAX_ALIGNMENT,
    LAYER_FIGURE_WEIGHTS_ONLY,
    LAYER_FIGURE_INPUTS_ONLY,
    LAYER_FIGURE_MEASURED,
    LAYER_FIGURES
};

/* NaN where it is not known or not defined, for layers without a record, and for what isotropic
 * input would be assumed for while inputs of other layers are known. */
double model_layers_figure(const struct model_layers *layers, size_t tensor,
                           enum layer_figure figure, size_t transform);

/* Every role, for the calls below. */
#define MODEL_LAYERS_ALL (-1)

/* What layers of a role (LAYER_ROLES: of none) have, ascending, into out with room for the model's
 * tensors; returns how many there are. */
size_t model_layers_values(const struct model_layers *layers, int role, enum layer_figure figure,
                           size_t transform, double out[]);

/* The median over layers of a figure, and of how much it is higher than without a transform; NaN if
 * there are none. */
double model_layers_median(const struct model_layers *layers, enum layer_figure figure,
                           size_t transform);
double model_layers_gain(const struct model_layers *layers, enum layer_figure figure,
                         size_t transform);

/* What there is to say in words. */
struct model_layers_extent {
    size_t layers, known, failed; /* known: with figures of all transforms, or as many as can be */
    size_t sampled, known_inputs, isotropic; /* of those with figures */
    size_t most_tokens;                      /* samples of an input */
    double columns;                          /* the median of d */
    const char *failure;                     /* of the first that failed, or NULL */
};
struct model_layers_extent model_layers_extent(const struct model_layers *layers);

/* "q", "gate", "other": as people say it, of at most 7 columns; and one letter of it. */
const char *layer_role_word(enum layer_role role);
char layer_role_letter(enum layer_role role);

#endif
