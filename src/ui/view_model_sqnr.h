/* SPDX-License-Identifier: MIT
 *
 * The pictures of view 6 of a whole model; private to ui/view_model_*.c.
 */
#ifndef UI_VIEW_MODEL_SQNR_H
#define UI_VIEW_MODEL_SQNR_H

#include "plot/cells.h"
#include "ui/model_layers.h"
#include "ui/view.h"

/* What all of them draw from. */
struct sqnr_scene {
    const struct model_layers *layers;
    struct model_layers_extent extent;
    size_t tensor; /* the one to mark; of no meaning beyond the last */
    enum glyphs glyphs;
};

/* The spread of a figure by role, without a transform and with the one compared; the concentrations
 * beside those of densities of the same d, the alignments beside what could be reached. */
void sqnr_draw_weight_strips(const struct sqnr_scene *scene, struct cells *cells, struct rect rect);
void sqnr_draw_input_strips(const struct sqnr_scene *scene, struct cells *cells, struct rect rect);
void sqnr_draw_alignment_strips(const struct sqnr_scene *scene, struct cells *cells,
                                struct rect rect);

/* What rounding the inputs alone leaves of the signal over what rounding the weights alone does. */
void sqnr_draw_plane(const struct sqnr_scene *scene, struct cells *cells, struct rect rect);

/* Says why nothing is known of rounded inputs, below a picture's title. */
void sqnr_say_no_inputs(const struct sqnr_scene *scene, const char *title, struct cells *cells,
                        struct rect rect);

/* Lines that the strips of all roles take on one line each. */
int sqnr_strips_height(const struct sqnr_scene *scene);

#endif
