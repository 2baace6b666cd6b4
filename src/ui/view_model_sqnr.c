/* SPDX-License-Identifier: MIT
 *
 * View 6 of a whole model: of all linear layers, what their signal-to-noise ratio is made of, role
 * by role, and what transforms change about it.
 */
#include "ui/view_model_sqnr.h"

#include <math.h>
#include <string.h>

#include "base/text.h"
#include "base/utf8.h"
#include "ui/view_model.h"

/* ---- words ---- */

/* "57 layers", "12 of 57 layers", what is known of their inputs, and what failed. */
static void describe_extent(const struct model_layers_extent *extent, struct text *out)
{
    if (extent->known < extent->layers)
        text_printf(out, "%zu of ", extent->known);
    text_printf(out, "%zu layer%s", extent->layers, extent->layers == 1 ? "" : "s");
    if (extent->sampled > 0)
        text_printf(out, "; %zu samples", extent->most_tokens);
    else if (extent->known_inputs > 0)
        text_puts(out, "; second moments");
    if (extent->isotropic > 0 && extent->known_inputs > 0)
        text_printf(out, "; %zu without left out", extent->isotropic);
    else if (extent->isotropic > 0)
        text_puts(out, "; isotropic input assumed");
    if (extent->failed > 0)
        text_printf(out, "; %zu failed: %s", extent->failed, extent->failure);
}

void sqnr_say_no_inputs(const struct sqnr_scene *scene, const char *title, struct cells *cells,
                        struct rect rect)
{
    view_say(cells, &rect, STYLE_TITLE, title);
    if (scene->layers->settings.inputs.bits == 0)
        view_say(cells, &rect, STYLE_DIM, "inputs are not rounded: ) gives them bits");
    else
        view_say(cells, &rect, STYLE_DIM,
                 "what rounding does to inputs takes samples of them: --activations FILE");
}

/* ---- pictures ---- */

/* In the order of enum sqnr_picture. */
static void (*const pictures[SQNR_PICTURES])(const struct sqnr_scene *scene, struct cells *cells,
                                             struct rect rect) = {
    [SQNR_WEIGHTS] = sqnr_draw_weight_strips,
    [SQNR_INPUTS] = sqnr_draw_input_strips,
    [SQNR_ALIGNMENT] = sqnr_draw_alignment_strips,
    [SQNR_PLANE] = sqnr_draw_plane,
};

/* From this width on two pictures stand side by side, with so many columns between them. */
#define TWO_WIDTH 108
#define GAP       3

/* The chosen picture, and behind it those that have anything to show: as many as there is room for.
 * Returns their number. */
static int choose_pictures(const struct sqnr_scene *scene, enum sqnr_picture first, int room,
                           enum sqnr_picture chosen[SQNR_PICTURES])
{
    const bool inputs = scene->layers->settings.inputs.bits > 0 && scene->extent.sampled > 0;
    int count = 0;
    for (int i = 0; i < SQNR_PICTURES && count < room; i++) {
        const enum sqnr_picture picture = (enum sqnr_picture)(((int)first + i) % SQNR_PICTURES);
        if (i == 0 || inputs || (picture != SQNR_INPUTS && picture != SQNR_PLANE))
            chosen[count++] = picture;
    }
    return count;
}

static void draw_pictures(const struct sqnr_scene *scene, enum sqnr_picture first,
                          struct cells *cells, struct rect rect)
{
    enum sqnr_picture chosen[SQNR_PICTURES];
    const int columns = rect.width >= TWO_WIDTH ? 2 : 1;
    const int room = rect.height > 2 * sqnr_strips_height(scene) ? 2 * columns : columns;
    const int count = choose_pictures(scene, first, room, chosen);
    const int rows = (count + columns - 1) / columns;
    const int width = (rect.width - (columns - 1) * GAP) / columns;
    const int height = (rect.height - (rows - 1)) / rows;
    for (int i = 0; i < count; i++) {
        const struct rect place = {rect.x + i % columns * (width + GAP),
                                   rect.y + i / columns * (height + 1), width, height};
        pictures[chosen[i]](scene, cells, place);
    }
}

static bool is_empty(const struct view_model *model, struct cells *cells, struct rect *rect)
{
    if (!model->layers)
        view_say(cells, rect, STYLE_DIM, "nothing surveys the layers here");
    else if (model->layers->settings.transforms == 0)
        view_say(cells, rect, STYLE_DIM, "nothing is known of the layers yet");
    else if (model_layers_extent(model->layers).layers == 0)
        view_say(cells, rect, STYLE_DIM, "the model has no linear layers");
    else
        return false;
    return true;
}

void view_model_sqnr(const struct view_model *model, const struct view_options *options,
                     struct cells *cells, struct rect rect)
{
    if (is_empty(model, cells, &rect))
        return;
    const struct sqnr_scene scene = {model->layers, model_layers_extent(model->layers),
                                     model->tensor, options->glyphs};
    struct text text = {0};
    describe_extent(&scene.extent, &text);
    view_say(cells, &rect, scene.extent.failed > 0 ? STYLE_WARN : STYLE_DIM, text.data);
    text_done(&text);
    draw_pictures(&scene, options->sqnr_picture, cells, rect);
}

/* ---- the table of transforms ---- */

/* Columns of the transforms' names. */
#define NAME_WIDTH 12

static const struct {
    const char *title;
    enum layer_figure figure;
    bool gain;
    int width, least; /* least: of the pane, for the column to be shown */
} table[] = {
    {"C(W)", LAYER_FIGURE_WEIGHT_CONCENTRATION, false, 7, 0},
    {"C(x)", LAYER_FIGURE_INPUT_CONCENTRATION, false, 7, 0},
    {"align.", LAYER_FIGURE_ALIGNMENT, false, 8, 0},
    {"max", LAYER_FIGURE_MAX_ALIGNMENT, false, 8, 58},
    {"weights", LAYER_FIGURE_WEIGHTS_ONLY, false, 9, 76},
    {"inputs", LAYER_FIGURE_INPUTS_ONLY, false, 8, 76},
    {"SQNR", LAYER_FIGURE_MEASURED, false, 7, 0},
    {"gain", LAYER_FIGURE_MEASURED, true, 7, 48},
};

static void draw_value(struct cells *cells, int end, int y, enum style style, double value,
                       bool gain)
{
    struct text text = {0};
    if (isnan(value))
        text_puts(&text, "-");
    else
        text_printf(&text, gain ? "%+.1f" : "%.1f", fabs(value) < 0.05 ? 0 : value); /* no -0.0 */
    cells_text(cells, end - (int)text.length, y, (int)text.length, style, text.data);
    text_done(&text);
}

/* Without samples nobody knows what rounding does to inputs, and weights are rounded alone. */
static bool is_joint(const struct model_layers *layers)
{
    return layers->settings.inputs.bits == 0 || model_layers_extent(layers).sampled > 0;
}

static enum layer_figure figure_shown(enum layer_figure figure, bool joint)
{
    return figure == LAYER_FIGURE_MEASURED && !joint ? LAYER_FIGURE_WEIGHTS_ONLY : figure;
}

static void draw_row(const struct model_layers *layers, size_t transform, bool joint,
                     struct cells *cells, struct rect line, bool ascii)
{
    struct text name = {0};
    const struct text *whole = &layers->name[transform];
    const enum style style = transform == layers->compared ? STYLE_TITLE : STYLE_VALUE;
    utf8_cut_middle(&name, whole->data, whole->length, NAME_WIDTH - 1, ascii);
    int x = line.x + NAME_WIDTH;
    cells_text(cells, line.x, line.y, line.width, style, name.data);
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (line.width < table[i].least)
            continue;
        x += table[i].width;
        const enum layer_figure figure = figure_shown(table[i].figure, joint);
        if (x <= line.x + line.width)
            draw_value(cells, x, line.y, style,
                       table[i].gain ? model_layers_gain(layers, figure, transform)
                                     : model_layers_median(layers, figure, transform),
                       table[i].gain);
    }
    text_done(&name);
}

void view_model_sqnr_table(const struct view_model *model, const struct view_options *options,
                           struct cells *cells, struct rect rect)
{
    if (rect.height < 1 || !model->layers)
        return;
    int x = rect.x + NAME_WIDTH;
    cells_text(cells, rect.x, rect.y, rect.width, STYLE_DIM, "medians, dB");
    for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
        if (rect.width < table[i].least)
            continue;
        x += table[i].width;
        const int width = (int)strlen(table[i].title);
        if (x <= rect.x + rect.width)
            cells_text(cells, x - width, rect.y, width, STYLE_DIM, table[i].title);
    }
    const bool joint = is_joint(model->layers);
    for (size_t i = 0; i < model->layers->settings.transforms && (int)i + 1 < rect.height; i++)
        draw_row(model->layers, i, joint, cells,
                 (struct rect){rect.x, rect.y + 1 + (int)i, rect.width, 1},
                 options->glyphs == GLYPHS_ASCII);
}

int view_model_sqnr_lines(const struct model_layers *layers)
{
    return 1 + (int)(layers && layers->settings.transforms > 0 ? layers->settings.transforms
                                                               : MODEL_LAYERS_OWN);
}
